import type { Drifted } from '../../databases/fact';
import type { SchemaState } from '../../databases/schema-state';
import { ProblemError, type Problem } from '../../core/problem';
import { listedBriefly } from '../../core/wording';
import type { Release, Transform } from '../../inputs/manifest/schema';
import { DatabaseFailure, type Row, type TargetSession } from '../../databases/target';
import type { Plan } from '../plan';
import { deniedProblem } from './rights';
import {
  emptyJournal,
  type JournalState,
  type OpenRun,
  type OtherRun,
  type RecordedSchema,
  type StoredError,
  type StoredMigration,
  type StoredRelease,
  type StoredRows,
  type StoredStep,
  type StoredTexts,
} from './journal-state';

/**
 * Reads the whole state of a target's journal, without lock and without texts.
 * @throws ProblemError `journal-newer`, `journal-damaged`, `right-denied`
 */
export async function readJournal(session: TargetSession): Promise<JournalState> {
  if (!(await isPresent(session))) return emptyJournal;
  const meta = await readMeta(session);
  try {
    return {
      exists: true,
      head: String(meta.head),
      system: String(meta.system),
      releases: (await session.query(session.journal.readReleases)).map(storedRelease),
      migrations: (await session.query(session.journal.readMigrations)).map(storedMigration),
      openRun: await readOpenRun(session),
      ...(await readLeftover(session)),
    };
  } catch (error) {
    throw await refusal(session, error, 'A query on the journal failed: ');
  }
}

/**
 * As `readJournal`, but the open run is the one that another session carries out at this moment, if one does.
 * @throws as `readJournal`
 */
export async function readLiveJournal(session: TargetSession): Promise<JournalState> {
  const journal = await readJournal(session);
  if (!journal.openRun) return journal;
  const lock = await session.lockHolder();
  // A run gives its lock back after it wrote its end, which may have been since the journal was read.
  if (!lock) return journal.openRun.state === 'running' ? readJournal(session) : journal;
  const row = (await session.query(session.journal.readRunningRuns)).find(({ holder }) => lock.isOf(String(holder)));
  return row ? { ...journal, openRun: { ...(await openRunOf(session, row)), runner: lock.text } } : journal;
}

/** The last run that carried out a plan, or that began where the plan with this basis would have; undefined where none did. */
export async function readRunAfter(session: TargetSession, plan: { id: string; head: string | undefined }): Promise<OtherRun | undefined> {
  if (!(await isPresent(session))) return undefined;
  const [row] = await session.query(session.journal.readRunAfter, [plan.id, plan.head ?? null]);
  return (
    row && {
      direction: row.direction as OtherRun['direction'],
      from: optional(row.from_release) ?? null,
      to: optional(row.to_release) ?? null,
      state: row.state as OtherRun['state'],
      holder: String(row.holder),
      finishedAt: optional(row.finished_at),
    }
  );
}

async function readLeftover(session: TargetSession): Promise<Pick<JournalState, 'leftover' | 'rowsLeft'>> {
  const [row] = await session.query(session.journal.readLeftover);
  const error = parsed(row?.error) as StoredError | undefined;
  return { leftover: error?.message === '' ? undefined : error?.message, rowsLeft: error?.rows };
}

/** The head alone: one query, or two where there is no journal. */
export async function readHead(session: TargetSession): Promise<string> {
  if (!(await isPresent(session))) return emptyJournal.head;
  const [row] = await session.query(session.journal.readHead);
  return String(row?.head ?? emptyJournal.head);
}

/** The stored texts of one migration. */
export async function readTexts(session: TargetSession, migration: string): Promise<StoredTexts> {
  const [row] = await session.query(session.journal.readTexts, [migration]);
  if (!row) throw new ProblemError(damaged(session, `The journal has no migration ${migration}.`));
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
): Promise<RecordedSchema | undefined> {
  const [row] =
    when === 'first'
      ? await session.query(session.journal.firstSchema)
      : 'release' in when
        ? await session.query(session.journal.releaseSchema, [when.release])
        : await session.query(session.journal.runSchema, [when.run]);
  return row && { run: String(row.run), fingerprint: String(row.fingerprint), objects: parsed(row.objects) as SchemaState['objects'] };
}

