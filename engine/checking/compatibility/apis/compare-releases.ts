import { parentFolder, resolvePath } from '../../../core/paths';
import type { Outcome, Problem } from '../../../core/problem';
import { sentences } from '../../../core/wording';
import type { ManifestDocument } from '../../../inputs/manifest/document';
import { apiOf, type Manifest, type SchemaMode } from '../../../inputs/manifest/schema';
import { releaseGraph } from '../../../inputs/releases/graph';
import type { ApiChange, ApiDocument, ApiKind, ApiPlace, ComparisonOptions } from './api-format';
import { apiFormatOfKind } from './index';
import { type ApiReadings, isUsable } from './read-apis';
import { removalOf } from './removed-api';
import { remembered } from '../../../core/remember';

/** The description of an API in one release. */
export interface ApiVersion {
  readonly release: string;
  /** Place of the release in `manifest.releases`. */
  readonly index: number;
  /** Absolute path of the description; undefined where the release does not have the API. */
  readonly file: string | undefined;
}

/**
 * How the description of an API in one release differs from that in an earlier one, or a description that cannot be used:
 * then `older` is undefined and `problem` says why.
 */
export interface ApiComparison {
  /** The name in the manifest. */
  readonly api: string;
  readonly kind: ApiKind | undefined;
  readonly older: ApiVersion | undefined;
  readonly newer: ApiVersion;
  /** What the older release promised of the API. */
  readonly stability: 'alpha' | 'beta' | 'stable';
  /** For JSON Schema: what the newer release promises. */
  readonly compatibility: SchemaMode;
  /** In the order of the newer description; empty where there is a problem. */
  readonly changes: readonly ApiChange[];
  /** Why there is no answer. */
  readonly problem?: Problem;
  /** The place that the problem names, in a description. */
  readonly place?: ApiPlace | undefined;
}

/**
 * Compares the description of each API in each release with the one of the release before it that has the API; for the
 * transitive modes of JSON Schema with all that may still run beside it, the newest first. A release without an API that the
 * one before it has is compared as well. Yanked releases and alpha APIs are not judged. Comparisons of descriptions that did not
 * change since the last call are remembered.
 * @param today `YYYY-MM-DD`
 */
export async function compareReleases(
  document: Pick<ManifestDocument, 'manifest' | 'path'>,
  readings: ApiReadings,
  { today }: { readonly today: string },
): Promise<ApiComparison[]> {
  const { manifest, path } = document;
  if (!manifest) return [];
  const versions = versionsByApi(manifest, parentFolder(path));
  const comparisons: (ApiComparison | undefined)[] = [];
  for (const [api, described] of versions) {
    const reported = new Set<string>();
    for (const [place, newer] of described.entries()) {
      const reading = newer.file === undefined ? undefined : readings.get(newer.file);
      if (newer.file !== undefined && !isUsable(reading)) {
        if (reading && !reported.has(newer.file))
          comparisons.push({ ...common(api, newer, newer), ...reading, older: undefined, changes: [] });
        reported.add(newer.file);
        continue;
      }
      const earlier = described.slice(0, place).reverse();
      for (const older of supported(manifest, newer, earlier)) {
        const before = older.file === undefined ? undefined : readings.get(older.file);
        if (older.stability === 'alpha' || !isUsable(before)) continue;
        const basis = { manifest, today, readings, earlier };
        comparisons.push(await compareVersions({ api, older, before, newer, after: isUsable(reading) ? reading : undefined, ...basis }));
      }
    }
  }
  return comparisons.filter((each) => each !== undefined).sort((a, b) => a.newer.index - b.newer.index);
}

interface DescribedVersion extends ApiVersion {
  readonly stability: ApiComparison['stability'];
  readonly compatibility: SchemaMode;
}

/** Each API with its versions in the order of releases; one without a file stands for the release in which the API went away. */
function versionsByApi(manifest: Manifest, folder: string): Map<string, DescribedVersion[]> {
  const versions = new Map<string, DescribedVersion[]>();
  for (const { version, index } of releaseGraph(manifest).nodes) {
    const release = manifest.releases[index];
    if (!release || release.yanked !== undefined) continue;
    for (const [api, entry] of Object.entries(release.apis)) {
      const { file, stability = 'stable', compatibility = 'backward' } = apiOf(entry);
      const described = versions.get(api) ?? [];
      described.push({ release: version, index, file: resolvePath(folder, file), stability, compatibility });
      versions.set(api, described);
    }
    for (const [api, described] of versions) {
      const last = described.at(-1);
      if (!last || last.file === undefined || api in release.apis) continue;
      described.push({ release: version, index, file: undefined, stability: last.stability, compatibility: last.compatibility });
    }
  }
  return versions;
}

/** The earlier versions that a version is held against. `earlier`: newest first. */
function supported(manifest: Manifest, newer: DescribedVersion, earlier: readonly DescribedVersion[]): readonly DescribedVersion[] {
  const present = earlier.filter(({ file }) => file !== undefined);
  if (newer.file === undefined || !newer.compatibility.endsWith('-transitive')) return present.slice(0, 1);
  const window = new Set(releaseGraph(manifest).releasesInWindow(newer.release));
  return present.filter(({ release }, place) => place === 0 || window.has(release));
}

