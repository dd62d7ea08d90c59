import type { SchemaState } from '../../databases/postgresql/catalogue/fingerprint';
import type { Clock } from '../../core/host';
import { ProblemError, type Problem } from '../../core/problem';
import type { Release, Transform } from '../../inputs/manifest/schema';
import { DatabaseFailure, type Row, type TargetSession } from '../../databases/postgresql/connections/target';
import type { BackupInfo, Plan, PlanStep } from '../plan';
import { canonicalJson } from '../../core/hash';
import * as sql from './journal-sql';
import {
  emptyJournal,
  type JournalState,
  type OpenRun,
  type StoredError,
  type StoredMigration,
  type StoredRelease,
  type StoredRunner,
  type StoredStep,
  type StoredTexts,
} from './journal-state';

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

export interface JournaledRun {
  readonly id: string;
  readonly plan: Plan;
  readonly manifest: string;
  readonly boundary: number;
  readonly schema: SchemaState;
  readonly holder: string;
}

/**
 * The durable record, in the target itself, of what was done to it. Reading needs no lock; writing needs the target's lock
 * and the fence that `openJournal` took, so that a run that lost its lock can write no more.
 * Every write is one transaction, or part of the caller's when one is open on the session.
 */
export class Journal {
  private constructor(
    private readonly session: TargetSession,
    private readonly clock: Clock,
    private readonly fence: string,
  ) {}

  /**
   * Opens the journal for writing and creates it where there is none. Call it with the target's lock held.
   * @throws ProblemError `journal-newer`, `journal-damaged`
   */
  static async open(session: TargetSession, options: { clock: Clock; system: string }): Promise<Journal> {
    if (!(await isPresent(session))) {
      await session.transaction(async () => {
        await session.execute(sql.createJournalSql);
        await session.query(sql.insertMetaSql, [
          sql.journalVersion,
          sql.journalMinimumReader,
          options.system,
          options.clock.now().toISOString(),
        ]);
      });
    }
    await readMeta(session);
    const [row] = await session.query(sql.takeFenceSql);
    return new Journal(session, options.clock, String(row?.fence));
  }

  /** The head at this moment: one query. */
  async head(): Promise<string> {
    const [row] = await this.session.query(sql.readHeadSql);
    return String(row?.head ?? 'empty');
  }

  async beginRun(run: JournaledRun): Promise<void> {
    const { plan } = run;
    await this.#write(['begin', run.id, plan.id], async (now) => {
      await this.session.query(sql.insertRunSql, [
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
      await this.session.query(sql.supersedeRunsSql, [run.id, now]);
    });
  }

