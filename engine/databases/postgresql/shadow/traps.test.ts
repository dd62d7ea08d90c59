import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReplayStep, StatementObservation } from '../../observation';
import type { EmbeddedShadow } from './embedded-shadow';
import { inTransaction, startTestShadow, step } from './testing/replay';

/** Traps of an embedded server that no other test of this folder covers. The list of all is in docs/observation.md. */

const statementMs = 2_000;

let shadow: EmbeddedShadow;
beforeAll(async () => {
  shadow = await startTestShadow({ statementMs });
});
afterAll(() => shadow.dispose());

const tables = step(
  'tables',
  inTransaction(
    'CREATE TABLE o (id int PRIMARY KEY)',
    'CREATE TABLE t (id int PRIMARY KEY, o int REFERENCES o DEFERRABLE INITIALLY DEFERRED)',
  ),
);

async function errorsOf(...chain: ReplayStep[]): Promise<(string | undefined)[][]> {
  const observed = await shadow.observe(chain);
  return observed.map(({ statements }) => statements.map(({ error }) => error?.sqlstate));
}

async function lastOf(...chain: ReplayStep[]): Promise<StatementObservation> {
  const last = (await shadow.observe(chain)).at(-1)?.statements.at(-1);
  if (!last) throw new Error('no observation');
  return last;
}

describe('locks', () => {
  it('suffice for a migration that holds more than a server has room for by default', async () => {
    const many = 'SELECT count(pg_advisory_xact_lock(i)) FROM generate_series(1, 10000) i';
    expect(await errorsOf(step('many', inTransaction(many)))).toEqual([[undefined]]);
  });

  it('do not pile up while one migration is edited again and again', async () => {
    const locksAfter = async (edit: number) => {
      const count = 'DO $$ BEGIN RAISE EXCEPTION $m$% locks$m$, (SELECT count(*) FROM pg_locks); END $$';
      const { error } = await lastOf(tables, step('edited', inTransaction(`ALTER TABLE t ADD COLUMN edit_${edit} int`, count)));
      return Number(/^(\d+) locks$/.exec(error?.message ?? '')?.[1]);
    };
    const first = await locksAfter(0);
    for (let edit = 1; edit < 40; edit++) await locksAfter(edit);
    expect(await locksAfter(40)).toBeLessThanOrEqual(first);
  });

  it('of earlier migrations are not held any more, and what those made existed before', async () => {
    const first = step('first', inTransaction('ALTER TABLE t ADD COLUMN a int'));
    const { locks } = await lastOf(tables, first, step('second', inTransaction('ALTER TABLE t ADD COLUMN b int')));
    expect(locks).toContainEqual(expect.objectContaining({ relation: 'public.t', mode: 'AccessExclusive', existedBefore: true }));
    expect(locks.filter(({ relation }) => relation === 'public.o')).toEqual([]);
  });
});

describe('what ends with a transaction ends with a migration', () => {
  it('events of a deferred constraint', async () => {
    const rows = step('rows', inTransaction('INSERT INTO o VALUES (1)', 'INSERT INTO t VALUES (1, 1)'));
    const change = step('change', inTransaction('ALTER TABLE t ADD COLUMN x int'));
    expect(await errorsOf(tables, rows, change)).toEqual([[undefined, undefined], [undefined, undefined], [undefined]]);
    const both = step('both', inTransaction('INSERT INTO o VALUES (1)', 'INSERT INTO t VALUES (1, 1)', 'ALTER TABLE t ADD COLUMN x int'));
    expect((await errorsOf(tables, both)).at(-1)).toEqual([undefined, undefined, '55006']);
  });

  it('temporary tables with ON COMMIT DROP', async () => {
    const temporary = (id: string) => step(id, inTransaction('CREATE TEMP TABLE work (a int) ON COMMIT DROP'));
    expect(await errorsOf(temporary('1'), temporary('2'), temporary('3'))).toEqual([[undefined], [undefined], [undefined]]);
  });

  it('settings of SET LOCAL', async () => {
    const chain = [
      step('1', inTransaction('CREATE SCHEMA s', 'SET LOCAL search_path = s', 'CREATE TABLE inside (a int)')),
      step('2', inTransaction('CREATE TABLE outside (a int)')),
      step('3', inTransaction('SELECT * FROM s.inside', 'SELECT * FROM public.outside')),
    ];
    for (const errors of await errorsOf(...chain)) expect(errors.filter(Boolean)).toEqual([]);
  });

  it('the transaction of the runner, when the script commits it', async () => {
    const script = inTransaction('CREATE TABLE kept (a int)', 'COMMIT', 'ALTER TABLE t ADD COLUMN y int', 'SELECT * FROM nowhere');
    const [, observed, next] = await shadow.observe([tables, step('commits', script), step('next', inTransaction('SELECT * FROM kept'))]);
    expect(observed?.statements.map(({ error }) => error?.sqlstate)).toEqual([undefined, undefined, undefined, '42P01']);
    expect(observed?.statements[2]?.locks).toContainEqual(expect.objectContaining({ relation: 'public.t', mode: 'AccessExclusive' }));
    expect(next?.statements[0]?.error).toBeUndefined();
  });
});

describe('the server’s own limits', () => {
  it('of time are not needed: a statement that its own timeout does not end is given up', async () => {
    const sleeps = inTransaction("SET LOCAL statement_timeout = '100ms'", 'DO $$ BEGIN LOOP PERFORM 1; END LOOP; END $$', 'SELECT 1');
    const observed = await shadow.observe([tables, step('sleeps', sleeps)]);
    expect(observed[1]?.statements.map(({ error }) => error?.gaveUp)).toEqual([undefined, 'time', undefined]);
  });

  it('of the machine: a program is not started, and PL/pgSQL works after a refused subscription', async () => {
    const script = inTransaction(
      "COPY o FROM PROGRAM 'echo 1'",
      "CREATE SUBSCRIPTION s CONNECTION 'host=x' PUBLICATION p WITH (connect = false)",
      'DO $$ BEGIN PERFORM 1; END $$',
    );
    const observed = await shadow.observe([tables, step('outside', script)]);
    expect(observed[1]?.statements.map(({ error }) => error?.gaveUp)).toEqual(['refused', 'refused', undefined]);
    expect(observed[1]?.statements[2]?.error).toBeUndefined();
  });
});

it('does not count the value of a sequence as a difference, as no transaction takes it back', async () => {
  const base = step('base', inTransaction('CREATE SEQUENCE s', 'CREATE TABLE t (a int)'));
  const uses = step(
    'uses',
    inTransaction('ALTER TABLE t ADD COLUMN b int', "SELECT nextval('s')"),
    inTransaction('ALTER TABLE t DROP COLUMN b'),
  );
  const [, trip] = await shadow.rehearse([base, uses]);
  expect(trip).toMatchObject({ down: 'ok', upAgain: 'ok', schemaRestored: true, rowsRestored: true });
  expect(trip?.differences.filter(({ cosmetic }) => !cosmetic)).toEqual([]);
});
