import semver from 'semver';

const options = { includePrerelease: true };

/** A range in npm notation; undefined for what is none. Pre-releases count like any other version. */
export function readRange(text: string): semver.Range | undefined {
  return remembered(ranges, text, () => {
    try {
      return new semver.Range(text, options);
    } catch {
      return undefined;
    }
  });
}

/** Releases say the same few ranges again and again. */
const ranges = new Map<string, semver.Range | undefined>();
const common = new Map<string, boolean>();
const lowestVersions = new Map<string, semver.SemVer | null>();
const rememberedAtMost = 1000;

function remembered<T>(known: Map<string, T>, key: string, work: () => T): T {
  if (known.has(key)) return known.get(key) as T;
  if (known.size >= rememberedAtMost) known.clear();
  const value = work();
  known.set(key, value);
  return value;
}

/** The versions that all of the ranges cover. */
export function intersection(ranges: readonly semver.Range[]): semver.Range {
  const alternatives = ranges.reduce<string[]>(
    (all, { set }) => all.flatMap((left) => set.map((bounds) => `${left} ${bounds.map(({ value }) => value).join(' ')}`.trim())),
    [''],
  );
  return new semver.Range(alternatives.join(' || '), options);
}

export function covers(range: semver.Range, version: string): boolean {
  return semver.satisfies(version, range, options);
}

/** True when every version of the first range is in the second one. */
export function isWithin(inner: semver.Range, outer: semver.Range): boolean {
  return semver.subset(inner, outer, options);
}

export function haveCommon(a: semver.Range, b: semver.Range): boolean {
  return remembered(common, `${a.range} & ${b.range}`, () => semver.intersects(a, b, options));
}

/** The lowest version of a range; undefined where it has no lower bound, or nothing in it. */
export function lowestOf(range: semver.Range): semver.SemVer | undefined {
  const lowest = remembered(lowestVersions, range.range, () => semver.minVersion(range));
  return lowest && lowest.compareMain('0.0.0') > 0 ? lowest : undefined;
}

/** The lowest version that is a bound of either range, in the first and not in the second; undefined where no bound is. */
export function lowestOnlyIn(first: semver.Range, second: semver.Range): string | undefined {
  const bounds = [...first.set, ...second.set].flat().map((comparator) => comparator.semver as unknown);
  return bounds
    .filter((version) => version instanceof semver.SemVer)
    .map(({ major, minor, patch }) => `${major}.${minor}.${patch}`)
    .sort((a, b) => semver.compare(a, b))
    .find((version) => covers(first, version) && !covers(second, version));
}

/** `15` for 15.0.0, `20.11` for 20.11.0: versions of runtimes as people say them. */
export function spoken(version: string): string {
  return version.replace(/-0$/, '').replace(/(\.0){1,2}$/, '');
}
