import { randomUUID } from 'node:crypto';
import type { ReportProgress } from '../core/host';
import { parentFolder } from '../core/paths';
import { ProblemError, type Problem } from '../core/problem';
import { LineIndex } from '../core/text';
import { type Journal, readJournal } from './journal/journal';
import { currentRelease, type JournalState, type OpenRun, type StoredError } from './journal/journal-state';
import type { Transform } from '../inputs/manifest/schema';
import { DataMigrator } from './steps/data-migrator';
import type { MigrationRun } from './steps/migration-run';
import { resetSqlFor, setSearchPath } from '../databases/postgresql/execution/session-settings';
import { readSchemaState } from '../databases/postgresql/catalogue/fingerprint';
import type { StateVerdict } from './rollback/state-manager';
import { DatabaseFailure, type TargetSession } from '../databases/postgresql/connections/target';
import type { Backups } from './backups';
import type { EngineHost } from './engine-host';
import { runHealthCheck } from './health-checks';
import { minimumReader } from './minimum-reader';
import type { Plan, PlanStep, RunReport } from './plan';
import { journaled } from './journal/journaled';
import type { UpgradeSources } from '../inputs/sources';
import { StatusTracker } from './status-tracker';

/** Everything that carrying out a plan needs. The session holds the target's lock. */
export interface RunContext {
  readonly host: EngineHost;
  readonly sources: UpgradeSources;
  readonly session: TargetSession;
  readonly journal: Journal;
  /** As read under the lock, before the run. */
  readonly state: JournalState;
  readonly backups: Backups;
  readonly accept: readonly string[];
  readonly signal?: AbortSignal;
  readonly onProgress?: ReportProgress;
}

/** What became of a run. `problem` is set when it did not get to its end or its result is not what it should be. */
export interface RunResult {
  readonly report: RunReport;
  readonly problem?: Problem;
  /** The session to go on with: restoring replaces it. */
  readonly session: TargetSession;
}

/** What a rollback adds to the carrying out of a plan. */
export interface RollbackPart {
  /** A rollback of this run, when it is resumed, returns to the state with this ordinal. */
  readonly boundary: number;
  /** Transforms that are undone, by migration, as the journal keeps them. */
  readonly transforms: ReadonlyMap<string, Transform>;
  /** The up scripts of migrations that are there only in part, by migration. */
  readonly partial: ReadonlyMap<string, string>;
  /** Replaces the content of the target by the backup's. */
  restore?(context: RunContext, runId: string): Promise<{ session: TargetSession; journal: Journal; problem?: Problem }>;
  /** Compares the state that was reached with the one it should be; a sentence either way. */
  verify(session: TargetSession): Promise<StateVerdict>;
}

/** How many of the steps that are done a message names. */
const shownSteps = 5;

/** What a server answers to a statement that it was asked to stop. */
const queryCanceled = '57014';

/** Carries out a plan step by step: every step is journaled, so that a crash anywhere leaves a run that can be resumed or rolled back. */
export class PlanRunner {
  readonly #migrator = new DataMigrator();
  readonly #tracker: StatusTracker;
  readonly #openRun: OpenRun | undefined;
  readonly #id: string;
  #session: TargetSession;
  #journal: Journal;
  #resetSession = '';
  #touched: boolean;
  #verdict: StateVerdict = { equal: true, message: '' };
  #minReader: string | undefined;

  constructor(
    private readonly context: RunContext,
    private readonly plan: Plan,
    private readonly boundary: number,
    private readonly rollback?: RollbackPart,
  ) {
    const open = context.state.openRun;
    this.#openRun = open?.direction === plan.direction ? open : undefined;
    this.#id = this.#openRun?.id ?? randomUUID();
    this.#touched = open !== undefined;
    this.#minReader = context.state.releases.at(-1)?.minReader;
    this.#session = context.session;
    this.#journal = context.journal;
    this.#tracker = new StatusTracker(plan, context.host.clock, context.onProgress, this.#openRun?.steps);
  }

