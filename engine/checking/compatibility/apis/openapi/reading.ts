import type { Files } from '../../../../core/host';
import { type Outcome, outcomeOf, ProblemError } from '../../../../core/problem';
import { LineIndex } from '../../../../core/text';
import type { ApiDocument } from '../api-format';
import { pointerTo, type SourceMap, sourceMap } from '../source-map';
import { Description, isObject, referenceOf } from './description';

const describedAt = /(^|[^a-z])openapi[^/]*\.(ya?ml|json)$/i;
/** The version at the top of YAML, or anywhere in JSON: some write the keys in the order of the alphabet. */
const yamlVersion = /^(openapi\s*:\s*["']?3|swagger\s*:\s*["']?2)\./m;
const jsonVersion = /"(openapi"\s*:\s*"3|swagger"\s*:\s*"2)\./;

/** True for OpenAPI, and for its forerunner Swagger, so that reading it can say what to do. */
export function isOpenApi(file: string, text: string): boolean {
  if (!/\.(ya?ml|json)$/i.test(file)) return false;
  if (describedAt.test(file.slice(file.lastIndexOf('/') + 1)) || yamlVersion.test(text)) return true;
  return /^\s*\{/.test(text) && jsonVersion.test(text);
}

/** Values that hold data and not parts of the description: a `$ref` in them is somebody's data. */
const data = new Set(['example', 'default', 'enum', 'const']);

/** Reads a description and the files that it refers to, one after the other, each once. Addresses in a network are not followed. */
export function readOpenApi(file: string, files: Files): Promise<Outcome<ApiDocument>> {
  return outcomeOf(async () => {
    const sources = new Map<string, string>();
    const maps = new Map<string, SourceMap>();
    const known = new Set([file]);
    let waiting: FileReference[] = [{ target: file }];
    while (waiting.length > 0) {
      const batch = waiting.slice(0, filesAtOnce);
      waiting = waiting.slice(filesAtOnce);
      const texts = await Promise.all(batch.map((reference) => textOf(reference, files)));
      for (const [index, { target }] of batch.entries()) {
        const text = texts[index] ?? '';
        const map = sourceMap(target, text);
        if (!map.ok) throw new ProblemError(map.problem);
        sources.set(target, text);
        maps.set(target, map.value);
        for (const reference of otherFiles(map.value)) {
          if (known.has(reference.target)) continue;
          known.add(reference.target);
          waiting.push(reference);
        }
      }
    }
    const document: ApiDocument = { kind: 'openapi', file, sources };
    const description = Description.of(document, maps);
    if (!description.ok) throw new ProblemError(description.problem);
    return document;
  });
}

const filesAtOnce = 32;

/** A file that is referred to, and by which `$ref`; without one for the description itself. */
interface FileReference {
  readonly target: string;
  readonly from?: { readonly map: SourceMap; readonly pointer: string };
}

async function textOf({ target, from }: FileReference, files: Files): Promise<string> {
  try {
    return await files.readText(target);
  } catch (error) {
    const isMissing = error instanceof ProblemError && error.problem.code === 'file-not-found';
    throw isMissing && from ? new ProblemError(missing(from.map, from.pointer, target)) : error;
  }
}

function otherFiles(map: SourceMap): FileReference[] {
  const found = new Map<string, string>();
  const seen = new Set<object>();
  const waiting: { readonly value: unknown; readonly pointer: string }[] = [{ value: map.value, pointer: '' }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { value, pointer } = next;
    if (typeof value !== 'object' || value === null || seen.has(value)) continue;
    seen.add(value);
    const reference = isObject(value) ? value.$ref : undefined;
    if (typeof reference === 'string' && !reference.startsWith('#')) {
      const { file } = referenceOf(map.file, reference);
      if (file !== undefined && file !== map.file && !found.has(file)) found.set(file, pointerTo(pointer, '$ref'));
    }
    const inNames = /(^|\/)(properties|schemas|parameters|patternProperties|responses)$/.test(pointer);
    for (const [key, inside] of Object.entries(value).reverse()) {
      if (typeof inside !== 'object' || (!inNames && data.has(key))) continue;
      waiting.push({ value: inside, pointer: pointerTo(pointer, key) });
    }
  }
  return [...found].map(([target, pointer]) => ({ target, from: { map, pointer } }));
}

function missing(map: SourceMap, pointer: string, target: string) {
  const { start } = map.rangesOf(pointer)?.value ?? { start: 0 };
  return {
    code: 'api-invalid' as const,
    message: `${map.file} refers to ${target}, but there is no such file.`,
    remedy: 'Add the file or correct the $ref.',
    file: map.file,
    line: new LineIndex(map.text).positionAt(start).line + 1,
  };
}
