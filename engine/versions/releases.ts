import semver from 'semver';
import type { Manifest } from '../manifest/schema';

/** A release whose version can be compared. */
export interface ReleaseNode {
  /** As written in the manifest. */
  readonly version: string;
  readonly semver: semver.SemVer;
  /** Place in `manifest.releases`. */
  readonly index: number;
}

/** A release that cannot take part in comparisons. */
export interface UnusableRelease {
  readonly version: string;
  readonly index: number;
  readonly reason: 'invalid' | 'duplicate';
}

export interface Releases {
  /** In the manifest's order, which is the order of upgrades. */
  readonly nodes: readonly ReleaseNode[];
  readonly unusable: readonly UnusableRelease[];
}

/**
 * The version in strict semantic versioning (semver.org 2.0.0), or undefined. Unlike npm it allows no leading `v`, no `=`
 * and no white space, so that one version has one spelling.
 */
export function parseVersion(text: string): semver.SemVer | undefined {
  return /^\d/.test(text) && !/\s/.test(text) ? (semver.parse(text) ?? undefined) : undefined;
}

/** The version that was probably meant: `1.10` is `1.10.0`, `v2.0.0` is `2.0.0`. Undefined when there is no good guess. */
export function guessVersion(text: string): string | undefined {
  const match = /^\s*[vV=]*\s*0*(\d+)(?:\.0*(\d+))?(?:\.0*(\d+))?(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?\s*$/.exec(text);
  if (!match) return undefined;
  const [, major, minor = '0', patch = '0', pre = '', build = ''] = match;
  const guess = `${major}.${minor}.${patch}${pre}${build}`;
  return parseVersion(guess) ? guess : undefined;
}

/** One bound of a range; without a version it holds for every one. */
interface Bound {
  readonly operator: string;
  readonly version: semver.SemVer | undefined;
}

/** A range in npm notation: alternatives, in each of which all bounds must hold. */
export interface VersionRange {
  readonly text: string;
  readonly alternatives: readonly (readonly Bound[])[];
}

/** Full versions with operators and nothing else, which need none of npm's shorthands. */
const simpleRange = /^(?:(?:>=|<=|>|<|=)?\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?: +|$))+$/;

/** Reads a range in npm notation; undefined when it is none. Pre-releases count like any other version below their release. */
export function parseRange(text: string): VersionRange | undefined {
  if (simpleRange.test(text)) {
    const bounds = text.trim().split(/ +/).map(readBound);
    if (bounds.every((bound) => bound !== undefined)) return { text, alternatives: [bounds] };
  }
  try {
    const { set } = new semver.Range(text, { includePrerelease: true });
    return { text, alternatives: set.map((comparators) => comparators.map(boundOf)) };
  } catch {
    return undefined;
  }
}

function readBound(text: string): Bound | undefined {
  const operator = /^[<>=]*/.exec(text)?.[0] ?? '';
  const version = semver.parse(text.slice(operator.length));
  return version ? { operator, version } : undefined;
}

function boundOf({ operator, semver: version }: semver.Comparator): Bound {
  // The comparator that holds for every version has a symbol in place of one.
  return { operator, version: (version as unknown) instanceof semver.SemVer ? version : undefined };
}

/** The releases of a manifest, those that cannot be compared or are named twice set apart. Linear. */
export function readReleases(manifest: Manifest): Releases {
  const nodes: ReleaseNode[] = [];
  const unusable: UnusableRelease[] = [];
  const seen = new Set<string>();
  for (const [index, { version }] of manifest.releases.entries()) {
    const parsed = parseVersion(version);
    if (!parsed) unusable.push({ version, index, reason: 'invalid' });
    else if (seen.has(parsed.version)) unusable.push({ version, index, reason: 'duplicate' });
    else {
      seen.add(parsed.version);
      nodes.push({ version, semver: parsed, index });
    }
  }
  return { nodes, unusable };
}

/** An inclusive run of positions in a sorted list. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * The positions in `sorted` (ascending versions) that a range covers, as disjoint ascending intervals. Each `||` member of
 * a range is an interval of versions, so this takes two binary searches a member instead of a test of every version.
 */
export function coveredBy(range: VersionRange, sorted: readonly semver.SemVer[]): Interval[] {
  const intervals: Interval[] = [];
  for (const bounds of range.alternatives) {
    let low = 0;
    let high = sorted.length - 1;
    for (const { operator, version } of bounds) {
      if (!version) continue;
      const below = firstAtLeast(sorted, version, false);
      const through = firstAtLeast(sorted, version, true);
      if (operator === '>=') low = Math.max(low, below);
      else if (operator === '>') low = Math.max(low, through);
      else if (operator === '<') high = Math.min(high, below - 1);
      else if (operator === '<=') high = Math.min(high, through - 1);
      else {
        low = Math.max(low, below);
        high = Math.min(high, through - 1);
      }
    }
    if (low <= high) intervals.push({ low, high });
  }
  return merged(intervals);
}

/** The first position whose version is at least `version`, or above it with `above`. */
function firstAtLeast(sorted: readonly semver.SemVer[], version: semver.SemVer, above: boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const order = sorted[middle]!.compare(version);
    if (order < 0 || (above && order === 0)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function merged(intervals: Interval[]): Interval[] {
  const result: Interval[] = [];
  for (const next of intervals.sort((a, b) => a.low - b.low)) {
    const last = result.at(-1);
    if (last && next.low <= last.high + 1) result[result.length - 1] = { low: last.low, high: Math.max(last.high, next.high) };
    else result.push(next);
  }
  return result;
}

/** What is left of `from` without `holes`; both disjoint and ascending. */
export function without(from: readonly Interval[], holes: readonly Interval[]): Interval[] {
  let rest = [...from];
  for (const hole of holes) {
    rest = rest.flatMap(({ low, high }) => {
      if (hole.high < low || hole.low > high) return [{ low, high }];
      const left = hole.low > low ? [{ low, high: hole.low - 1 }] : [];
      const right = hole.high < high ? [{ low: hole.high + 1, high }] : [];
      return [...left, ...right];
    });
  }
  return rest;
}

export function covers(intervals: readonly Interval[], position: number): boolean {
  return intervals.some(({ low, high }) => position >= low && position <= high);
}
