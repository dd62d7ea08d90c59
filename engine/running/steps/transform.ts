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
    const rows = await rowsOf(run, transform);
    const earlier = run.earlier.get(step.id)?.cursor as Cursor | undefined;
    let cursor = earlier ?? (await start(rows));
    await run.intend(step, { store });
    run.touched = true;
    const rate = new Rate(run.clock.now().getTime(), cursor.done);
    while (cursor.upper !== null) {
      run.signal?.throwIfAborted();
      const next = await this.#batch(run, step, rows, cursor, cursor.upper);
      if (!next) break;
      cursor = next;
      run.tracker.rows(rate.rows(run.clock.now().getTime(), cursor.done, cursor.total));
      if (transform.pause > 0) await run.clock.sleep(transform.pause, run.signal);
    }
    const left = transform.where === undefined || cursor.upper === null ? 0 : await rows.count(cursor.upper);
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

  /** One page: reads its keys, changes its rows and saves the cursor, all or nothing. Undefined when no page is left. */
  async #batch(run: Run, step: TransformStep, rows: RowChanges, cursor: Cursor, upper: string): Promise<Cursor | undefined> {
    return run.database.execution.withLockRetry(run, () =>
      run.transaction(step, async () => {
        await run.session.execute(run.database.execution.setLockTimeout);
        const keys = await rows.nextPage(upper, cursor.last);
        const last = keys.at(-1);
        if (last === undefined) return undefined;
        const changed = await run.act(step, () => rows.change(keys));
        const next = { ...cursor, last, done: cursor.done + changed.length };
        await run.journal.saveCursor(run.id, step, next, next.done, step.payload.transform.undo && { keys: changed });
        return next;
      }),
    );
  }
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
