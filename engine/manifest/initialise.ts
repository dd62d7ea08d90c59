import type { Files } from '../core/host';
import { baseName, joined, parentFolder } from '../core/paths';
import { failure, success, type Outcome } from '../core/problem';
import { findMigrationDirectories, readMigrations } from '../layouts/index';
import type { LayoutName } from '../layouts/migration';
import { manifestIn } from '../project/open-project';
import { findApis } from './find-apis';
import { taggedReleases, type TagHistory } from './tagged-releases';
import { initialManifest, nameOf } from './write';

export interface InitialiseOptions {
  readonly files: Files;
  /** Absolute path of a migrations directory, or of a folder above it; the manifest is written beside the one or into the other. */
  readonly start: string;
  readonly layout: LayoutName | 'auto';
  /** Default: the folder's name. */
  readonly system?: string;
  /** Undefined where there is no version control; then everything is one release. */
  readonly history?: TagHistory | undefined;
}

export interface Initialised {
  /** Absolute path. */
  readonly manifest: string;
  readonly text: string;
  readonly layout: LayoutName;
  readonly migrations: number;
  readonly releases: readonly string[];
  readonly apis: number;
}

/**
 * Makes the first manifest of a project from what is there: its migrations, the tags that are versions, and descriptions of APIs. Writes nothing.
 * Fails as `readMigrations` does, and with `usage` where the folder has a manifest already.
 */
export async function initialise({ files, start, layout, system, history }: InitialiseOptions): Promise<Outcome<Initialised>> {
  let read = await readMigrations(files, start, layout);
  if (!read.ok && read.problem.code === 'layout-unknown') {
    const [below] = await findMigrationDirectories(files, start, { maxDepth: 6 });
    if (below) read = await readMigrations(files, below.path, layout);
  }
  if (!read.ok) return read;
  const directory = read.value;
  const folder = directory.path === start ? parentFolder(directory.path) : start;
  const existing = await manifestIn(files, folder);
  if (existing !== undefined) {
    return failure({
      code: 'usage',
      file: existing,
      message: `${existing} exists already.`,
      remedy: 'Edit it; a manifest is never overwritten.',
    });
  }
  const relative = (path: string) => (path.startsWith(joined(folder, '')) ? path.slice(joined(folder, '').length) : path);
  const name = nameOf(system ?? baseName(folder));
  const migrations = directory.migrations.filter(({ repeatable }) => !repeatable);
  const dated = migrations.map(({ id, up }) => ({ id, file: up.file }));
  const tagged = history ? await taggedReleases(history, name, directory.path, dated) : { releases: [], leftOut: 0 };
  const apis = await findApis(files, folder);
  const text = initialManifest({
    system: name,
    directory: relative(directory.path),
    layout: directory.layout,
    migrations: migrations.map(({ id }) => id),
    ...(tagged.releases.length === 0 ? {} : { releases: tagged.releases, assumedReleases: assumptions(tagged.leftOut) }),
    apis: apis.map((api) => ({ name: api.name, file: relative(api.file) })),
  });
  const releases = tagged.releases.length === 0 ? ['1.0.0'] : tagged.releases.map(({ version }) => version);
  return success({
    manifest: joined(folder, 'upgrade.yaml'),
    text,
    layout: directory.layout,
    migrations: directory.migrations.length,
    releases,
    apis: apis.length,
  });
}

function assumptions(leftOut: number): string[] {
  return [
    'Assumed: each tag that is a version is a release, with the migrations that no earlier one has.',
    ...(leftOut === 0
      ? []
      : [`${leftOut} tags were left out: pre-releases of what was released later, or old releases without migrations.`]),
  ];
}
