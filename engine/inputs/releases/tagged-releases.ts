import semver from 'semver';
import type { RunGit } from '../../core/host';
import { joined } from '../../core/paths';
import { parseVersion } from '../../core/versions';

/** What the version control knows of releases. A host hands it in. */
export interface TagHistory {
  /** The names of all tags, in any order. */
  tags(): Promise<readonly string[]>;
  /** The files below a folder at a tag, by absolute path. */
  filesAt(tag: string, folder: string): Promise<readonly string[]>;
}

/** The tags that the repository of a folder has in its current branch; undefined outside of a repository. */
export async function tagHistory(git: RunGit, folder: string): Promise<TagHistory | undefined> {
  const tags = await git(folder, ['tag', '--list', '--merged', 'HEAD']);
  if (tags === undefined) return undefined;
  return {
    tags: async () => tags.split(/\r?\n/).filter((name) => name !== ''),
    async filesAt(tag, directory) {
      // Names come relative to the folder that git runs in.
      const output = await git(directory, ['ls-tree', '-r', '-z', '--name-only', `refs/tags/${tag}`]);
      return (output ?? '').split('\0').flatMap((name) => (name === '' ? [] : [joined(directory, name)]));
    },
  };
}

/** A migration as far as its place in history is concerned. */
interface DatedMigration {
  readonly id: string;
  /** Absolute path of its up script. */
  readonly file: string;
}

export interface TaggedRelease {
  readonly version: string;
  /** Undefined for the release that is not tagged yet. */
  readonly tag: string | undefined;
  /** Ids, in the order of the directory. */
  readonly migrations: readonly string[];
}

interface TaggedReleases {
  /** Oldest first; empty when no tag is a version. */
  readonly releases: readonly TaggedRelease[];
  /** Tags that are versions and were left out: pre-releases of what was released later, and the oldest without migrations. */
  readonly leftOut: number;
}

/** Releases without migrations are left out, oldest first, beyond this number of releases. */
const mostReleases = 40;

/** So many tags are looked at, the newest. */
const mostTags = 500;

/**
 * The releases that the tags of a repository tell of: each tag that is a semantic version (`1.2.0`, `v1.2.0`, `name-1.2.0`,
 * `name@1.2.0`) with the migrations that are there at it and not at an earlier version. Migrations that no tag has come last, in a release that
 * is yet to be tagged: the next minor one.
 */
export async function taggedReleases(
  history: TagHistory,
  system: string,
  directory: string,
  migrations: readonly DatedMigration[],
): Promise<TaggedReleases> {
  const all = versionTags(await history.tags(), system);
  const finished = new Set(all.flatMap(({ version }) => (version.includes('-') ? [] : [version])));
  const tags = all
    .filter(({ version }) => !version.includes('-') || !finished.has(version.slice(0, version.indexOf('-'))))
    .slice(-mostTags);
  const rest = new Map(migrations.map(({ id, file }) => [file, id]));
  const found: TaggedRelease[] = [];
  for (const { tag, version } of tags) {
    const there = new Set(rest.size === 0 ? [] : await history.filesAt(tag, directory));
    const added = migrations.filter(({ file }) => there.has(file) && rest.delete(file)).map(({ id }) => id);
    found.push({ version, tag, migrations: added });
  }
  const last = found.at(-1);
  if (!last) return { releases: [], leftOut: 0 };
  let surplus = Math.max(0, found.length - mostReleases);
  const kept = found.filter((release) => release === last || release.migrations.length > 0 || surplus-- <= 0);
  const releases = kept.length < found.length ? kept : found;
  const next = semver.inc(last.version, 'minor') ?? last.version;
  const untagged: TaggedRelease[] =
    rest.size === 0
      ? []
      : [{ version: next, tag: undefined, migrations: migrations.filter(({ file }) => rest.has(file)).map(({ id }) => id) }];
  return { releases: [...releases, ...untagged], leftOut: all.length - releases.length };
}

/** The tags that name a version of the system, lowest first. */
export function versionTags(names: readonly string[], system: string): { tag: string; version: string }[] {
  const known = new Map<string, { tag: string; version: string }>();
  for (const tag of names) {
    const [, prefix = '', text = ''] = /^(?:(.*?)[-@/_])?v?(\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?)$/.exec(tag) ?? [];
    const isOwn = prefix === '' || /^(v|release|releases|version)$/i.test(prefix) || prefix === system;
    const version = isOwn ? parseVersion(text)?.version : undefined;
    if (version !== undefined && !known.has(version)) known.set(version, { tag, version });
  }
  return [...known.values()].sort((a, b) => semver.compare(a.version, b.version));
}
