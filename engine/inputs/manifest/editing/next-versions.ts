import semver from 'semver';
import { parseVersion } from '../../../core/versions';

/** A version that may follow another one. */
interface NextVersion {
  readonly version: string;
  readonly bump: 'release' | 'prerelease' | 'patch' | 'minor' | 'major';
}

/** The versions that may follow a release, the smallest first; after a pre-release its release and the next pre-release. */
export function nextVersions(after: string): NextVersion[] {
  const version = parseVersion(after);
  if (!version) return [];
  const bumps =
    version.prerelease.length > 0 ? (['prerelease', 'patch', 'minor', 'major'] as const) : (['patch', 'minor', 'major'] as const);
  const found = new Map<string, NextVersion>();
  for (const bump of bumps) {
    const next = semver.inc(version.version, bump);
    const isRelease = next === `${version.major}.${version.minor}.${version.patch}`;
    if (next !== null && !found.has(next)) found.set(next, { version: next, bump: isRelease ? 'release' : bump });
  }
  return [...found.values()];
}
