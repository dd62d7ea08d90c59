import { randomUUID } from 'node:crypto';
import { VersionTracker } from '../journal/version-tracker';
import type { Clock, ReportProgress } from '../../core/host';
import type { Problem } from '../../core/problem';
import { Journal, type BegunMigration, type StepEffect } from '../journal/journal';
import { journaledManifest } from '../journal/journaled';
import { readJournal } from '../journal/journal-reading';
import { lastOrdinal, type JournalState, type OpenRun, type StoredError, type StoredStep } from '../journal/journal-state';
import type { Database } from '../../databases/database';
import type { Target, TargetSession } from '../../databases/target';
import type { Backups } from '../backups/backups';
import type { EngineHost } from '../engine-host';
import type { Plan, PlanStep, RunReport, Verdict } from '../plan';
import type { UpgradeSources } from '../../inputs/sources';
import { RowRecorder } from './row-recorder';
import { StatusTracker } from './status-tracker';

/** Everything that carrying out a plan needs. The session holds the target's lock. */
export interface RunContext {
  readonly host: EngineHost;
  readonly sources: UpgradeSources;
  readonly session: TargetSession;
  readonly backups: Backups;
  readonly watchWaits: Target['watchWaits'];
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

/**
 * One run at work. It owns the session and the journal, both of which a restore replaces. The journal's writes, `act` and
 * `transaction` pass the fault points at which tests end the process.
 */
export class Run {
  readonly id: string;
  /** The run that this one resumes. */
  readonly resumed: OpenRun | undefined;
  /** Steps that an earlier session of the run left in the journal, by id. */
  readonly earlier: ReadonlyMap<string, StoredStep>;
  /** Answers of a person about steps that no probe can prove: `<step id>=done` or `<step id>=repeat`. */
  readonly accept: ReadonlySet<string>;
  readonly tracker: StatusTracker;
  readonly rows: RowRecorder;
  /** What a rollback restored, once that is compared. */
  verdict: Verdict | undefined;
  /** True when the target may hold changes of this run, made now or before it was interrupted. */
  touched: boolean;
  #session: TargetSession;
  #journal: Journal;
  #resetSession = '';

  /** Opens the journal for a run on the session. @throws ProblemError `journal-newer`, `journal-damaged` */
  static async open(context: RunContext, plan: Plan): Promise<Run> {
    const journal = await openJournal(context, context.session);
    return new Run(context, plan, journal, await readJournal(context.session));
  }

  private constructor(
    private readonly context: RunContext,
    readonly plan: Plan,
    journal: Journal,
    /** As read under the lock, before the run. */
    readonly state: JournalState,
  ) {
    this.resumed = state.openRun?.direction === plan.direction ? state.openRun : undefined;
    this.id = this.resumed?.id ?? randomUUID();
    this.earlier = new Map(this.resumed?.steps.map((step) => [step.id, step]));
    this.accept = new Set(context.accept);
    this.touched = this.resumed !== undefined;
    this.tracker = new StatusTracker(plan, context.host.clock, context.onProgress, this.resumed?.steps);
    this.rows = new RowRecorder(context.sources.database.catalogue, context.host.clock);
    this.#session = context.session;
    this.#journal = journal;
  }

  get host(): EngineHost {
    return this.context.host;
  }

  get clock(): Clock {
    return this.context.host.clock;
  }

  get sources(): UpgradeSources {
    return this.context.sources;
  }

  get database(): Database {
    return this.sources.database;
  }

  get backups(): Backups {
    return this.context.backups;
  }

  get signal(): AbortSignal | undefined {
    return this.context.signal;
  }

  get session(): TargetSession {
    return this.#session;
  }

  get journal(): Journal {
    return this.#journal;
  }

  /**
   * SQL that undoes what a script set for the session. It ends with its migration, so that a resumed run sees what an
   * uninterrupted one sees.
   */
  get resetSession(): string {
    return this.#resetSession;
  }

  /** Begins the run in the journal, or begins again the one that is resumed. */
  async begin(boundary: number): Promise<void> {
    await this.database.execution.setSearchPath(this.#session, this.sources.directory?.runner.searchPath);
    this.#resetSession = await this.database.execution.resetSqlFor(this.#session);
    if (!this.resumed) return this.#beginAt(boundary);
    await this.#journal.reopenRun({
      id: this.id,
      plan: this.plan,
      manifest: journaledManifest(this.sources.manifest),
      holder: this.host.holder,
    });
  }

