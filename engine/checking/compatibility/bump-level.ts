import type { SemVer } from 'semver';

const bumpLevels = ['patch', 'minor', 'major'] as const;

/** Which number of a version goes up: what the version tells those who use the system. */
export type BumpLevel = (typeof bumpLevels)[number];

export function isHigher(a: BumpLevel, b: BumpLevel): boolean {
  return bumpLevels.indexOf(a) > bumpLevels.indexOf(b);
}

/**
 * The number that differs between two versions, the pre-release part left aside; undefined where the newer one is not higher
 * without it.
 */
export function bumpBetween(older: SemVer, newer: SemVer): BumpLevel | undefined {
  if (newer.compareMain(older) <= 0) return undefined;
  return newer.major !== older.major ? 'major' : newer.minor !== older.minor ? 'minor' : 'patch';
}

/**
 * What a version must announce so that a change of the given level is told. Before 1.0.0 there is no promise that a major number
 * could take back: the minor number plays its part, and the patch number that of the minor one.
 */
export function announcedBy(level: BumpLevel, older: SemVer, newer: SemVer): BumpLevel {
  if (older.major > 0 || newer.major > 0) return level;
  return level === 'major' ? 'minor' : 'patch';
}

/** True when the step from one version to the other announces that those who use the system may break. */
export function announcesBreak(older: SemVer, newer: SemVer): boolean {
  const bump = bumpBetween(older, newer);
  return bump !== undefined && !isHigher(announcedBy('major', older, newer), bump);
}

/** The lowest version after `older` that announces a change of the given level, with the pre-release part of `newer`. */
export function versionFor(level: BumpLevel, older: SemVer, newer: SemVer): string {
  const { major, minor, patch } = older;
  const base = { major: `${major + 1}.0.0`, minor: `${major}.${minor + 1}.0`, patch: `${major}.${minor}.${patch + 1}` };
  const tag = newer.prerelease.length > 0 ? `-${newer.prerelease.join('.')}` : '';
  return `${base[announcedBy(level, older, newer)]}${tag}`;
}
