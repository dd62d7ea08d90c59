import type { RowRecord } from '../../databases/row-record';
import type { SchemaState } from '../../databases/schema-state';
import type { Clock } from '../../core/host';
import { ProblemError } from '../../core/problem';
import type { Release, Transform } from '../../inputs/manifest/schema';
import type { TargetSession } from '../../databases/target';
import type { BackupInfo, Plan, PlanStep } from '../plan';
import { canonicalJson } from '../../core/hash';
import { settleIdentity } from './identity';
import { isPresent, readMeta } from './journal-reading';
import { requireRights } from './rights';
import type { RowMoment, StoredError, StoredRunner } from './journal-state';

/** What a migration leaves in the journal, so that any later engine can undo it. */
export interface JournaledMigration {
  readonly id: string;
  readonly release: string;
  readonly kind: 'script' | 'transform';
  readonly hash: string;
  readonly up: string;
  readonly down: string | undefined;
  readonly runner: { readonly up: StoredRunner; readonly down: StoredRunner } | undefined;
  readonly transform: Transform | undefined;
  readonly irreversible: string | undefined;
}

interface JournaledRun {
  readonly id: string;
  readonly plan: Plan;
  readonly manifest: string;
  readonly boundary: number;
  readonly schema: SchemaState;
  readonly holder: string;
}

/** The migration of a step that is there only in part from now on: `store` for one that is applied, `partial` for one that is undone. */
export interface BegunMigration {
  readonly store?: JournaledMigration;
  readonly partial?: string;
}

/** What the rows were at a moment of a run. */
export interface JournaledRows {
  readonly moment: RowMoment;
  /** The release that the target was at, empty before the first one; undefined between releases. */
  readonly state: string | undefined;
  readonly record: RowRecord;
}

interface JournalOptions {
  readonly clock: Clock;
  /** The manifest's `system`. */
  readonly system: string;
  /** Called after each write, with its name: after the commit, or inside the caller's transaction. Tests end the process here. */
  readonly faultPoint?: (name: string) => Promise<void>;
}

/**
 * The durable record, in the target itself, of what was done to it. Reading needs no lock; writing needs the target's lock
 * and the fence that `Journal.open` took, so that a run that lost its lock can write no more.
 * Every write is one transaction, or part of the caller's when one is open on the session.
 */
export class Journal {
  /** True once the runs that were open before are closed. */
  #superseded = false;

  private constructor(
    private readonly session: TargetSession,
    private readonly options: JournalOptions,
    private readonly fence: string,
  ) {}

  /**
   * Opens the journal for writing and creates it where there is none. Call it with the target's lock held.
   * @throws ProblemError `journal-newer`, `journal-damaged`, `right-denied`
   */
  static async open(session: TargetSession, options: JournalOptions): Promise<Journal> {
    const isThere = await isPresent(session);
    await requireRights(session);
    if (!isThere) await createJournal(session, options);
    await settleIdentity(session, await readMeta(session));
    if ((await session.query(session.journal.hasRecords)).length === 0) await session.execute(session.journal.addRecords);
    const [row] = await session.query(session.journal.takeFence);
    return new Journal(session, options, String(row?.fence));
  }

