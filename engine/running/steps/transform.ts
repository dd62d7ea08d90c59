import { ProblemError } from '../../core/problem';
import type { JournaledMigration } from '../journal/journal';
import type { StoredMigration } from '../journal/journal-state';
import type { Transform } from '../../inputs/manifest/schema';
import type { RowChanges } from '../../databases/row-changes';
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
    detail: `Sets ${Object.keys(transform.set).join(', ')} of ${transform.table} in batches${transform.batch === undefined ? '' : ` of ${transform.batch} rows`} by ${transform.key}.`,
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
 * crash repeats no row and skips none. A batch is a range of keys, so what it costs does not depend on what was done before.
 */
export class DataTransformer implements StepKind<TransformStep> {
  /** @throws DatabaseFailure, ProblemError `step-failed`, or the signal's reason between two batches */
  perform(run: Run, step: TransformStep): Promise<string> {
    return step.direction === 'up' ? this.#apply(run, step) : this.#undo(run, step);
  }

  async #apply(run: Run, step: TransformStep): Promise<string> {
    const { transform, store } = step.payload;
    const rows = await rowsOf(run, transform);
    const earlier = run.earlier.get(step.id)?.cursor as Cursor | undefined;
    let cursor = earlier ?? (await start(rows));
    await run.intend(step, { store });
    run.touched = true;
    await this.#takeMissingStatistics(run, step, rows);
    const size = new BatchSize(transform.batch);
    const rate = new Rate(run.clock.now().getTime(), cursor.done);
    const { upper } = cursor;
    for (let isLast = false; upper !== null && !isLast;) {
      run.signal?.throwIfAborted();
      const startedMs = run.clock.now().getTime();
      const next = await this.#batch(run, step, rows, { cursor, upper, size: size.rows });
      size.took(run.clock.now().getTime() - startedMs);
      isLast = next.last === upper || next.last === cursor.last;
      cursor = next;
      run.tracker.rows(rate.rows(run.clock.now().getTime(), cursor.done, cursor.total));
      if (transform.pause > 0 && !isLast) await run.clock.sleep(transform.pause, run.signal);
    }
    const left = transform.where === undefined || upper === null ? 0 : await rows.count(upper);
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
    if (!transform.undo) throw new Error(`the transform ${migration} has no undo`);
    const rows = await rowsOf(run, transform);
    await run.intend(step, { partial: migration });
    run.touched = true;
    await this.#takeMissingStatistics(run, step, rows);
    const total = await run.journal.countRows(migration);
    const rate = new Rate(run.clock.now().getTime(), 0);
    let done = 0;
    for (let page = await run.journal.lastPage(migration); page; page = await run.journal.lastPage(migration)) {
      run.signal?.throwIfAborted();
      const { page: number, keys } = page;
      done += await run.database.execution.withLockRetry(run, () =>
        run.transaction(step, async () => {
          await run.session.execute(run.database.execution.setLockTimeout);
          const restored = await run.act(step, () => rows.undo(keys));
          await run.journal.dropPage(run.id, step, number);
          return restored;
        }),
      );
      run.tracker.rows(rate.rows(run.clock.now().getTime(), done, total));
      if (transform.pause > 0) await run.clock.sleep(transform.pause, run.signal);
    }
    await run.transaction(step, () => run.done(step, { rows: done, forgotten: migration }));
    return `${done} rows restored.`;
  }

  #takeMissingStatistics(run: Run, step: TransformStep, rows: RowChanges): Promise<void> {
    return run.database.execution.withLockRetry(run, () =>
      run.transaction(step, async () => {
        await run.session.execute(run.database.execution.setLockTimeout);
        await rows.takeMissingStatistics();
      }),
    );
  }

  /** Changes the rows of one range of keys and saves the cursor, all or nothing. */
  async #batch(run: Run, step: TransformStep, rows: RowChanges, { cursor, upper, size }: Batch): Promise<Cursor> {
    return run.database.execution.withLockRetry(run, () =>
      run.transaction(step, async () => {
        await run.session.execute(run.database.execution.setLockTimeout);
        const last = await rows.endOfPage(upper, cursor.last, size);
        const changed = await run.act(step, () => rows.change(cursor.last, last));
        const next = { ...cursor, last, done: cursor.done + changed.length };
        await run.journal.saveCursor(run.id, step, next, next.done, step.payload.transform.undo && { keys: changed });
        return next;
      }),
    );
  }
}

interface Batch {
  readonly cursor: Cursor;
  readonly upper: string;
  /** Rows at most. */
  readonly size: number;
}

async function rowsOf(run: Run, transform: Transform): Promise<RowChanges> {
  const rows = await run.database.transforms.open(run.session, transform);
  if (rows) return rows;
  throw new ProblemError({
    code: 'step-failed',
    message: `The key ${transform.key} of the transform is not a column of ${transform.table} in the target.`,
    remedy: 'Correct the table or the key in the manifest.',
  });
}

async function start(rows: RowChanges): Promise<Cursor> {
  const upper = await rows.largestKey();
  return { upper, last: null, done: 0, total: upper === null ? 0 : await rows.count(upper) };
}

/** So long may the rows of a batch be locked. Larger batches save little: it is a hundred times what a transaction costs by itself. */
const batchMs = 250;
const smallestBatch = 100;
const largestBatch = 50_000;

/** How many rows the next batch has: as the manifest says, else what the batches before it did in the time. */
class BatchSize {
  rows: number;

  constructor(private readonly fixed: number | undefined) {
    this.rows = fixed ?? 1000;
  }

  took(ms: number): void {
    if (this.fixed !== undefined) return;
    const factor = Math.min(2, Math.max(0.5, batchMs / Math.max(1, ms)));
    this.rows = Math.min(largestBatch, Math.max(smallestBatch, Math.round(this.rows * factor)));
  }
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
