import { scriptsOf } from '../../core/scripts';
import { filesOfApis, readApis } from '../compatibility/apis/read-apis';
import { readQueries } from '../compatibility/queries/read-queries';
import type { ReleaseQueries } from '../compatibility/queries/release-query';
import type { Files } from '../../core/host';
import { joined, parentFolder, resolvePath } from '../../core/paths';
import { type Outcome, outcomeOf, type Problem, ProblemError } from '../../core/problem';
import { readLooseFiles, readMigrations } from '../../inputs/scripts/index';
import type { MigrationDirectory } from '../../core/scripts';
import { withRunnerSettings, withTargets } from '../../inputs/scripts/runner-settings';
import { manifestIn } from '../../inputs/manifest/find-manifest';
import { knownManifest } from '../../inputs/manifest/known-manifests';
import { type Manifest, queryPathsOf } from '../../inputs/manifest/schema';
import { nothingSettled, type Settlement } from '../../inputs/settled/settlement';
import { readStatistics, statisticsFileName } from '../../inputs/statistics/statistics-file';
import { readBaseline } from './baseline';
import { type ConfigurationFile, readConfiguration } from './configuration-file';
import { platformsOf } from './environment';
import type { OpenProjectOptions, Project } from './project';
import { readSystems, systemFile } from '../../inputs/releases/systems';
import { withUnknownChecks } from './unknown-checks';

const defaultMinimum = 15;

/**
 * Reads everything that is checked together. What is wrong inside the files is left to the checks; problems are only
 * what prevents reading: `file-not-found`, `file-*`, `layout-unknown`, `configuration-invalid`, `nothing-to-check`.
 */
export function openProject(options: OpenProjectOptions): Promise<Outcome<Project>> {
  return outcomeOf(async () => {
    const { files, paths } = options;
    const [path] = paths;
    if (path === undefined) throw new ProblemError(nothingToCheck('no path was given'));
    for (const each of paths) {
      if ((await files.kind(each)) === 'missing') throw new ProblemError(notFound(each));
    }
    if (paths.length > 1 || /\.sql$/i.test(path)) return openLoose(options);
    if ((await files.kind(path)) === 'folder') return openFolder(options, path);
    if (/\.ya?ml$/i.test(path)) return openManifest(options, path);
    throw new ProblemError(nothingToCheck(`${path} is neither a manifest, a folder nor an SQL file`));
  });
}

async function openFolder(options: OpenProjectOptions, path: string): Promise<Project> {
  const manifest = await manifestIn(options.files, path);
  if (manifest) return openManifest(options, manifest);
  const configuration = await readConfiguration(options.files, path);
  const layout = options.layout && options.layout !== 'auto' ? options.layout : configuration.layout;
  const directory = withRunnerSettings(
    unwrap(await readMigrations(options.files, path, layout, configuration.dialect)),
    configuration.runner,
  );
  const declared = await readDeclared(options.files, path, configuration);
  return {
    root: path,
    manifest: undefined,
    directory,
    minimum: options.minimum ?? configuration.minimum ?? defaultMinimum,
    guessesMinimum: (options.minimum ?? configuration.minimum) === undefined,
    completeHistory: isComplete(directory),
    findOtherHistories: options.checkouts?.finder(options.files, directory, path),
    configuration: configuration.checks,
    systems: new Map(),
    today: options.today,
    settlement: await settled(options, directory, undefined, configuration.since),
    ...declared.values,
    platforms: await platformsOf(options.files, directory.path),
    ownedFiles: new Set([...scriptFiles(directory), ...declared.files]),
  };
}

/** What is settled in a directory: by the option, else by the settings, else by the repository. */
async function settled(
  { files, history, since, applied }: OpenProjectOptions,
  directory: MigrationDirectory | undefined,
  manifest: Manifest | undefined,
  configured: string | undefined,
): Promise<Settlement> {
  return history && directory ? history.settlement(files, directory, manifest, since ?? configured ?? 'auto', applied) : nothingSettled;
}

