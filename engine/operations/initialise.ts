import type { Files, RunGit } from '../core/host';
import { baseName, joined, parentFolder } from '../core/paths';
import { failure, success, type Outcome } from '../core/problem';
import { findMigrationDirectories, readMigrations } from '../inputs/scripts/index';
import type { LayoutName, MigrationDirectory } from '../core/scripts';
import { manifestIn } from '../inputs/manifest/find-manifest';
import { dialectTitles } from '../core/dialects';
import { SettledHistory } from '../inputs/settled/settlement';
import { findApis } from './find-apis';
import { tagHistory, type TaggedRelease, taggedReleases } from '../inputs/releases/tagged-releases';
import { initialManifest, nameOf } from '../inputs/manifest/write';
import { databaseOf } from '../databases/registry/index';

interface InitialiseOptions {
  readonly files: Files;
  /** Absolute path of a migrations directory, or of a folder above it; the manifest is written beside the one or into the other. */
  readonly start: string;
  readonly layout: LayoutName | 'auto';
  /** Default: the folder's name. */
  readonly system?: string;
  /** False: everything is one release, whatever tags there are and whatever databases have run. */
  readonly tags?: boolean;
  readonly git: RunGit | undefined;
  /** Names the branch in continuous integration. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

interface Initialised {
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
 * Fails as `readMigrations` does, with `nothing-to-check` where there are no migrations for PostgreSQL, and with `usage` where the folder
 * has a manifest already.
 */
export async function initialise(options: InitialiseOptions): Promise<Outcome<Initialised>> {
  const { files, start, layout, system, tags, git, environment } = options;
  const read = await readFirst(files, start, layout);
  if (!read.ok) return read;
  const directory = read.value;
  const obstacle = whyNone(directory);
  if (obstacle !== undefined) {
    const remedy = 'Specify a directory with PostgreSQL migrations, or write the first migration.';
    return failure({ code: 'nothing-to-check', file: directory.path, message: obstacle, remedy });
  }
  const folder = directory.path === start ? parentFolder(directory.path) : start;
  const existing = await manifestIn(files, folder);
  if (existing !== undefined) {
    return failure({
      code: 'usage',
      file: existing,
      message: `${existing} already exists.`,
      remedy: 'Edit it. An existing manifest is never overwritten.',
    });
  }
  const relative = (path: string) => (path.startsWith(joined(folder, '')) ? path.slice(joined(folder, '').length) : path);
  const name = nameOf(system ?? baseName(folder));
  const migrations = directory.migrations.filter(({ repeatable }) => !repeatable);
  const dated = migrations.map(({ id, up }) => ({ id, file: up.file }));
  const history = tags !== false && git && (await files.kind(start)) === 'folder' ? await tagHistory(git, start) : undefined;
  const tagged = history ? await taggedReleases(history, name, directory.path, dated) : { releases: [], leftOut: 0 };
  const { releases, assumed } =
    tagged.releases.length > 0
      ? { releases: tagged.releases, assumed: assumptions(tagged.leftOut) }
      : await settledReleases(
          files,
          directory,
          migrations.map(({ id }) => id),
          tags === false ? undefined : new SettledHistory(git, environment),
        );
  const apis = await findApis(files, folder);
  const text = initialManifest({
    system: name,
    directory: relative(directory.path),
    layout: directory.layout,
    migrations: migrations.map(({ id }) => id),
    releases: releases.length === 0 ? undefined : releases,
    assumedReleases: assumed,
    apis: apis.map((api) => ({ name: api.name, file: relative(api.file) })),
  });
  return success({
    manifest: joined(folder, 'upgrade.yaml'),
    text,
    layout: directory.layout,
    migrations: directory.migrations.length,
    releases: releases.length === 0 ? ['1.0.0'] : releases.map(({ version }) => version),
    apis: apis.length,
  });
}

/** The migrations in a folder or in the first directory below it; directories for PostgreSQL precede those for other databases. */
async function readFirst(files: Files, start: string, layout: LayoutName | 'auto'): Promise<Outcome<MigrationDirectory>> {
  const here = await readMigrations(files, start, layout);
  if (here.ok ? databaseOf(here.value.dialect) : here.problem.code !== 'layout-unknown') return here;
  let first = here.ok ? here : undefined;
  for (const { path } of await findMigrationDirectories(files, start, { maxDepth: 6 })) {
    const below = await readMigrations(files, path, layout);
    if (below.ok && databaseOf(below.value.dialect)) return below;
    first ??= below.ok ? below : undefined;
  }
  return first ?? here;
}

/** Why there is nothing to make a manifest of, if so. */
function whyNone({ path, migrations, problems, dialect }: MigrationDirectory): string | undefined {
  if (!databaseOf(dialect)) return `The scripts in ${path} are for ${dialectTitles[dialect]}, and only PostgreSQL is supported.`;
  return migrations.length + problems.length === 0 ? `No migration was found in ${path}.` : undefined;
}

/** What databases have run as one release and the rest as the next; no releases where it is all the same. */
async function settledReleases(
  files: Files,
  directory: MigrationDirectory,
  ids: readonly string[],
  settled: SettledHistory | undefined,
): Promise<{ releases: readonly TaggedRelease[]; assumed: string[] }> {
  const settlement = await settled?.settlement(files, directory, undefined, 'auto');
  const old = ids.filter((id) => settlement?.migrations.has(id));
  const rest = ids.filter((id) => !settlement?.migrations.has(id));
  if (old.length === 0 || rest.length === 0) return { releases: [], assumed: [] };
  return {
    releases: [
      { version: '1.0.0', tag: undefined, migrations: old },
      { version: '1.1.0', tag: undefined, migrations: rest },
    ],
    assumed: [`Assumed: databases have run the migrations settled by ${settlement?.by ?? ''}; the others are the next release.`],
  };
}

function assumptions(leftOut: number): string[] {
  return [
    'Assumed: each version tag is a release, with the migrations that no earlier tag has.',
    ...(leftOut === 0
      ? []
      : [
          `${leftOut === 1 ? '1 tag was' : `${leftOut} tags were`} ignored: pre-releases of later releases, or old releases without migrations.`,
        ]),
  ];
}
