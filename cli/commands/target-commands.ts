import { manifestIn } from '#engine/inputs/manifest/find-manifest';
import type { Progress } from '#engine/core/host';
import { resolvePath } from '#engine/core/paths';
import { type Outcome, ProblemError, success } from '#engine/core/problem';
import type { Installation, RunRequest } from '#engine/operations/installation';
import { RollbackManager } from '#engine/operations/rollback-manager';
import { StateRecovery } from '#engine/operations/state-recovery';
import { UpgradeManager } from '#engine/operations/upgrade-manager';
import { writeStatistics } from '#engine/operations/write-statistics';
import type { EngineHost } from '#engine/running/engine-host';
import { formatPlan } from '#engine/running/planning/format-plan';
import {
  describeDrift,
  type BackupInfo,
  type ListedBackup,
  type MigrationState,
  type Plan,
  type RestoredBackup,
  type RunReport,
  type TargetStatus,
  type VerificationReport,
} from '#engine/running/plan';
import { hostname } from 'node:os';
import { exitCodes } from '../exit-codes';
import { styleFor } from '../output/style';
import { count } from '../output/text';
import { progressLine } from '../progress';
import type { Terminal } from '../terminal';
import { toolVersion } from '../version';
import { emit, type OutputOptions, report } from './report';

export interface TargetOptions extends OutputOptions {
  readonly target?: string;
  /** Wait with no time limit for another run on the target. */
  readonly wait?: boolean;
}

interface WayOptions extends TargetOptions {
  readonly to?: string;
  readonly migration?: string;
}

interface RunOptions extends WayOptions {
  readonly plan?: string;
  readonly yes?: boolean;
}

interface Decisions {
  readonly accept?: string[];
  readonly backup?: boolean;
}

/** `plan`: prints the plan and changes nothing. */
export async function plan(terminal: Terminal, manifest: string | undefined, options: WayOptions & Decisions): Promise<number> {
  const { to, migration, accept, backup } = options;
  const make = (installation: Installation) => new UpgradeManager(installation).plan({ to, migration, accept, backup });
  return operate(terminal, manifest, options, make, (value) => `${formatPlan(value)}\n`);
}

/** `apply`: shows the plan, has it confirmed where that is needed, and runs it with progress. */
export async function apply(terminal: Terminal, manifest: string | undefined, options: RunOptions & Decisions): Promise<number> {
  const { to, migration, accept, backup } = options;
  const run = async (installation: Installation) => {
    const manager = new UpgradeManager(installation);
    const request = { to, migration, accept, backup };
    const confirmed = await confirm(terminal, options, () => manager.plan(request));
    return confirmed.ok ? manager.perform({ ...request, ...confirmed.value }) : confirmed;
  };
  return operate(terminal, manifest, options, run, (value) => describeRun(value, terminal));
}

/** `rollback`: as `apply`, the other way. */
export async function rollback(
  terminal: Terminal,
  manifest: string | undefined,
  options: RunOptions & Decisions & { how?: 'down' | 'restore'; dryRun?: boolean; endConnections?: boolean },
): Promise<number> {
  const { to, migration, how, accept, backup, endConnections } = options;
  const request = { to, migration, how, accept, backup, endConnections };
  const make = (installation: Installation) => new RollbackManager(installation).plan(request);
  if (options.dryRun) return operate(terminal, manifest, options, make, (value) => `${formatPlan(value)}\n`);
  const run = async (installation: Installation) => {
    const confirmed = await confirm(terminal, options, () => make(installation));
    return confirmed.ok ? new RollbackManager(installation).perform({ ...request, ...confirmed.value }) : confirmed;
  };
  return operate(terminal, manifest, options, run, (value) => describeRun(value, terminal));
}

/** `status`: prints the release, the migrations that are not applied as they are in the manifest, and the backups. */
export async function status(
  terminal: Terminal,
  manifest: string | undefined,
  options: TargetOptions & { all?: boolean },
): Promise<number> {
  const look = (installation: Installation) => new UpgradeManager(installation).status();
  return operate(terminal, manifest, options, look, (value) => describeStatus(value, terminal, options.all === true));
}

/** `verify`: exits with 1 when a check does not pass. */
export async function verify(terminal: Terminal, manifest: string | undefined, options: TargetOptions): Promise<number> {
  let passed = true;
  const run = async (installation: Installation) => {
    const outcome = await new StateRecovery(installation).verify();
    passed = !outcome.ok || outcome.value.passed;
    return outcome;
  };
  const code = await operate(terminal, manifest, options, run, (value) => describeVerification(value, terminal));
  return passed ? code : exitCodes.findings;
}