  /** Goes on with the session that a restore returned, and with the journal in it. */
  async moveTo(session: TargetSession): Promise<void> {
    this.#session = session;
    this.#journal = await openJournal(this.context, session);
  }

  /**
   * Begins the run in the journal that came back with a restore: a run that was at work when the backup was taken has, in the
   * restored state, done nothing.
   */
  async beginAnew(): Promise<void> {
    await this.#beginAt(lastOrdinal(await readJournal(this.#session)));
    this.touched = true;
  }

  async #beginAt(boundary: number): Promise<void> {
    await this.#journal.beginRun({
      id: this.id,
      plan: this.plan,
      manifest: journaledManifest(this.sources.manifest),
      boundary,
      schema: await this.database.catalogue.readSchema(this.#session),
      holder: this.host.holder,
    });
  }

  async intend(step: PlanStep, begun?: BegunMigration): Promise<void> {
    await this.#journal.intend(this.id, step, begun, await this.rows.before(step, this.#session, this.state));
  }

  done(step: PlanStep, effect?: StepEffect): Promise<void> {
    return this.#journal.done(this.id, step, effect);
  }

  /** Does a whole step, and tells the tracker when it waits for a lock. Backups and restores allow no second connection. */
  async watched<T>(step: PlanStep, work: () => Promise<T>): Promise<T> {
    if (step.kind === 'backup' || step.kind === 'restore') return work();
    const stop = this.context.watchWaits(this.#session, (wait) => this.tracker.waits(wait));
    return work().finally(stop);
  }

  /** An attempt of the step that is at work did not get its lock. */
  onLockLost(attempt: number, attempts: number): void {
    this.tracker.lockLost(attempt, attempts);
  }

  /** Does the work of a step, or a part of it. */
  async act<T>(step: PlanStep, work: () => Promise<T>): Promise<T> {
    const result = await work();
    await this.host.faultPoint?.(`acted ${step.id}`);
    return result;
  }

  /** Does work that changes the target, all or nothing. */
  async transaction<T>(step: PlanStep, work: () => Promise<T>): Promise<T> {
    const result = await this.#session.transaction(work);
    this.touched = true;
    await this.host.faultPoint?.(`committed ${step.id}`);
    return result;
  }

  /** Ends the run in the journal before its time, where the journal can be written. */
  async stop(state: 'failed' | 'cancelled', error?: StoredError): Promise<void> {
    // When the target is out of reach its journal still says "running", which the next run treats in the same way.
    const rows = this.touched ? await this.rows.atEnd(this.#session).catch(() => undefined) : undefined;
    await this.#journal.closeRun(this.id, this.touched ? state : 'nothing', { error, rows }).catch(() => undefined);
  }

  /** Ends the run in the journal after its last step. */
  async finish(): Promise<void> {
    const rows = await this.rows.atEnd(this.#session);
    const last = this.plan.steps.at(-1);
    const isRecorded = last?.kind === 'release' && last.direction === 'up';
    const schema = isRecorded ? undefined : await this.database.catalogue.readSchema(this.#session);
    await this.#journal.closeRun(this.id, 'done', { error: this.verdict && notRestored(this.verdict), rows, schema });
  }

  async result(problem: Problem | undefined): Promise<RunResult> {
    const journal = await readJournal(this.#session).catch(() => this.state);
    const release = new VersionTracker(journal).currentRelease;
    const { verdict } = this;
    const isRestored = verdict?.schema.result === 'same' && verdict.rows.result === 'same';
    const verified = problem === undefined && (this.plan.direction === 'upgrade' || isRestored);
    return { report: this.tracker.report(this.id, { release, verified, verdict }), problem, session: this.#session };
  }
}

/** What the journal keeps of a rollback that did not restore everything. */
function notRestored({ schema, rows }: Verdict): StoredError | undefined {
  const [message, left] = [schema, rows].map((part) => (part.result === 'different' ? part.message : undefined));
  return message === undefined && left === undefined ? undefined : { message: message ?? '', rows: left };
}

function openJournal({ host, sources }: RunContext, session: TargetSession): Promise<Journal> {
  return Journal.open(session, { clock: host.clock, system: sources.manifest.system, faultPoint: host.faultPoint });
}
