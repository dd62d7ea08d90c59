import type { Files } from '../../../core/host';
import { parentFolder, resolvePath } from '../../../core/paths';
import { failure, type Outcome, outcomeOf, type Problem } from '../../../core/problem';
import { LineIndex } from '../../../core/text';
import type { ManifestDocument } from '../../../inputs/manifest/document';
import { apiOf } from '../../../inputs/manifest/schema';
import type { ApiDocument, ApiPlace } from './api-format';
import { apiFormatOf } from './index';

/** A description that cannot be used. */
interface UnusableApi {
  readonly problem: Problem;
  /** The line at fault; undefined where it is not known or the file cannot be read. */
  readonly place: ApiPlace | undefined;
}

/** By the absolute path of the description. */
export type ApiReadings = ReadonlyMap<string, ApiDocument | UnusableApi>;

export function isUsable(reading: ApiDocument | UnusableApi | undefined): reading is ApiDocument {
  return reading !== undefined && 'kind' in reading;
}

/**
 * Reads every description that the releases of a manifest name, each file once. While the texts of a description are the same
 * it is the same object, so that comparisons of it need not be made again.
 */
export async function readApis({ manifest, path }: Pick<ManifestDocument, 'manifest' | 'path'>, files: Files): Promise<ApiReadings> {
  const readings = new Map<string, ApiDocument | UnusableApi>();
  for (const release of manifest?.releases ?? []) {
    for (const api of Object.values(release.apis)) {
      const file = resolvePath(parentFolder(path), apiOf(api).file);
      if (!readings.has(file)) readings.set(file, await readDescription(file, files));
    }
  }
  return readings;
}

/** Every file that the descriptions are made of, and those that are not there. */
export function filesOfApis(readings: ApiReadings): { readonly owned: readonly string[]; readonly missing: readonly string[] } {
  const owned = new Set<string>();
  const missing = new Set<string>();
  for (const [file, reading] of readings) {
    if (isUsable(reading)) for (const source of reading.sources.keys()) owned.add(source);
    else {
      const { code, file: culprit = file } = reading.problem;
      if (code === 'file-not-found') missing.add(culprit);
      if (code !== 'file-not-found' || culprit !== file) owned.add(file);
      if (reading.place) owned.add(reading.place.file);
    }
  }
  return { owned: [...owned], missing: [...missing] };
}

/** The latest readings by path: what makes unchanged descriptions keep their identity. */
const latest = new Map<string, ApiDocument>();
const latestLimit = 500;

async function readDescription(file: string, files: Files): Promise<ApiDocument | UnusableApi> {
  const before = latest.get(file);
  if (before && (await isUnchanged(before, files))) return before;
  const reading = await readAnew(file, files);
  if (!reading.ok) return { problem: reading.problem, place: await placeOf(reading.problem, files) };
  latest.delete(file);
  latest.set(file, reading.value);
  for (const oldest of latest.keys()) {
    if (latest.size <= latestLimit) break;
    latest.delete(oldest);
  }
  return reading.value;
}

async function isUnchanged(document: ApiDocument, files: Files): Promise<boolean> {
  for (const [source, text] of document.sources) {
    const now = await outcomeOf(() => files.readText(source));
    if (!now.ok || now.value !== text) return false;
  }
  return true;
}

async function readAnew(file: string, files: Files): Promise<Outcome<ApiDocument>> {
  const text = await outcomeOf(() => files.readText(file));
  if (!text.ok) return text;
  const format = apiFormatOf(file, text.value);
  if (format) return format.read(file, files);
  return failure({
    code: 'api-invalid',
    message: `${file} is not an API description in a supported format: OpenAPI, JSON Schema, GraphQL or Protocol Buffers.`,
    remedy: 'Use a description in one of these formats, with the key or extension that identifies it: openapi, $schema, .graphql, .proto.',
    file,
  });
}

async function placeOf({ file, line }: Problem, files: Files): Promise<ApiPlace | undefined> {
  if (file === undefined || line === undefined) return undefined;
  const text = await outcomeOf(() => files.readText(file));
  if (!text.ok) return undefined;
  const lines = new LineIndex(text.value);
  const start = lines.offsetAt({ line: line - 1, character: 0 });
  const end = lines.offsetAt({ line, character: 0 });
  const content = text.value.slice(start, end);
  return { file, range: { start: start + content.length - content.trimStart().length, end: start + content.trimEnd().length } };
}