export async function backup(terminal: Terminal, manifest: string | undefined, options: TargetOptions): Promise<number> {
  return operate(terminal, manifest, options, (installation) => new StateRecovery(installation).backup(), describeBackup);
}

export async function restore(
  terminal: Terminal,
  manifest: string | undefined,
  options: RunOptions & { backup?: string; otherDatabase?: string; endConnections?: boolean },
): Promise<number> {
  const { backup, otherDatabase, endConnections } = options;
  const run = async (installation: Installation) => {
    const recovery = new StateRecovery(installation);
    const preview = await recovery.preview({ backup, otherDatabase });
    if (!preview.ok) return preview;
    const { value } = preview;
    if (options.format === 'text' && !options.events) terminal.out(`${value.text}\n\n`);
    const confirmed = options.yes === true || !value.protected || (await agrees(terminal, `Restore it on ${value.target}?`));
    // The backup that was shown, although another one may be the newest by now.
    return recovery.restore({ backup: value.backup.id, otherDatabase, confirmed, endConnections });
  };
  return operate(terminal, manifest, options, run, describeRestore);
}

/** `statistics`: writes the sizes of the target's tables to a file of the repository. */
export async function statistics(
  terminal: Terminal,
  manifest: string | undefined,
  options: TargetOptions & { output?: string },
): Promise<number> {
  const output = options.output === undefined ? undefined : resolvePath(terminal.cwd, options.output);
  const write = async (installation: Installation) => {
    const outcome = await writeStatistics({ ...installation, output });
    return outcome.ok ? success({ ...outcome.value, tables: Object.fromEntries(outcome.value.tables) }) : outcome;
  };
  const told = ({ file, tables }: { file: string; tables: object }) =>
    `wrote the sizes of ${count(Object.keys(tables).length, 'table')} to ${file}\n`;
  return operate(terminal, manifest, options, write, told);
}

/** Runs an operation on a target with progress, reports what came of it, and returns the exit code. */
export async function operate<T>(
  terminal: Terminal,
  manifest: string | undefined,
  options: TargetOptions,
  work: (installation: Installation) => Promise<Outcome<T> & { report?: RunReport; status?: TargetStatus }>,
  text: (value: T) => string,
): Promise<number> {
  const manifestPath = await findManifest(terminal, manifest);
  const progress = progressLine(terminal, styleFor(terminal.colors));
  const host: EngineHost = {
    files: terminal.files,
    clock: terminal.clock,
    logger: logger(terminal, options),
    environment: terminal.environment,
    assets: `${terminal.distribution}/pglite`,
    nodeVersion: terminal.nodeVersion,
    holder: `mem8-upgrade ${toolVersion} on ${hostname()}, process ${process.pid}`,
  };
  const onProgress = options.events
    ? (value: Progress) => emit(terminal, { event: 'progress', ...value })
    : options.format === 'text'
      ? progress.report
      : undefined;
  const waitMs = options.wait ? Infinity : undefined;
  const outcome = await work({ manifestPath, host, signal: terminal.signal, target: options.target, onProgress, waitMs });
  progress.done();
  return report(terminal, options, outcome, text);
}

async function findManifest(terminal: Terminal, manifest: string | undefined): Promise<string> {
  const path = resolvePath(terminal.cwd, manifest ?? '.');
  const kind = await terminal.files.kind(path);
  if (kind === 'file') return path;
  const found = kind === 'folder' ? await manifestIn(terminal.files, path) : undefined;
  if (found) return found;
  const what = kind === 'folder' ? `${path} contains no upgrade.yaml` : `${path} does not exist`;
  throw new ProblemError({
    code: kind === 'folder' ? 'manifest-not-found' : 'file-not-found',
    file: path,
    message: `${what}.`,
    remedy: 'Specify the manifest, or create one with: mem8-upgrade init <migrations directory>.',
  });
}

function logger(terminal: Terminal, options: OutputOptions): EngineHost['logger'] {
  const write = (level: 'info' | 'warn' | 'error') => (message: string) => {
    if (options.events) emit(terminal, { event: 'log', level, message });
    else if (level !== 'info') terminal.err(`${message}\n`);
  };
  return { debug: () => undefined, info: write('info'), warn: write('warn'), error: write('error') };
}