interface Pair {
  readonly api: string;
  readonly older: DescribedVersion;
  readonly before: ApiDocument;
  readonly newer: DescribedVersion;
  /** Undefined where the API went away. */
  readonly after: ApiDocument | undefined;
  readonly manifest: Manifest;
  readonly today: string;
  readonly readings: ApiReadings;
  readonly earlier: readonly DescribedVersion[];
}

async function compareVersions(pair: Pair): Promise<ApiComparison | undefined> {
  const { api, older, before, newer, after, manifest, today } = pair;
  const kind = before.kind;
  const format = apiFormatOfKind(kind);
  if (!format) return undefined;
  const shared = { ...common(api, older, newer), kind };
  const options = { today, deprecationDays: manifest.deprecation.days, compatibility: newer.compatibility };
  if (!after) {
    const removal = await removalOf(api, before, (empty) => compareOnce(before, empty, options));
    return removal.ok ? { ...shared, changes: [removal.value] } : { ...shared, changes: [], problem: removal.problem };
  }
  if (after.kind !== kind) return { ...shared, changes: [], problem: otherKind(pair, after) };
  const changes = await compareOnce(before, after, options);
  if (!changes.ok) return { ...shared, changes: [], problem: changes.problem };
  return { ...shared, changes: await withNotice(changes.value, pair, after, options) };
}

function common(api: string, older: DescribedVersion, newer: DescribedVersion) {
  const plain = ({ release, index, file }: DescribedVersion): ApiVersion => ({ release, index, file });
  const { stability } = older;
  return { api, kind: undefined, older: plain(older), newer: plain(newer), stability, compatibility: newer.compatibility };
}

function otherKind({ api, older, before, newer }: Pair, after: ApiDocument): Problem {
  return {
    code: 'api-invalid',
    message: `The API ${api} is described by ${after.kind} in ${newer.release} and by ${before.kind} in ${older.release}, so the two cannot be compared.`,
    remedy: 'Describe it in the same format, or give the new API its own name.',
    file: after.file,
  };
}

/** A removal counts as announced only when it was so in as many releases as the manifest demands. */
async function withNotice(
  changes: readonly ApiChange[],
  { manifest, earlier, readings }: Pair,
  after: ApiDocument,
  options: ComparisonOptions,
): Promise<readonly ApiChange[]> {
  const needed = manifest.deprecation.releases;
  if (needed === 0) return changes.map((change) => (change.announced === false ? withoutNotice(change) : change));
  let result = changes;
  for (const { file, release } of earlier.filter(({ file }) => file !== undefined).slice(1, needed)) {
    if (!result.some(({ announced }) => announced === true)) break;
    const reading = readings.get(file ?? '');
    if (!isUsable(reading) || reading.kind !== after.kind) continue;
    const compared = await compareOnce(reading, after, options);
    if (!compared.ok) continue;
    const late = new Set(compared.value.filter(({ announced }) => announced === false).map(identityOf));
    result = result.map((change) =>
      change.announced === true && late.has(identityOf(change))
        ? {
            ...change,
            announced: false,
            details: sentences(
              change.details,
              `${release} had not deprecated it yet, and the manifest promises ${needed} releases of notice.`,
            ),
          }
        : change,
    );
  }
  return result;
}

/** The same removal in comparisons with other releases: only the details depend on what the older description announced. */
function identityOf({ id, message }: ApiChange): string {
  return `${id.replace(unannounced, '')} ${message}`;
}

/** The end of the id of a removal that was not announced, where the format says it so. */
const unannounced = /-(without-deprecation|before-sunset)$/;

function withoutNotice(change: ApiChange): ApiChange {
  return { ...change, id: change.id.replace(unannounced, ''), announced: undefined };
}

type Compared = Promise<Outcome<readonly ApiChange[]>>;
const comparisonsOf = remembered<ApiDocument, (newer: ApiDocument) => Map<string, Compared>>(() => remembered(() => new Map()));

function compareOnce(older: ApiDocument, newer: ApiDocument, options: ComparisonOptions): Compared {
  if (hasSameTexts(older, newer)) return Promise.resolve({ ok: true, value: [] });
  const ofBoth = comparisonsOf(older)(newer);
  const key = JSON.stringify([options.today, options.deprecationDays, options.compatibility]);
  const known = ofBoth.get(key) ?? compare(older, newer, options);
  ofBoth.set(key, known);
  return known;
}

async function compare(older: ApiDocument, newer: ApiDocument, options: ComparisonOptions): Compared {
  const format = apiFormatOfKind(newer.kind);
  if (!format) return { ok: true, value: [] };
  const compared = await format.compare(older, newer, options);
  if (!compared.ok) return compared;
  const isUnannounced = ({ id, announced }: ApiChange) => announced === undefined && unannounced.test(id);
  return { ok: true, value: compared.value.map((change) => (isUnannounced(change) ? { ...change, announced: false } : change)) };
}

/** One text each, the same, needs no comparison; several may have changed their names. */
function hasSameTexts(older: ApiDocument, newer: ApiDocument): boolean {
  if (older === newer) return true;
  return older.sources.size === 1 && newer.sources.size === 1 && older.sources.get(older.file) === newer.sources.get(newer.file);
}
