import type { MigrationDirectory, RunnerProfile } from './migration';

/** What a project says of how its migration tool is started. */
export interface RunnerSettings {
  /** golang-migrate's `x-multi-statement`; default: as the files that start it say. */
  readonly multiStatement?: boolean | undefined;
  /** Whether all pending migrations run in one transaction; default: as the tool does it. */
  readonly pendingInOneTransaction?: boolean | undefined;
}

/** The directory with what is said of its tool. `multiStatement` means nothing for other tools than golang-migrate. */
export function withRunnerSettings(directory: MigrationDirectory, settings: RunnerSettings): MigrationDirectory {
  const { multiStatement, pendingInOneTransaction } = settings;
  let { runner } = directory;
  if (multiStatement !== undefined && directory.layout === 'golang-migrate') runner = multiStatementRunner(runner, multiStatement);
  if (pendingInOneTransaction !== undefined) runner = { ...runner, pendingInOneTransaction };
  return runner === directory.runner ? directory : { ...directory, runner };
}

/** golang-migrate with and without `x-multi-statement`: it then cuts scripts at every semicolon and sends the pieces one by one. */
export function multiStatementRunner(runner: RunnerProfile, isOn: boolean): RunnerProfile {
  return { ...runner, sends: isOn ? 'statements' : 'whole', cutsAtSemicolons: isOn };
}
