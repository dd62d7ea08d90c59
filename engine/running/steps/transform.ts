import { ProblemError } from '../../core/problem';
import type { JournaledMigration } from '../journal/journal';
import type { StoredMigration } from '../journal/journal-state';
import type { Transform } from '../../inputs/manifest/schema';
import { assignments, transformedTable } from '../../inputs/transform-sql';
import { quotedIdentifier, textArray } from '../../databases/postgresql/sql/quoting';
import type { Row } from '../../databases/target';
import type { Run } from '../run/run';
import type { StepKind, StepOf } from './step';

/** Changes rows of a table in batches, or undoes that. */
export type TransformStep = StepOf<
  'transform',
  {
    readonly transform: Transform;
    /** For an upgrade: what is journaled about the migration. Undefined for a rollback. */
    readonly store: JournaledMigration | undefined;
  }
>;

export function transformStep(store: JournaledMigration, transform: Transform, irreversible: string | undefined): TransformStep {
  return {
    id: `${store.release}/up/${store.id}`,
    kind: 'transform',
    direction: 'up',
    title: `Transform ${store.id}`,
    release: store.release,
    migration: store.id,
    hash: store.hash,
    transactional: true,
    irreversible,
    detail: `Sets ${Object.keys(transform.set).join(', ')} of ${transform.table} in batches of ${transform.batch} rows by ${transform.key}.`,
    payload: { transform, store },
  };
}

/** @param transform as the journal keeps it */
export function undoTransformStep({ id, release, hash }: StoredMigration, transform: Transform): TransformStep {
  return {
    id: `${release}/down/${id}`,
    kind: 'transform',
    direction: 'down',
    title: `Undo transform ${id}`,
    release,
    migration: id,
    hash,
    transactional: true,
    detail: 'Restores only the rows that the transform changed.',
    payload: { transform, store: undefined },
  };
}

/** Where a transform is, as the journal keeps it. Keys are texts as the server writes them. */
interface Cursor {
  /** The largest key when the transform began; rows that come later are none of its business. Null: the table was empty. */
  readonly upper: string | null;
  /** The last key that a batch reached. */
  readonly last: string | null;
  readonly done: number;
  /** Rows to change, counted at the start. */
  readonly total: number;
}

/**
 * Changes rows in batches along a key, each batch in one transaction with the cursor that says how far it got, so that a
 * crash repeats no row and skips none. Pages are cut by key, never by OFFSET.
 */
export class DataTransformer implements StepKind<TransformStep> {
  /** @throws DatabaseFailure, ProblemError `step-failed`, or the signal's reason between two batches */
  perform(run: Run, step: TransformStep): Promise<string> {
    return step.direction === 'up' ? this.#apply(run, step) : this.#undo(run, step);
  }