  /** A run that is open stays so until this one takes its first step beyond checks and backups. */
  async beginRun(run: JournaledRun): Promise<void> {
    const { plan } = run;
    await this.#write('run begun', ['begin', run.id, plan.id], async (now) => {
      await this.session.query(this.session.journal.insertRun, [
        run.id,
        plan.direction,
        JSON.stringify(plan),
        run.manifest,
        plan.from,
        plan.to,
        String(run.boundary),
        run.schema.fingerprint,
        JSON.stringify(run.schema.objects),
        run.holder,
        now,
      ]);
    });
  }

  /** Continues an open run, with the plan of what is left to do. */
  async reopenRun(run: { id: string; plan: Plan; manifest: string; holder: string }): Promise<void> {
    await this.#write('run begun', ['reopen', run.id, run.plan.id], async () => {
      await this.session.query(this.session.journal.reopenRun, [run.id, JSON.stringify(run.plan), run.manifest, run.holder]);
    });
  }

  /** `done`, with what is not as it should be and the schema where no release records it; `failed` and `cancelled` leave the run open; `undone` and `nothing` close a run that left nothing behind. */
  async closeRun(
    run: string,
    state: 'done' | 'failed' | 'cancelled' | 'undone' | 'nothing',
    { error, rows, schema }: { readonly error?: StoredError; readonly rows?: JournaledRows; readonly schema?: SchemaState } = {},
  ): Promise<void> {
    await this.#write(`run ${state}`, ['close', run, state], async (now) => {
      if (rows) await this.#storeRows(run, rows, now);
      await this.session.query(this.session.journal.closeRun, [run, state, json(error), now, json(schema)]);
      if (state === 'done') await this.#supersede(run, now);
    });
  }

  /** Says durably that a step is about to be acted on. */
  async intend(run: string, step: PlanStep, begun: BegunMigration = {}, rows?: JournaledRows): Promise<void> {
    await this.#write(`intended ${step.id}`, ['intend', run, step.id, step.hash], async (now) => {
      await this.session.query(this.session.journal.intendStep, [
        run,
        step.id,
        step.kind,
        step.direction,
        step.title,
        step.release,
        step.migration ?? null,
        step.sql ?? null,
        step.hash ?? null,
        step.transactional,
        now,
      ]);
      if (!isPreparation(step)) await this.#supersede(run, now);
      if (rows) await this.#storeRows(run, rows, now);
      if (begun.store) await this.#storeMigration(run, begun.store, 'partial', now);
      if (begun.partial !== undefined) await this.session.query(this.session.journal.partialMigration, [begun.partial]);
    });
  }

  /**
   * Says that a step is done. Inside the transaction of the change itself for a transactional step.
   * `effect` adds what the step means to the target's state.
   */
  async done(run: string, step: PlanStep, effect: StepEffect = {}): Promise<void> {
    await this.#write(`done ${step.id}`, ['done', run, step.id], async (now) => {
      await this.session.query(this.session.journal.finishStep, [run, step.id, 'done', null, now, text(effect.rows)]);
      if (effect.applied) await this.#storeMigration(run, effect.applied, 'applied', now);
      if (effect.forgotten !== undefined) await this.session.query(this.session.journal.deleteMigration, [effect.forgotten]);
      if (effect.reached) {
        const { release, schema, rollback, minReader, rows } = effect.reached;
        if (rows) await this.#storeRows(run, rows, now);
        await this.session.query(this.session.journal.insertRelease, [
          release,
          run,
          now,
          schema.fingerprint,
          JSON.stringify(schema.objects),
          JSON.stringify(rollback),
          minReader,
        ]);
      }
      if (effect.left !== undefined) await this.session.query(this.session.journal.deleteRelease, [effect.left]);
      if (effect.backup) {
        await this.session.query(this.session.journal.insertBackup, [
          effect.backup.id,
          run,
          JSON.stringify(effect.backup),
          effect.backup.createdAt,
        ]);
      }
    });
  }

  async failed(run: string, step: PlanStep, error: StoredError): Promise<void> {
    await this.#write(`failed ${step.id}`, ['failed', run, step.id, error.sqlstate], async (now) => {
      await this.session.query(this.session.journal.finishStep, [run, step.id, 'failed', json(error), now, null]);
    });
  }

  /** Keeps where a transform is. Call it inside the transaction of the batch. `keys` are kept so that the batch can be undone exactly. */
  async saveCursor(run: string, step: PlanStep, cursor: unknown, rows: number, page?: { keys: readonly string[] }): Promise<void> {
    await this.#write(`paged ${step.id}`, ['cursor', run, step.id, cursor], async () => {
      await this.session.query(this.session.journal.saveCursor, [run, step.id, JSON.stringify(cursor), String(rows)]);
      if (page && page.keys.length > 0)
        await this.session.query(this.session.journal.insertPage, [step.migration, this.session.journal.keyList(page.keys)]);
    });
  }

  /** The newest batch of a transform that is not undone yet; `keys` is a text array as the server writes it. */
  async lastPage(migration: string): Promise<{ page: string; keys: string } | undefined> {
    const [row] = await this.session.query(this.session.journal.lastPage, [migration]);
    return row ? { page: String(row.page), keys: String(row.keys) } : undefined;
  }

  /** Drops an undone batch. Call it inside the transaction that undid it. */
  async dropPage(run: string, step: PlanStep, page: string): Promise<void> {
    await this.#write(`unpaged ${step.id}`, ['undo-page', run, step.id, page], async () => {
      await this.session.query(this.session.journal.deletePage, [step.migration, page]);
    });
  }

  /** Rows that a transform changed and that are not undone. */
  async countRows(migration: string): Promise<number> {
    const [row] = await this.session.query(this.session.journal.countPageKeys, [migration]);
    return Number(row?.rows ?? 0);
  }

  async #supersede(run: string, now: string): Promise<void> {
    if (this.#superseded) return;
    await this.session.query(this.session.journal.supersedeRuns, [run, now]);
    this.#superseded = true;
  }

  async #storeRows(run: string, { moment, state, record }: JournaledRows, now: string): Promise<void> {
    await this.session.query(this.session.journal.insertRows, [run, moment, state ?? null, JSON.stringify(record), now]);
  }

  async #storeMigration(run: string, migration: JournaledMigration, state: 'applied' | 'partial', now: string): Promise<void> {
    await this.session.query(this.session.journal.insertMigration, [
      migration.id,
      migration.release,
      migration.kind,
      migration.hash,
      migration.up,
      migration.down ?? null,
      json(migration.runner),
      json(migration.transform),
      migration.irreversible ?? null,
      state,
      run,
      now,
    ]);
  }

  async #write(name: string, event: readonly unknown[], work: (now: string) => Promise<void>): Promise<void> {
    const write = async (): Promise<void> => {
      const touched = await this.session.query(this.session.journal.touch, [canonicalJson(event), this.fence]);
      if (touched.length === 0) {
        throw new ProblemError({
          code: 'lock-lost',
          message: 'Another run took over this target, so this run can no longer write to it.',
          remedy: 'Check the status of the target and let the other run finish.',
        });
      }
      await work(this.options.clock.now().toISOString());
    };
    if (this.session.inTransaction) await write();
    else await this.session.transaction(write);
    await this.options.faultPoint?.(name);
  }
}

/** Makes the journal of a database that has none. */
export async function createJournal(session: TargetSession, { clock, system }: Pick<JournalOptions, 'clock' | 'system'>): Promise<void> {
  const { create, insertMeta, version, minimumReader } = session.journal;
  await session.transaction(async () => {
    await session.execute(create);
    await session.query(insertMeta, [version, minimumReader, system, clock.now().toISOString()]);
  });
}

/** What a finished step changes in the state of the target. */
export interface StepEffect {
  readonly rows?: number;
  readonly applied?: JournaledMigration;
  /** The migration is undone. */
  readonly forgotten?: string;
  readonly reached?: {
    readonly release: string;
    readonly schema: SchemaState;
    readonly rollback: Release['rollback'];
    readonly minReader: string;
    readonly rows: JournaledRows | undefined;
  };
  readonly left?: string;
  readonly backup?: BackupInfo;
}

/** A step that changes nothing of the target. */
function isPreparation({ kind }: PlanStep): boolean {
  return kind === 'check' || kind === 'backup';
}

function json(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value);
}

function text(value: number | undefined): string | null {
  return value === undefined ? null : String(value);
}