/** The plan to run and whether a person agreed to it. Without `--plan` the plan is made and shown now. */
async function confirm(
  terminal: Terminal,
  options: RunOptions,
  makePlan: () => Promise<Outcome<Plan>>,
): Promise<Outcome<Pick<RunRequest, 'planId' | 'basis' | 'confirmed'>>> {
  if (options.plan !== undefined && options.yes) return { ok: true, value: { planId: options.plan, confirmed: true } };
  const made = await makePlan();
  if (!made.ok) return made;
  const { value } = made;
  if (options.format === 'text' && !options.events) terminal.out(`${formatPlan(value)}\n\n`);
  // The run refuses it and says what has changed.
  if (options.plan !== undefined && options.plan !== value.id) return success({ planId: options.plan });
  const isFree = options.yes === true || !value.protected;
  // Of several runs that wait for each other, each does what is left to do. A rollback without a release would do more.
  const isRepeatable = value.direction === 'upgrade' || options.to !== undefined;
  if (isFree && isRepeatable && options.wait && options.plan === undefined) return success({ confirmed: true });
  const confirmed =
    isFree || (await agrees(terminal, `${value.direction === 'upgrade' ? 'Run this upgrade' : 'Roll back'} on ${value.target}?`));
  return success({ planId: value.id, basis: value.basis, confirmed });
}

async function agrees(terminal: Terminal, question: string): Promise<boolean> {
  return /^y(es)?$/i.test((await terminal.ask(`${question} [y/N] `))?.trim() ?? '');
}

function describeRun(run: RunReport, terminal: Terminal): string {
  const style = styleFor(terminal.colors);
  const marks = {
    done: style.green('done   '),
    undone: style.green('undone '),
    failed: style.red('failed '),
    unknown: style.red('unknown'),
    running: 'running',
    pending: style.dim('pending'),
  };
  const lines = run.steps.map(({ title, state, ms, message }) => `  ${marks[state]} ${titled(title, message)} ${style.dim(`(${ms} ms)`)}`);
  if (run.run === '') return `Nothing to do: the target is at ${run.release ?? 'no release'}.\n`;
  const end = `${wayText(run)} in ${(run.ms / 1000).toFixed(1)} s${comparedText(run)}.`;
  const saved = run.backup
    ? `Backup ${run.backup.id} at ${run.backup.location}, ${run.backup.proven ? 'proven to restore' : 'not proven'}.\n`
    : '';
  return `${lines.join('\n')}\n\n${style.green(end)}\n${saved}`;
}

function wayText({ direction, from, release }: RunReport): string {
  const place = release ?? 'empty';
  if (from === release) return direction === 'upgrade' ? `Applied at ${place}` : `Rolled back to ${place}`;
  return `${direction === 'upgrade' ? 'Upgraded' : 'Rolled back'} from ${from ?? 'empty'} to ${place}`;
}

function comparedText({ verified, verdict }: RunReport): string {
  if (verified) return ', verified';
  return verdict?.schema.result === 'same' ? ', schema verified, rows not compared' : '';
}

function titled(title: string, text: string | undefined): string {
  return text ? `${title}: ${text}` : title;
}