/** The schema when the last run that finished ended; undefined where none finished and where that run reached a release, which records it. */
export async function readLastSchema(session: TargetSession): Promise<RecordedSchema | undefined> {
  const [row] = await session.query(session.journal.lastSchema);
  const schema = parsed(row?.schema) as SchemaState | undefined;
  return schema && { ...schema, run: String(row?.run) };
}

/** The changes outside the journal that were accepted after a run, in order. */
export async function readAcceptedDrift(session: TargetSession, run: string): Promise<Drifted[]> {
  const rows = await session.query(session.journal.acceptedDrift, [run]);
  return rows.flatMap(({ drift }) => parsed(drift) as Drifted[]);
}

/** @throws ProblemError `journal-damaged` for a journal in which rows are missing */
export async function requireWhole(session: TargetSession): Promise<void> {
  const missing = await readMissing(session);
  if (missing.length > 0) throw new ProblemError(damaged(session, `It lacks ${listedBriefly(missing, 5)}.`));
}

/** What the journal should hold and does not, in words: `migration 0002_note`. */
export async function readMissing(session: TargetSession): Promise<string[]> {
  return (await session.query(session.journal.missingRows)).map(({ missing }) => String(missing));
}

/** The records of the rows since the newest one of a state, or since a run began, in order; none where there are none. */
export async function readRows(
  session: TargetSession,
  since: { readonly state: string } | { readonly run: string },
): Promise<StoredRows[]> {
  const rows =
    'state' in since
      ? await session.query(session.journal.rowsSince, [since.state])
      : await session.query(session.journal.rowsOfRun, [since.run]);
  return rows.map(({ run, moment, record }) => ({
    run: String(run),
    moment: moment as StoredRows['moment'],
    record: parsed(record) as StoredRows['record'],
  }));
}

/** True when the target has a journal. @throws ProblemError `journal-newer`, `journal-damaged`, `right-denied` */
export async function isPresent(session: TargetSession): Promise<boolean> {
  const rows = await session.query(session.journal.presentTables);
  if (rows.length === 0) return false;
  const names = new Set(rows.map((row) => row.name));
  const missing = session.journal.tables.filter((table) => !names.has(table));
  if (missing.length > 0 && !names.has('meta'))
    throw new ProblemError(damaged(session, `The journal lacks the table ${missing.join(', ')}.`));
  if (missing.length > 0) {
    await readMeta(session);
    throw new ProblemError(damaged(session, `The journal lacks the table ${missing.join(', ')}.`));
  }
  return true;
}

/** The one row of `meta`. @throws ProblemError `journal-newer`, `journal-damaged`, `right-denied` */
export async function readMeta(session: TargetSession): Promise<Row> {
  const rows = await session.query(session.journal.readMeta).catch(async (error: unknown) => {
    throw await refusal(session, error);
  });
  const meta = rows[0];
  if (!meta) throw new ProblemError(damaged(session, 'The table meta of the journal is empty.'));
  if (Number(meta.minimum_reader) > session.journal.version) {
    throw new ProblemError({
      code: 'journal-newer',
      message: `The journal of this target has version ${String(meta.version)}; this version of Mem8 Upgrade supports journals up to version ${session.journal.version}.`,
      remedy: 'Use the version of Mem8 Upgrade that wrote it, or a newer one.',
    });
  }
  return meta;
}

/** What to throw for a query on the journal that the server refused. */
async function refusal(session: TargetSession, error: unknown, what = ''): Promise<unknown> {
  if (!(error instanceof DatabaseFailure)) return error;
  return new ProblemError(error.isDenied ? await deniedProblem(session, error) : damaged(session, `${what}${error.error.message}.`));
}

function damaged(session: TargetSession, cause: string): Problem {
  return {
    code: 'journal-damaged',
    message: `The journal of this target, schema ${session.journal.schema}, was damaged or changed by another program.`,
    remedy: 'Restore the target from a backup, or repair the schema manually, using its last backup as reference.',
    cause,
  };
}

async function readOpenRun(session: TargetSession): Promise<OpenRun | undefined> {
  const [row] = await session.query(session.journal.readOpenRun);
  return row && openRunOf(session, row);
}

async function openRunOf(session: TargetSession, row: Row): Promise<OpenRun> {
  const steps = await session.query(session.journal.readSteps, [row.id]);
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
    startedAt: String(row.started_at),
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
    startedAt: String(row.started_at),
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
