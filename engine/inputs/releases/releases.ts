import type semver from 'semver';
import { parseVersion, type VersionRange } from '../../core/versions';
import type { Manifest } from '../manifest/schema';
import { remembered } from '../../core/remember';

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

interface Releases {
  /** In the manifest's order, which is the order of upgrades. */
  readonly nodes: readonly ReleaseNode[];
  readonly unusable: readonly UnusableRelease[];
  /** Places in `nodes`, by ascending version. */
  readonly order: readonly number[];
  /** The versions of `nodes`, ascending. */
  readonly sorted: readonly semver.SemVer[];
}

/** The releases of a manifest, those that cannot be compared or are named twice set apart. */
export const readReleases = remembered(listReleases);

function listReleases(manifest: Manifest): Releases {
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
  const order = nodes.map((_, position) => position).sort((a, b) => nodes[a]!.semver.compare(nodes[b]!.semver));
  return { nodes, unusable, order, sorted: order.map((position) => nodes[position]!.semver) };
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
export function coveredBy(range: VersionRange, sorted: readonly semver.SemVer[]): readonly Interval[] {
  const known = coveringsOf(sorted);
  let intervals = known.get(range.text);
  if (!intervals) known.set(range.text, (intervals = cover(range, sorted)));
  return intervals;
}

const coveringsOf = remembered<readonly semver.SemVer[], Map<string, readonly Interval[]>>(() => new Map());

function cover(range: VersionRange, sorted: readonly semver.SemVer[]): Interval[] {
  const intervals: Interval[] = [];
  const ranks = ranksOf(sorted);
  for (const bounds of range.alternatives) {
    let low = 0;
    let high = sorted.length - 1;
    for (const { operator, version } of bounds) {
      if (!version) continue;
      const rank = ranks.get(version.version);
      const below = rank ?? firstAtLeast(sorted, version, false);
      const through = rank === undefined ? firstAtLeast(sorted, version, true) : rank + 1;
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

/** Version to its place in a sorted list without duplicates: bounds of ranges are releases, mostly. */
const ranksOf = remembered((sorted: readonly semver.SemVer[]) => new Map(sorted.map((each, rank) => [each.version, rank])));

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