function describeStatus(value: TargetStatus, terminal: Terminal, all: boolean): string {
  const style = styleFor(terminal.colors);
  const listed = all ? value.migrations : value.migrations.filter(({ state }) => state !== 'applied');
  const lines = [
    `${style.bold(`${value.system} on ${value.target}`)} (${value.targetDescription}, PostgreSQL ${value.serverVersion}${value.protected ? ', protected' : ''})`,
    `  release     ${releaseOf(value)}${value.newest && value.newest !== value.release ? `, newest is ${value.newest}` : ''}`,
    `  migrations  ${migrationCounts(value.migrations)}`,
    ...listed.map(
      ({ id, release, state, appliedAt }) =>
        `    ${state.padEnd(8)} ${release.padEnd(10)} ${id}${appliedAt ? style.dim(` ${appliedAt}`) : ''}`,
    ),
    `  backups     ${value.backups.length === 0 ? 'none' : value.backups.length}`,
    ...value.backups.map(
      (each) =>
        `    ${each.id} of ${each.release ?? 'empty'}${each.proven ? ', proven to restore' : ', not proven'}${takenOf(each)} ${style.dim(each.location)}`,
    ),
  ];
  if (value.leftCopies.length > 0) {
    const [copies, them] = value.leftCopies.length === 1 ? ['1 copy', 'it'] : [`${value.leftCopies.length} copies`, 'them'];
    lines.push(`  left over   ${copies} of interrupted backups and restores; the next backup removes ${them}`);
    lines.push(...value.leftCopies.map(({ location, bytes }) => `    ${location} ${style.dim(megabytes(bytes))}`));
  }
  if (value.interrupted) {
    const { direction, step, state, ended, done, total, error } = value.interrupted;
    const next =
      direction === 'rollback'
        ? 'Resume it with rollback, or upgrade again with apply.'
        : 'Resume it with apply, or roll it back with rollback.';
    lines.push(
      style.red(
        `  ${direction === 'rollback' ? 'A rollback' : 'An upgrade'} ${ended === 'failed' ? ended : `was ${ended}`} after step ${done} of ${total}, at ${step} (${state})${error ? `: ${error.replace(/\.$/, '')}` : ''}. ${next}`,
      ),
    );
  }
  if (value.running) {
    const { direction, title, since, by, done, total } = value.running;
    const step = `step ${Math.min(done + 1, total)} of ${total}, ${title}, since ${since}`;
    lines.push(`  ${direction === 'rollback' ? 'A rollback' : 'An upgrade'} is running: ${step}. By ${by}.`);
  }
  if (value.leftover !== undefined) {
    const left = value.leftover.replace(/\.$/, '');
    lines.push(style.red(`  The last rollback did not restore the schema: ${left}. Correct the schema by hand, then run verify.`));
  }
  if (value.rowsLeft !== undefined) {
    lines.push(style.red(`  The last rollback did not restore all rows. ${value.rowsLeft} Correct them by hand, or restore a backup.`));
  }
  if (value.drift?.length) {
    lines.push(style.red('  The schema was changed outside the journal. Undo each change, or accept it by name with the next run:'));
    lines.push(...value.drift.map((each) => `    ${describeDrift(each)}: ${style.dim(`--accept "drift:${each.name}"`)}`));
  }
  if (value.journalLacks?.length) {
    lines.push(style.red(`  The journal lacks ${value.journalLacks.join(', ')}. Restore the target from a backup.`));
  }
  return `${lines.join('\n')}\n`;
}

function takenOf({ origin, targetDescription }: ListedBackup): string {
  if (origin === 'this') return '';
  return origin === 'other' ? `, of another database: ${targetDescription}` : ', database not recorded';
}

/** `46 applied, 1 pending`. */
function migrationCounts(migrations: readonly MigrationState[]): string {
  const parts = (['applied', 'pending', 'partial', 'edited', 'missing'] as const).flatMap((state) => {
    const number = migrations.filter((migration) => migration.state === state).length;
    return number > 0 || state === 'pending' ? [`${number} ${state}`] : [];
  });
  return parts.join(', ');
}

function releaseOf({ release, interrupted, running }: TargetStatus): string {
  const run = interrupted ?? running;
  if (!run) return release ?? 'nothing applied yet';
  return `between ${run.from ?? 'empty'} and ${run.to ?? 'empty'}`;
}

function describeVerification(value: VerificationReport, terminal: Terminal): string {
  const style = styleFor(terminal.colors);
  const lines = value.checks.map(
    ({ name, result, message }) =>
      `  ${result === 'passed' ? style.green('passed ') : result === 'skipped' ? style.dim('skipped') : style.red(result.padEnd(7))} ${name}${message ? style.dim(`: ${message}`) : ''}`,
  );
  const expected = value.release === null ? 'the empty target' : `release ${value.release}`;
  const end = value.passed ? style.green(`${value.target} matches ${expected}.`) : style.red(`${value.target} does not match ${expected}.`);
  return `${lines.join('\n')}\n${end}\n`;
}

function describeBackup({ id, release, bytes, location, proven }: BackupInfo): string {
  return `backup ${id} of release ${release ?? 'none'}, ${megabytes(bytes)}, ${proven ? 'proven to restore' : 'not proven'}: ${location}\n`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

function describeRestore(restored: RestoredBackup): string {
  const kept = restored.previous === undefined ? '' : `The replaced database is kept at ${restored.previous}.\n`;
  return `Restored ${describeBackup(restored)}${kept}`;
}