  /** Continues an open run, with the plan of what is left to do. */
  async reopenRun(run: { id: string; plan: Plan; manifest: string; holder: string }): Promise<void> {
    await this.#write(['reopen', run.id, run.plan.id], async () => {
      await this.session.query(sql.reopenRunSql, [run.id, JSON.stringify(run.plan), run.manifest, run.holder]);
    });
  }

  /** `done`, with what is not as it should be; `failed` and `cancelled` leave the run open; `undone` and `nothing` close a run that left nothing behind. */
  async closeRun(run: string, state: 'done' | 'failed' | 'cancelled' | 'undone' | 'nothing', error?: StoredError): Promise<void> {
    await this.#write(['close', run, state], async (now) => {
      await this.session.query(sql.closeRunSql, [run, state, json(error), now]);
    });
  }

  /**
   * Says durably that a step is about to be acted on. `begun` says that its migration is there only in part from now on:
   * `store` for one that is being applied, `partial` for one that is being undone.
   */
  async intend(run: string, step: PlanStep, begun: { store?: JournaledMigration; partial?: string } = {}): Promise<void> {
    await this.#write(['intend', run, step.id, step.hash], async (now) => {
      await this.session.query(sql.intendStepSql, [
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
      if (begun.store) await this.#storeMigration(run, begun.store, 'partial', now);
      if (begun.partial !== undefined) await this.session.query(sql.partialMigrationSql, [begun.partial]);
    });
  }

  /**
   * Says that a step is done. Inside the transaction of the change itself for a transactional step.
   * `effect` adds what the step means to the target's state.
   */
  async done(run: string, step: PlanStep, effect: StepEffect = {}): Promise<void> {
    await this.#write(['done', run, step.id], async (now) => {
      await this.session.query(sql.finishStepSql, [run, step.id, 'done', null, now, text(effect.rows)]);
      if (effect.applied) await this.#storeMigration(run, effect.applied, 'applied', now);
      if (effect.forgotten !== undefined) await this.session.query(sql.deleteMigrationSql, [effect.forgotten]);
      if (effect.reached) {
        const { release, schema, rollback, minReader } = effect.reached;
        await this.session.query(sql.insertReleaseSql, [
          release,
          run,
          now,
          schema.fingerprint,
          JSON.stringify(schema.objects),
          JSON.stringify(rollback),
          minReader,
        ]);
      }
      if (effect.left !== undefined) await this.session.query(sql.deleteReleaseSql, [effect.left]);
      if (effect.backup) {
        await this.session.query(sql.insertBackupSql, [effect.backup.id, run, JSON.stringify(effect.backup), effect.backup.createdAt]);
      }
    });
  }

  async failed(run: string, step: PlanStep, error: StoredError): Promise<void> {
    await this.#write(['failed', run, step.id, error.sqlstate], async (now) => {
      await this.session.query(sql.finishStepSql, [run, step.id, 'failed', json(error), now, null]);
    });
  }

  /** Keeps where a transform is. Call it inside the transaction of the batch. `keys` are kept so that the batch can be undone exactly. */
  async saveCursor(run: string, step: PlanStep, cursor: unknown, rows: number, page?: { keys: readonly string[] }): Promise<void> {
    await this.#write(['cursor', run, step.id, cursor], async () => {
      await this.session.query(sql.saveCursorSql, [run, step.id, JSON.stringify(cursor), String(rows)]);
      if (page && page.keys.length > 0) await this.session.query(sql.insertPageSql, [step.migration, textArray(page.keys)]);
    });
  }

  /** The newest batch of a transform that is not undone yet; `keys` is a text array as the server writes it. */
  async lastPage(migration: string): Promise<{ page: string; keys: string } | undefined> {
    const [row] = await this.session.query(sql.lastPageSql, [migration]);
    return row ? { page: String(row.page), keys: String(row.keys) } : undefined;
  }

  /** Drops an undone batch. Call it inside the transaction that undid it. */
  async dropPage(run: string, step: PlanStep, page: string): Promise<void> {
    await this.#write(['undo-page', run, step.id, page], async () => {
      await this.session.query(sql.deletePageSql, [step.migration, page]);
    });
  }

  /** Rows that a transform changed and that are not undone. */
  async countRows(migration: string): Promise<number> {
    const [row] = await this.session.query(sql.countPageKeysSql, [migration]);
    return Number(row?.rows ?? 0);
  }

  async #storeMigration(run: string, migration: JournaledMigration, state: 'applied' | 'partial', now: string): Promise<void> {
    await this.session.query(sql.insertMigrationSql, [
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

  async #write(event: readonly unknown[], work: (now: string) => Promise<void>): Promise<void> {
    const write = async (): Promise<void> => {
      const touched = await this.session.query(sql.touchSql, [canonicalJson(event), this.fence]);
      if (touched.length === 0) {
        throw new ProblemError({
          code: 'lock-lost',
          message: 'Another run took over this target, so this run can no longer write to it.',
          remedy: 'Check the status of the target and let the other run finish.',
        });
      }
      await work(this.clock.now().toISOString());
    };
    if (this.session.inTransaction) await write();
    else await this.session.transaction(write);
  }
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
  };
  readonly left?: string;
  readonly backup?: BackupInfo;
}

/**
 * Reads the whole state of a target's journal, without lock and without texts.
 * @throws ProblemError `journal-newer`, `journal-damaged`
 */
export async function readJournal(session: TargetSession): Promise<JournalState> {
  if (!(await isPresent(session))) return emptyJournal;
  const meta = await readMeta(session);
  try {
    return {
      exists: true,
      head: String(meta.head),
      system: String(meta.system),
      releases: (await session.query(sql.readReleasesSql)).map(storedRelease),
      migrations: (await session.query(sql.readMigrationsSql)).map(storedMigration),
      openRun: await readOpenRun(session),
      ...(await readLeftover(session)),
      backups: (await session.query(sql.readBackupsSql)).map((row) => parsed(row.info) as BackupInfo),
    };
  } catch (error) {
    if (error instanceof DatabaseFailure) throw new ProblemError(damaged(`A query on the journal failed: ${error.error.message}.`));
    throw error;
  }
}

async function readLeftover(session: TargetSession): Promise<Pick<JournalState, 'leftover'>> {
  const [row] = await session.query(sql.readLeftoverSql);
  const error = parsed(row?.error) as StoredError | undefined;
  return error ? { leftover: error.message } : {};
}

/** The head alone: one query, or two where there is no journal. */
export async function readHead(session: TargetSession): Promise<string> {
  if (!(await isPresent(session))) return emptyJournal.head;
  const [row] = await session.query(sql.readHeadSql);
  return String(row?.head ?? emptyJournal.head);
}

/** The stored texts of one migration. */
export async function readTexts(session: TargetSession, migration: string): Promise<StoredTexts> {
  const [row] = await session.query(sql.readTextsSql, [migration]);
  if (!row) throw new ProblemError(damaged(`The journal has no migration ${migration}.`));
  return {
    up: String(row.up),
    down: optional(row.down),
    runner: parsed(row.runner) as StoredTexts['runner'],
    transform: parsed(row.transform) as Transform | undefined,
  };
}