  async run(): Promise<RunResult> {
    await this.#begin();
    await this.#fault('run begun');
    for (const step of this.plan.steps) {
      const problem = await this.#guarded(step);
      if (problem) return this.#result(problem);
    }
    await this.#journal.closeRun(this.#id, 'done', this.#verdict.equal ? undefined : { message: this.#verdict.message });
    await this.#fault('run done');
    if (this.#verdict.equal) return this.#result(undefined);
    return this.#result({
      code: 'verification-failed',
      message: `The rollback to ${this.plan.to ?? 'the empty target'} finished but did not restore the schema: ${this.#verdict.message}`,
      remedy: 'Correct the down script, and correct the schema of this target manually or restore a backup.',
    });
  }

  async #begin(): Promise<void> {
    const { host, sources } = this.context;
    await setSearchPath(this.#session, sources.directory?.runner.searchPath);
    this.#resetSession = await resetSqlFor(this.#session);
    if (this.#openRun) {
      await this.#journal.reopenRun({ id: this.#id, plan: this.plan, manifest: sources.manifestText, holder: host.holder });
      return;
    }
    await this.#journal.beginRun({
      id: this.#id,
      plan: this.plan,
      manifest: sources.manifestText,
      boundary: this.boundary,
      schema: await readSchemaState(this.#session),
      holder: host.holder,
    });
  }

  /** Runs one step; returns the problem that ended the run, journaled where that was possible. */
  async #guarded(step: PlanStep): Promise<Problem | undefined> {
    const { host, signal } = this.context;
    try {
      if (signal?.aborted) return await this.#end(this.#cancelled(step), 'cancelled');
      host.logger.info(step.title);
      this.#tracker.start(step);
      const message = await this.#execute(step);
      this.#tracker.finish(step, 'done', message);
      return undefined;
    } catch (error) {
      const stopped = error instanceof DatabaseFailure ? error.error.sqlstate === queryCanceled : !(error instanceof ProblemError);
      if (signal?.aborted && stopped) {
        this.#tracker.finish(step, 'pending', 'Cancelled.');
        return this.#end(this.#cancelled(step), 'cancelled');
      }
      return this.#failed(step, error);
    }
  }

  async #failed(step: PlanStep, error: unknown): Promise<Problem> {
    const stored = storedError(error);
    if (!stored) {
      await this.#end(undefined, 'failed', { message: String(error) });
      throw error;
    }
    const problem = this.#problemOf(step, error, stored, await this.#leftBehind(step, error));
    this.#tracker.finish(
      step,
      error instanceof ProblemError && error.problem.code === 'step-unknown' ? 'unknown' : 'failed',
      stored.message,
    );
    if (!isOutOfTouch(error)) {
      await this.#journal.failed(this.#id, step, stored).catch(() => undefined);
    }
    return this.#end(problem, 'failed', stored);
  }

  async #end<T extends Problem | undefined>(problem: T, state: 'failed' | 'cancelled', error?: StoredError): Promise<T> {
    // When the target is out of reach its journal still says "running", which the next run treats in the same way.
    await this.#journal.closeRun(this.#id, this.#touched ? state : 'nothing', error).catch(() => undefined);
    return problem;
  }

  async #execute(step: PlanStep): Promise<string | undefined> {
    switch (step.kind) {
      case 'check':
      case 'verify':
        return step.direction === 'down' ? this.#verifyState(step) : this.#check(step);
      case 'backup':
        return this.#backup(step);
      case 'migration':
      case 'statement':
      case 'transform':
        return this.#migrate(step);
      case 'release':
        return this.#markRelease(step);
      case 'restore':
        return this.#restore(step);
    }
  }

  async #check(step: PlanStep): Promise<string> {
    const match = /\/check\/(before|after)#(\d+)$/.exec(step.id);
    const release = this.context.sources.manifest.releases.find((candidate) => candidate.version === step.release);
    const check = release?.checks[match?.[1] as 'before' | 'after']?.[Number(match?.[2]) - 1];
    if (!check) throw new Error(`the manifest has no check for the step ${step.id}`);
    const { host, sources, signal } = this.context;
    await this.#journal.intend(this.#id, step);
    const result = await runHealthCheck(check, {
      session: this.#session,
      folder: parentFolder(sources.manifestPath),
      environment: host.environment,
      ...(signal && { signal }),
    });
    if (result.result === 'passed') {
      await this.#journal.done(this.#id, step);
      return result.message;
    }
    throw new ProblemError({
      code: 'check-failed',
      message: `${step.title} ${result.result === 'failed' ? 'did not pass' : 'could not be run'}. ${result.message}`,
      remedy: '',
    });
  }

  async #backup(step: PlanStep): Promise<string> {
    await this.#journal.intend(this.#id, step);
    await this.#fault(`intended ${step.id}`);
    const { backups, signal } = this.context;
    const backup = await backups.take(this.#session, { release: this.plan.from, ...(signal && { signal }) });
    await this.#fault(`acted ${step.id}`);
    await this.#journal.done(this.#id, step, { backup });
    await this.#fault(`done ${step.id}`);
    this.#tracker.tookBackup(backup);
    return `${backup.location} (${backup.bytes} bytes, ${backup.proven ? 'proven' : 'not proven'}).`;
  }

  async #migrate(step: PlanStep): Promise<string | undefined> {
    const { sources } = this.context;
    const same = this.plan.steps.filter((other) => other.migration === step.migration && other.direction === step.direction);
    const source = sources.migrations.find((migration) => migration.id === step.migration);
    const isUp = step.direction === 'up';
    const transform = isUp ? source?.transform : this.rollback?.transforms.get(step.migration ?? '');
    return this.#migrator.migrate(
      this.#migrationRun(),
      {
        step,
        first: same[0] === step,
        last: same.at(-1) === step,
        migration: isUp && source ? journaled(source, sources.directory) : undefined,
        partial: this.rollback?.partial.get(step.migration ?? ''),
      },
      transform,
    );
  }

  #migrationRun(): MigrationRun {
    const { host, signal, accept } = this.context;
    return {
      id: this.#id,
      session: this.#session,
      journal: this.#journal,
      clock: host.clock,
      signal,
      earlier: new Map(this.#openRun?.steps.map((step) => [step.id, step])),
      accept: new Set(accept),
      resetSession: this.#resetSession,
      faultPoint: (name) => this.#fault(name),
      rows: (rows) => this.#tracker.rows(rows),
      touched: () => {
        this.#touched = true;
      },
    };
  }

  async #markRelease(step: PlanStep): Promise<undefined> {
    const { sources } = this.context;
    await this.#journal.intend(this.#id, step);
    await this.#fault(`intended ${step.id}`);
    if (step.direction === 'down') await this.#journal.done(this.#id, step, { left: step.release });
    else {
      const release = sources.manifest.releases.find((candidate) => candidate.version === step.release);
      const schema = await readSchemaState(this.#session);
      const minReader = minimumReader(sources.manifest, step.release, this.#minReader);
      this.#minReader = minReader;
      await this.#journal.done(this.#id, step, {
        reached: { release: step.release, schema, rollback: release?.rollback ?? 'down', minReader },
      });
    }
    this.#touched = true;
    await this.#fault(`done ${step.id}`);
    return undefined;
  }

  async #restore(step: PlanStep): Promise<undefined> {
    if (!this.rollback?.restore) throw new Error('there is no backup to restore');
    await this.#journal.intend(this.#id, step);
    await this.#fault(`intended ${step.id}`);
    const restored = await this.rollback.restore(this.context, this.#id);
    this.#session = restored.session;
    this.#journal = restored.journal;
    if (restored.problem) throw new ProblemError(restored.problem);
    this.#touched = true;
    await this.#fault(`acted ${step.id}`);
    await this.#journal.intend(this.#id, step);
    await this.#journal.done(this.#id, step);
    await this.#fault(`done ${step.id}`);
    return undefined;
  }

  async #verifyState(step: PlanStep): Promise<string> {
    await this.#journal.intend(this.#id, step);
    if (this.rollback) this.#verdict = await this.rollback.verify(this.#session);
    await this.#journal.done(this.#id, step);
    return this.#verdict.message;
  }

  #cancelled(step: PlanStep): Problem {
    return {
      code: 'cancelled',
      message: `The ${this.plan.direction} was cancelled before the step "${step.title}" finished. ${this.#whatIsDone()}`,
      remedy: this.#wayOn(),
    };
  }

  /** What a statement that cannot run in a transaction left half made when it failed, and what resuming does about it. */
  async #leftBehind(step: PlanStep, error: unknown): Promise<string> {
    if (step.transactional || step.sql === undefined || !(error instanceof DatabaseFailure)) return '';
    const found = await this.#migrator.validator.probe(this.#session, step.sql, true).catch(() => undefined);
    return found?.state === 'half' ? ` ${found.evidence} ${found.resuming}` : '';
  }

  #problemOf(step: PlanStep, error: unknown, stored: StoredError, left: string): Problem {
    const known = error instanceof ProblemError ? error.problem : undefined;
    const place = error instanceof DatabaseFailure ? this.#placeOf(step, error.error.offset) : {};
    const code = known?.code ?? 'step-failed';
    const message = known && code !== 'step-failed' ? known.message : `The step "${step.title}" failed: ${withStop(stored.message)}`;
    const undone =
      step.transactional && step.migration !== undefined && error instanceof DatabaseFailure ? ' All of its changes were rolled back.' : '';
    const hints = error instanceof DatabaseFailure ? [error.error.detail, error.error.hint, error.error.where] : [known?.cause];
    const cause = hints.filter((hint) => hint !== undefined && hint !== '').join(' ');
    return {
      code,
      message: `${message}${undone}${left} ${this.#whatIsDone()}`,
      remedy: [known?.remedy, this.#wayOn()].filter((text) => text !== undefined && text !== '').join(' '),
      ...(step.file !== undefined && { file: step.file }),
      ...place,
      ...(cause !== '' && { cause }),
    };
  }

  #placeOf(step: PlanStep, offset: number | undefined): { line?: number } {
    const migration = this.context.sources.migrations.find((candidate) => candidate.id === step.migration)?.script;
    const script = step.direction === 'up' ? migration?.up : migration?.down;
    if (!script || step.sql === undefined) return {};
    const at = script.sql.indexOf(step.sql);
    if (at < 0) return {};
    return { line: new LineIndex(script.sql).positionAt(at + (offset ?? leadingSpace(step.sql))).line + 1 };
  }

  #whatIsDone(): string {
    const from = this.plan.from ?? 'empty';
    if (!this.#touched) return `Nothing was changed: the target is still at ${from}.`;
    const done = this.#tracker.doneTitles();
    const earlier = done.length - shownSteps;
    const shown = done.slice(-shownSteps).join('; ');
    return done.length === 0
      ? 'No earlier step was completed.'
      : `Completed before it: ${earlier > 0 ? `${earlier} steps, then ` : ''}${shown}.`;
  }

  #wayOn(): string {
    if (!this.#touched) return 'Fix the cause and run it again.';
    return this.plan.direction === 'upgrade'
      ? `Fix the cause and run apply again; it resumes at this step. Or roll back to ${(this.#openRun ?? this.plan).from ?? 'empty'}.`
      : 'Fix the cause and roll back again; it resumes at this step.';
  }

  async #result(problem: Problem | undefined): Promise<RunResult> {
    const release = await readJournal(this.#session).then(currentRelease, () => currentRelease(this.context.state));
    const report = this.#tracker.report(this.#id, { release, verified: problem === undefined && this.#verdict.equal });
    return { report, session: this.#session, ...(problem && { problem }) };
  }

  async #fault(name: string): Promise<void> {
    await this.context.host.faultPoint?.(name);
  }
}

function storedError(error: unknown): StoredError | undefined {
  if (error instanceof DatabaseFailure) {
    return { message: `${error.error.message} (${error.error.sqlstate})`, sqlstate: error.error.sqlstate, database: error.error };
  }
  return error instanceof ProblemError ? { message: error.problem.message } : undefined;
}

/** True when writing to the journal is impossible or forbidden. */
function isOutOfTouch(error: unknown): boolean {
  const codes: readonly string[] = ['lock-lost', 'target-unreachable', 'target-damaged'];
  return error instanceof ProblemError && codes.includes(error.problem.code);
}

function withStop(message: string): string {
  return /[.!?]$/.test(message) ? message : `${message}.`;
}

function leadingSpace(text: string): number {
  return text.length - text.trimStart().length;
}
