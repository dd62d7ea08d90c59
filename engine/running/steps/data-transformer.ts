import { ProblemError } from '../../core/problem';
import type { Transform } from '../../inputs/manifest/schema';
import type { Row } from '../../databases/postgresql/connections/target';
import { setLockTimeout, withLockRetry } from '../../databases/postgresql/execution/locking';
import type { MigrationRun, MigrationStep } from './migration-run';
import { quotedIdentifier } from '../../databases/postgresql/sql/quoting';
import { assignments, transformedTable } from '../../inputs/transform-sql';

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
export class DataTransformer {
  /** @throws DatabaseFailure, ProblemError `step-failed`, or the signal's reason between two batches */
  async apply(run: MigrationRun, work: MigrationStep, transform: Transform): Promise<string> {
    const { step, migration } = work;
    if (!migration) throw new Error('a transform that is applied needs what is journaled about it');
    const names = await namesOf(run, transform);
    const earlier = run.earlier.get(step.id)?.cursor as Cursor | undefined;
    let cursor = earlier ?? (await start(run, transform, names));
    await run.journal.intend(run.id, step, { store: migration });
    run.touched();
    await run.faultPoint(`intended ${step.id}`);
    const rate = new Rate(run.clock.now().getTime(), cursor.done);
    while (cursor.upper !== null) {
      run.signal?.throwIfAborted();
      const next = await this.#batch(run, work, transform, names, cursor);
      if (!next) break;
      cursor = next;
      run.rows(rate.rows(run.clock.now().getTime(), cursor.done, cursor.total));
      await run.faultPoint(`batch ${step.id}`);
      if (transform.pause > 0) await run.clock.sleep(transform.pause, run.signal);
    }
    const left = transform.where === undefined ? 0 : await countRows(run, transform, names, cursor);
    if (left > 0) {
      throw new ProblemError({
        code: 'step-failed',
        message: `After transform ${migration.id}, the condition still holds for ${left} rows of ${transform.table}: ${transform.where}.`,
        remedy: 'Write the condition so that the change makes it false, or find the program that makes it true again.',
      });
    }
    await run.session.transaction(() => run.journal.done(run.id, step, { rows: cursor.done, applied: migration }));
    await run.faultPoint(`done ${step.id}`);
    return `${cursor.done} rows changed.`;
  }

  /** Undoes exactly the batches that were journaled, last one first; each is dropped from the journal with its undoing. */
  async undo(run: MigrationRun, work: MigrationStep, transform: Transform): Promise<string> {
    const { step } = work;
    const { undo } = transform;
    const migration = step.migration ?? '';
    if (!undo) throw new Error(`the transform ${migration} has no undo`);
    const names = await namesOf(run, transform);
    await run.journal.intend(run.id, step, { partial: migration });
    run.touched();
    await run.faultPoint(`intended ${step.id}`);
    const total = await run.journal.countRows(migration);
    const rate = new Rate(run.clock.now().getTime(), 0);
    let done = 0;
    for (let page = await run.journal.lastPage(migration); page; page = await run.journal.lastPage(migration)) {
      run.signal?.throwIfAborted();
      const { page: number, keys } = page;
      done += await withLockRetry(run, () =>
        run.session.transaction(async () => {
          await run.session.execute(setLockTimeout);
          const rows = await run.session.query(
            `update ${names.table} set ${assignments(undo)} where ${names.key} = any ($1::text::${names.type}[]) returning 1`,
            [keys],
          );
          await run.journal.dropPage(run.id, step, number);
          return rows.length;
        }),
      );
      run.rows(rate.rows(run.clock.now().getTime(), done, total));
      await run.faultPoint(`batch ${step.id}`);
      if (transform.pause > 0) await run.clock.sleep(transform.pause, run.signal);
    }
    await run.session.transaction(() => run.journal.done(run.id, step, { rows: done, forgotten: migration }));
    await run.faultPoint(`done ${step.id}`);
    return `${done} rows restored.`;
  }

  /** One page: reads its keys, changes its rows and saves the cursor, all or nothing. Undefined when no page is left. */
  async #batch(run: MigrationRun, work: MigrationStep, transform: Transform, names: Names, cursor: Cursor): Promise<Cursor | undefined> {
    return withLockRetry(run, () =>
      run.session.transaction(async () => {
        await run.session.execute(setLockTimeout);
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
        const changed = await run.session.query(
          `update ${names.table} set ${assignments(transform.set)} where ${names.key} = any ($1::text::${names.type}[]) returning ${names.key}::text as key`,
          [textArray(keys)],
        );
        const next = { ...cursor, last: String(last.key), done: cursor.done + changed.length };
        const kept = transform.undo ? { keys: changed.map((row) => String(row.key)) } : undefined;
        await run.journal.saveCursor(run.id, work.step, next, next.done, kept);
        await run.faultPoint(`acted ${work.step.id}`);
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

async function namesOf(run: MigrationRun, transform: Transform): Promise<Names> {
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

async function start(run: MigrationRun, transform: Transform, names: Names): Promise<Cursor> {
  const [top] = await run.session.query<Row>(`select ${names.key}::text as key from ${names.table} order by ${names.key} desc limit 1`);
  const upper = top ? String(top.key) : null;
  const cursor = { upper, last: null, done: 0, total: 0 };
  return { ...cursor, total: await countRows(run, transform, names, cursor) };
}

async function countRows(run: MigrationRun, transform: Transform, names: Names, cursor: Cursor): Promise<number> {
  if (cursor.upper === null) return 0;
  const [row] = await run.session.query(
    `select count(*)::text as rows from ${names.table} where ${names.key} <= $1::text::${names.type} and (${transform.where ?? 'true'})`,
    [cursor.upper],
  );
  return Number(row?.rows ?? 0);
}

function textArray(values: readonly string[]): string {
  return `{${values.map((value) => `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`).join(',')}}`;
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