/** The schema as it was journaled: when a release was reached, when a run began, or before the first run; undefined when it was not. */
export async function readSchema(
  session: TargetSession,
  when: { readonly release: string } | { readonly run: string } | 'first',
): Promise<SchemaState | undefined> {
  const [row] =
    when === 'first'
      ? await session.query(sql.firstSchemaSql)
      : 'release' in when
        ? await session.query(sql.releaseSchemaSql, [when.release])
        : await session.query(sql.runSchemaSql, [when.run]);
  return row && { fingerprint: String(row.fingerprint), objects: parsed(row.objects) as SchemaState['objects'] };
}

async function isPresent(session: TargetSession): Promise<boolean> {
  const rows = await session.query(sql.presentTablesSql);
  if (rows.length === 0) return false;
  const names = new Set(rows.map((row) => row.name));
  const missing = sql.journalTables.filter((table) => !names.has(table));
  if (missing.length > 0 && !names.has('meta')) throw new ProblemError(damaged(`The journal lacks the table ${missing.join(', ')}.`));
  if (missing.length > 0) {
    await readMeta(session);
    throw new ProblemError(damaged(`The journal lacks the table ${missing.join(', ')}.`));
  }
  return true;
}

async function readMeta(session: TargetSession): Promise<Row> {
  const rows = await session.query(sql.readMetaSql).catch((error: unknown) => {
    if (error instanceof DatabaseFailure) throw new ProblemError(damaged(error.error.message));
    throw error;
  });
  const meta = rows[0];
  if (!meta) throw new ProblemError(damaged('The table meta of the journal is empty.'));
  if (Number(meta.minimum_reader) > sql.journalVersion) {
    throw new ProblemError({
      code: 'journal-newer',
      message: `The journal of this target has version ${String(meta.version)}; this version of Mem8 Upgrade supports journals up to version ${sql.journalVersion}.`,
      remedy: 'Use the version of Mem8 Upgrade that wrote it, or a newer one.',
    });
  }
  return meta;
}

function damaged(cause: string): Problem {
  return {
    code: 'journal-damaged',
    message: `The journal of this target, schema ${sql.journalSchema}, was damaged or changed by another program.`,
    remedy: 'Restore the target from a backup, or repair the schema manually, using its last backup as reference.',
    cause,
  };
}

async function readOpenRun(session: TargetSession): Promise<OpenRun | undefined> {
  const [row] = await session.query(sql.readOpenRunSql);
  if (!row) return undefined;
  const steps = await session.query(sql.readStepsSql, [row.id]);
  return {
    id: String(row.id),
    direction: row.direction as OpenRun['direction'],
    plan: parsed(row.plan) as Plan,
    from: optional(row.from_release) ?? null,
    to: optional(row.to_release) ?? null,
    boundary: Number(row.boundary),
    state: row.state as OpenRun['state'],
    fingerprint: String(row.fingerprint),
    steps: steps.map(storedStep),
    error: parsed(row.error) as StoredError | undefined,
  };
}

function storedStep(row: Row): StoredStep {
  return {
    id: String(row.id),
    kind: row.kind as StoredStep['kind'],
    direction: row.direction as StoredStep['direction'],
    title: String(row.title),
    release: String(row.release),
    migration: optional(row.migration),
    sql: optional(row.sql),
    hash: optional(row.hash),
    // A step that was begun and never ended may have happened or not: only a probe can tell.
    state: row.state === 'running' ? 'unknown' : (row.state as StoredStep['state']),
    cursor: parsed(row.cursor),
    error: parsed(row.error) as StoredError | undefined,
  };
}

function storedRelease(row: Row): StoredRelease {
  return {
    release: String(row.release),
    ordinal: Number(row.ordinal),
    run: String(row.run),
    reachedAt: String(row.reached_at),
    fingerprint: String(row.fingerprint),
    rollback: parsed(row.rollback) as Release['rollback'],
    minReader: String(row.minimum_reader),
  };
}

function storedMigration(row: Row): StoredMigration {
  return {
    id: String(row.id),
    ordinal: Number(row.ordinal),
    release: String(row.release),
    kind: row.kind as StoredMigration['kind'],
    hash: String(row.hash),
    state: row.state as StoredMigration['state'],
    hasDown: row.has_down === true || row.has_undo === true,
    irreversible: optional(row.irreversible),
    run: String(row.run),
    appliedAt: String(row.applied_at),
  };
}

function optional(value: unknown): string | undefined {
  return value === null || value === undefined ? undefined : String(value);
}

function parsed(value: unknown): unknown {
  if (value === null || value === undefined) return undefined;
  return typeof value === 'string' ? parseJsonText(value) : value;
}

/** Drivers hand over jsonb as a value; a jsonb string is then a plain string. */
function parseJsonText(value: string): unknown {
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

function json(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value);
}

function text(value: number | undefined): string | null {
  return value === undefined ? null : String(value);
}

/** A PostgreSQL array literal. */
function textArray(values: readonly string[]): string {
  return `{${values.map((value) => `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`).join(',')}}`;
}