async function openManifest(options: OpenProjectOptions, path: string): Promise<Project> {
  const { files } = options;
  const manifest = withUnknownChecks(knownManifest(path, await files.readText(path)));
  const folder = parentFolder(path);
  const configuration = await readConfiguration(files, folder);
  const settings = manifest.manifest?.migrations;
  const systems = manifest.manifest?.systems ?? {};
  const directoryPath = resolvePath(folder, settings?.directory ?? 'migrations');
  const layout = options.layout && options.layout !== 'auto' ? options.layout : (settings?.layout ?? 'auto');
  const dialect = settings && settings.dialect !== 'auto' ? settings.dialect : configuration.dialect;
  const directory =
    (await files.kind(directoryPath)) === 'folder' ? await readMigrations(files, directoryPath, layout, dialect) : undefined;
  const runner = {
    multiStatement: settings?.multiStatement ?? configuration.runner.multiStatement,
    pendingInOneTransaction: settings?.pendingInOneTransaction ?? configuration.runner.pendingInOneTransaction,
    searchPath: settings?.searchPath ?? configuration.runner.searchPath,
  };
  const read = directory?.ok ? withRunnerSettings(withTargets(directory.value, manifest.manifest), runner) : undefined;
  if (directory && !directory.ok && directory.problem.code !== 'layout-unknown') throw new ProblemError(directory.problem);
  const own = (relative: string | undefined) => (relative === undefined ? undefined : resolvePath(folder, relative));
  const apis = await readApis(manifest, files);
  const apiFiles = filesOfApis(apis);
  const queries = await queriesOf(manifest.manifest, folder, files);
  const declared = await readDeclared(files, folder, {
    file: settings?.baseline === undefined ? configuration.file : path,
    baseline: own(settings?.baseline) ?? configuration.baseline,
    statistics: own(settings?.statistics) ?? configuration.statistics,
  });
  return {
    root: path,
    manifest,
    directory: read,
    minimum: options.minimum ?? Number(settings?.minimum ?? configuration.minimum ?? defaultMinimum),
    guessesMinimum: (options.minimum ?? settings?.minimum ?? configuration.minimum) === undefined,
    completeHistory: read !== undefined && isComplete(read),
    findOtherHistories: read && options.checkouts?.finder(files, read, path),
    configuration: { ...configuration.checks, ...manifest.manifest?.checks },
    settlement: await settled(options, read, manifest.manifest, settings?.since ?? configuration.since),
    ...declared.values,
    platforms: await platformsOf(files, directoryPath),
    systems: await readSystems(files, folder, systems),
    today: options.today,
    apiReadings: apis,
    queries,
    queryFolders: new Set((manifest.manifest?.releases ?? []).flatMap(queryPathsOf).map((each) => resolvePath(folder, each))),
    missingFiles: new Set([
      ...declared.values.missingFiles,
      ...apiFiles.missing,
      ...Object.values(systems).map((each) => systemFile(folder, each)),
    ]),
    ownedFiles: new Set([path, ...(read ? scriptFiles(read) : []), ...declared.files, ...apiFiles.owned, ...queryFiles(queries)]),
  };
}

/** The queries of every release that names some. */
async function queriesOf(manifest: Manifest | undefined, folder: string, files: Files): Promise<ReleaseQueries[]> {
  const found: ReleaseQueries[] = [];
  for (const release of manifest?.releases ?? []) {
    const paths = queryPathsOf(release);
    if (paths.length > 0) found.push(await readQueries(release.version, paths, folder, files));
  }
  return found;
}

function queryFiles(queries: readonly ReleaseQueries[]): string[] {
  return queries.flatMap((each) => [...each.queries, ...each.unusable].map(({ file }) => file));
}

async function openLoose(options: OpenProjectOptions): Promise<Project> {
  const { files, paths } = options;
  const [first = '/'] = paths;
  const configuration = await readConfiguration(files, parentFolder(first));
  const directory = unwrap(await readLooseFiles(files, paths, configuration.dialect));
  const unreadable = directory.problems.find(({ kind }) => kind === 'unreadable-script');
  if (unreadable && directory.migrations.length === 0 && paths.length === 1) await files.readText(first);
  const declared = await readDeclared(files, parentFolder(first), configuration);
  return {
    root: directory.path,
    manifest: undefined,
    directory,
    minimum: options.minimum ?? configuration.minimum ?? defaultMinimum,
    guessesMinimum: (options.minimum ?? configuration.minimum) === undefined,
    completeHistory: false,
    configuration: configuration.checks,
    systems: new Map(),
    today: options.today,
    settlement: nothingSettled,
    ...declared.values,
    platforms: await platformsOf(files, directory.path),
    ownedFiles: new Set([...scriptFiles(directory), ...declared.files]),
  };
}

/** The files beside the migrations that settings name, and the statistics that lie in the project's folder without being named. */
async function readDeclared(
  files: Files,
  folder: string,
  { file, baseline, statistics }: Pick<ConfigurationFile, 'file' | 'baseline' | 'statistics'>,
): Promise<{ values: Pick<Project, 'baseline' | 'statistics' | 'missingFiles'>; files: string[] }> {
  const besides = joined(folder, statisticsFileName);
  const sizes = statistics ?? ((await files.kind(besides)) === 'file' ? besides : undefined);
  return {
    values: {
      baseline: baseline === undefined ? undefined : await readBaseline(files, baseline, file ?? folder),
      statistics: sizes === undefined ? undefined : await readStatistics(files, sizes),
      missingFiles: new Set(sizes === undefined ? [besides] : []),
    },
    files: [baseline, sizes].filter((each) => each !== undefined),
  };
}

/** False when a script could not be read or is a program, so that later scripts may touch what only that one makes. */
function isComplete({ problems }: MigrationDirectory): boolean {
  return !problems.some(({ kind }) => kind === 'opaque-script' || kind === 'unreadable-script');
}

function scriptFiles(directory: MigrationDirectory): Set<string> {
  return new Set([...directory.problems, ...directory.migrations.flatMap(scriptsOf)].map(({ file }) => file));
}

function unwrap<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new ProblemError(outcome.problem);
  return outcome.value;
}

function notFound(path: string): Problem {
  return {
    code: 'file-not-found',
    file: path,
    message: `${path} does not exist.`,
    remedy: 'Check the spelling of the path and the current folder.',
  };
}

function nothingToCheck(why: string): Problem {
  return {
    code: 'nothing-to-check',
    message: `There is nothing to check: ${why}.`,
    remedy: 'Specify a manifest (upgrade.yaml), a migrations directory or SQL files.',
  };
}
