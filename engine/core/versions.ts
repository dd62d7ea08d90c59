import semver from 'semver';

/**
 * The version in strict semantic versioning (semver.org 2.0.0), or undefined. Unlike npm it allows no leading `v`, no `=`
 * and no white space, so that one version has one spelling.
 */
export function parseVersion(text: string): semver.SemVer | undefined {
  return remembered(versionsRead, text, readVersion);
}

function readVersion(text: string): semver.SemVer | undefined {
  return /^\d/.test(text) && !/\s/.test(text) ? (semver.parse(text) ?? undefined) : undefined;
}

/** The same versions and ranges are read again by every check and after every keystroke. */
const versionsRead = new Map<string, semver.SemVer | undefined>();
const rangesRead = new Map<string, VersionRange | undefined>();
const rememberedLimit = 20_000;

function remembered<T>(memory: Map<string, T>, text: string, read: (text: string) => T): T {
  const known = memory.get(text);
  if (known !== undefined || memory.has(text)) return known as T;
  if (memory.size >= rememberedLimit) memory.clear();
  const value = read(text);
  memory.set(text, value);
  return value;
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
const simpleBounds = /^(?:(?:>=|<=|>|<|=)?\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?: +|$))+$/;

/** Reads a range in npm notation; undefined when it is none. Pre-releases count like any other version below their release. */
export function parseRange(text: string): VersionRange | undefined {
  return remembered(rangesRead, text, readRange);
}

function readRange(text: string): VersionRange | undefined {
  const parts = text.split('||').map((part) => part.trim());
  if (parts.every((part) => simpleBounds.test(part))) {
    const alternatives = parts.map((part) => part.split(/ +/).map(readBound));
    if (alternatives.every((bounds) => bounds.every((bound) => bound !== undefined)))
      return { text, alternatives: alternatives as Bound[][] };
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
  const version = parseVersion(text.slice(operator.length));
  return version ? { operator, version } : undefined;
}

function boundOf({ operator, semver: version }: semver.Comparator): Bound {
  // The comparator that holds for every version has a symbol in place of one.
  return { operator, version: (version as unknown) instanceof semver.SemVer ? version : undefined };
}
