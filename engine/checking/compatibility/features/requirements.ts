import type semver from 'semver';
import type { Manifest, Release } from '../../../inputs/manifest/schema';
import { featureOf, referencedId } from '../../../inputs/manifest/schema';
import { intersection, readRange } from './version-ranges';

/** A range of versions of a runtime or another system that something in a release needs. */
export interface Requirement {
  /** The runtime or the system. */
  readonly name: string;
  readonly range: string;
  readonly release: string;
  /** Place of the release in `manifest.releases`. */
  readonly index: number;
  readonly by: 'release' | 'feature' | 'migration';
  /** The feature or the migration; the version for a release. */
  readonly of: string;
}

/** Every requirement of a manifest in the order of its releases: the release's own, then those of features and migrations. */
export function requirementsOf({ releases }: Pick<Manifest, 'releases'>): Requirement[] {
  return releases.flatMap((release, index) => requirementsIn(release, index));
}

const known = new WeakMap<Release, readonly Requirement[]>();

/** What a release, its features and its migrations require; worked out once, because nobody changes a release. */
export function requirementsIn(release: Release, index: number): readonly Requirement[] {
  const before = known.get(release);
  if (before) return before;
  const requirements = readRequirements(release, index);
  known.set(release, requirements);
  return requirements;
}

function readRequirements(release: Release, index: number): Requirement[] {
  const all = (by: Requirement['by'], of: string, requires: Readonly<Record<string, string>> = {}): Requirement[] =>
    Object.entries(requires).map(([name, range]) => ({ name, range, release: release.version, index, by, of }));
  return [
    ...all('release', release.version, release.requires),
    ...Object.entries(release.features).flatMap(([name, entry]) => all('feature', name, featureOf(entry).requires)),
    ...release.migrations.flatMap((entry) => (typeof entry === 'string' ? [] : all('migration', referencedId(entry), entry.requires))),
  ];
}

/**
 * The versions of a runtime with which one can get to a release and use it: what the release and all of its migrations require.
 * Undefined where it says nothing, or nothing that can be read.
 */
export function supportedBy(manifest: Pick<Manifest, 'releases'>, index: number, name: string): semver.Range | undefined {
  const release = manifest.releases[index];
  const stated = (release ? requirementsIn(release, index) : []).filter((each) => each.name === name && each.by !== 'feature');
  const ranges = stated.map(({ range }) => readRange(range)).filter((range) => range !== undefined);
  return ranges.length > 1 ? intersection(ranges) : ranges[0];
}

/** The name of a runtime as people write it. */
export function titleOf(name: string): string {
  const titles: Readonly<Record<string, string>> = { postgresql: 'PostgreSQL', node: 'Node.js' };
  return titles[name] ?? name;
}