  async #apply(run: Run, step: TransformStep): Promise<string> {
    const { transform, store } = step.payload;
    const names = await namesOf(run, transform);
    const earlier = run.earlier.get(step.id)?.cursor as Cursor | undefined;
    let cursor = earlier ?? (await start(run, transform, names));
    await run.intend(step, { store });
    run.touched = true;
    const rate = new Rate(run.clock.now().getTime(), cursor.done);
    while (cursor.upper !== null) {
      run.signal?.throwIfAborted();
      const next = await this.#batch(run, step, names, cursor);
      if (!next) break;
      cursor = next;
      run.tracker.rows(rate.rows(run.clock.now().getTime(), cursor.done, cursor.total));
      if (transform.pause > 0) await run.clock.sleep(transform.pause, run.signal);
    }
    const left = transform.where === undefined ? 0 : await countRows(run, transform, names, cursor);
    if (left > 0) {
      throw new ProblemError({
        code: 'step-failed',
        message: `After transform ${step.migration ?? ''}, the condition still holds for ${left} rows of ${transform.table}: ${transform.where}.`,
        remedy: 'Write the condition so that the change makes it false, or find the program that makes it true again.',
      });
    }
    await run.transaction(step, () => run.done(step, { rows: cursor.done, applied: store }));
    return `${cursor.done} rows changed.`;
  }

  /** Undoes exactly the batches that were journaled, last one first; each is dropped from the journal with its undoing. */
  async #undo(run: Run, step: TransformStep): Promise<string> {
    const { migration = '', payload } = step;
    const { transform } = payload;
    const { undo } = transform;
    if (!undo) throw new Error(`the transform ${migration} has no undo`);
    const names = await namesOf(run, transform);
    await run.intend(step, { partial: migration });
    run.touched = true;
    const total = await run.journal.countRows(migration);
    const rate = new Rate(run.clock.now().getTime(), 0);
    let done = 0;
    for (let page = await run.journal.lastPage(migration); page; page = await run.journal.lastPage(migration)) {
      run.signal?.throwIfAborted();
      const { page: number, keys } = page;
      done += await run.database.execution.withLockRetry(run, () =>
        run.transaction(step, async () => {
          await run.session.execute(run.database.execution.setLockTimeout);
          const update = `update ${names.table} set ${assignments(undo)} where ${names.key} = any ($1::text::${names.type}[]) returning 1`;
          const rows = await run.act(step, () => run.session.query(update, [keys]));
          await run.journal.dropPage(run.id, step, number);
          return rows.length;
        }),
      );
      run.tracker.rows(rate.rows(run.clock.now().getTime(), done, total));
      if (transform.pause > 0) await run.clock.sleep(transform.pause, run.signal);
    }
    await run.transaction(step, () => run.done(step, { rows: done, forgotten: migration }));
    return `${done} rows restored.`;
  }

  /** One page: reads its keys, changes its rows and saves the cursor, all or nothing. Undefined when no page is left. */
  async #batch(run: Run, step: TransformStep, names: Names, cursor: Cursor): Promise<Cursor | undefined> {
    const { transform } = step.payload;
    return run.database.execution.withLockRetry(run, () =>
      run.transaction(step, async () => {
        await run.session.execute(run.database.execution.setLockTimeout);
        const page = await run.session.query(
          `select ${names.key}::text as key from ${names.table}
           where ${names.key} <= $1::text::${names.type} and ($2::text is null or ${names.key} > $2::text::${names.type})
             and (${transform.where ?? 'true'})
           order by ${names.key} limit ${transform.batch} for no key update`,
          [cursor.upper, cursor.last],
        );
        const last = page.at(-1);
        if (!last) return undefined;
        const keys = page.map((row) => String(row.key));
        const update = `update ${names.table} set ${assignments(transform.set)} where ${names.key} = any ($1::text::${names.type}[]) returning ${names.key}::text as key`;
        const changed = await run.act(step, () => run.session.query(update, [textArray(keys)]));
        const next = { ...cursor, last: String(last.key), done: cursor.done + changed.length };
        const kept = transform.undo ? { keys: changed.map((row) => String(row.key)) } : undefined;
        await run.journal.saveCursor(run.id, step, next, next.done, kept);
        return next;
      }),
    );
  }
}

interface Names {
  /** Qualified and quoted. */
  readonly table: string;
  readonly key: string;
  /** The key's type, as the server writes it. */
  readonly type: string;
}

async function namesOf(run: Run, transform: Transform): Promise<Names> {
  const table = transformedTable(transform);
  const [column] = await run.session.query(
    `select format_type(atttypid, atttypmod) as type from pg_catalog.pg_attribute
     where attrelid = to_regclass($1) and attname = $2 and attnum > 0 and not attisdropped`,
    [table, transform.key],
  );
  if (!column) {
    throw new ProblemError({
      code: 'step-failed',
      message: `The key ${transform.key} of the transform is not a column of ${transform.table} in the target.`,
      remedy: 'Correct the table or the key in the manifest.',
    });
  }
  return { table, key: quotedIdentifier(transform.key), type: String(column.type) };
}

async function start(run: Run, transform: Transform, names: Names): Promise<Cursor> {
  const [top] = await run.session.query<Row>(`select ${names.key}::text as key from ${names.table} order by ${names.key} desc limit 1`);
  const upper = top ? String(top.key) : null;
  const cursor = { upper, last: null, done: 0, total: 0 };
  return { ...cursor, total: await countRows(run, transform, names, cursor) };
}

async function countRows(run: Run, transform: Transform, names: Names, cursor: Cursor): Promise<number> {
  if (cursor.upper === null) return 0;
  const [row] = await run.session.query(
    `select count(*)::text as rows from ${names.table} where ${names.key} <= $1::text::${names.type} and (${transform.where ?? 'true'})`,
    [cursor.upper],
  );
  return Number(row?.rows ?? 0);
}

class Rate {
  constructor(
    private readonly startedMs: number,
    private readonly startedAt: number,
  ) {}

  rows(nowMs: number, done: number, total: number): { done: number; total: number; perSecond?: number; remainingMs?: number } {
    const seconds = (nowMs - this.startedMs) / 1000;
    const perSecond = seconds > 0 ? Math.round((done - this.startedAt) / seconds) : 0;
    if (perSecond <= 0) return { done, total };
    return { done, total, perSecond, remainingMs: Math.round((Math.max(0, total - done) / perSecond) * 1000) };
  }
}
