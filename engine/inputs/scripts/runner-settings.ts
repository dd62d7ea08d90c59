import type { MigrationDirectory, RunnerProfile } from '../../core/scripts';
import { schemasInPath, searchPathsIn } from './search-path';

/** What a project says of how its migration tool is started. */
export interface RunnerSettings {
  /** golang-migrate's `x-multi-statement`; default: as the files that start it say. */
  readonly multiStatement?: boolean | undefined;
  /** Whether all pending migrations run in one transaction; default: as the tool does it. */
  readonly pendingInOneTransaction?: boolean | undefined;
  /** The search path of the tool's connection: schemas, or all of them in one text; default: as the files that start it say. */
  readonly searchPath?: string | readonly string[] | undefined;
}

/** The directory with what is said of its tool. `multiStatement` means nothing for other tools than golang-migrate. */
export function withRunnerSettings(directory: MigrationDirectory, settings: RunnerSettings): MigrationDirectory {
  const { multiStatement, pendingInOneTransaction, searchPath } = settings;
  let { runner } = directory;
  if (multiStatement !== undefined && directory.layout === 'golang-migrate') runner = multiStatementRunner(runner, multiStatement);
  if (pendingInOneTransaction !== undefined) runner = { ...runner, pendingInOneTransaction };
  if (searchPath !== undefined) runner = { ...runner, searchPath: typeof searchPath === 'string' ? schemasInPath(searchPath) : searchPath };
  return runner === directory.runner ? directory : { ...directory, runner };
}

/** golang-migrate with and without `x-multi-statement`: it then cuts scripts at every semicolon and sends the pieces one by one. */
export function multiStatementRunner(runner: RunnerProfile, isOn: boolean): RunnerProfile {
  return { ...runner, sends: isOn ? 'statements' : 'whole', cutsAtSemicolons: isOn };
}

/** A manifest, as far as its targets have addresses. */
interface WithTargets {
  readonly targets: Readonly<Record<string, { readonly driver: string; readonly url?: string }>>;
}

/**
 * The directory as a run of its manifest takes it: on a connection that is reset after each migration, with the search path that the
 * addresses of the targets have in common. Where they differ, each target has its own.
 */
export function withTargets(directory: MigrationDirectory, manifest: WithTargets | undefined): MigrationDirectory {
  const urls = Object.values(manifest?.targets ?? {}).flatMap(({ url }) => url ?? []);
  const paths = urls.map((url) => searchPathsIn(url, directory.layout)[0]);
  const [first] = paths;
  const isCommon = paths.every((path) => path?.join() === first?.join());
  const searchPath = isCommon ? (first ?? directory.runner.searchPath) : undefined;
  return { ...directory, runner: { ...directory.runner, keepsSession: false, searchPath } };
}
