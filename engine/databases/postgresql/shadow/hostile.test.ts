import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ReplayStep } from '../../observation';
import type { EmbeddedShadow } from './embedded-shadow';
import { alone, inTransaction, startTestShadow, step } from './testing/replay';

let shadow: EmbeddedShadow;
beforeAll(async () => {
  shadow = await startTestShadow({ statementMs: 1_500, memoryMb: 400 });
});
afterAll(() => shadow.dispose());

const first = step('first', inTransaction('CREATE TABLE t (a int)', 'INSERT INTO t VALUES (1)'));
const last = step('last', inTransaction('ALTER TABLE t ADD COLUMN b int'));

async function errorsOf(middle: ReplayStep) {
  const observed = await shadow.observe([first, middle, last]);
  // Whatever the middle does, the others' findings are whole.
  expect(observed[0]?.statements.map((each) => each.error)).toEqual([undefined, undefined]);
  expect(observed[2]?.statements[0]?.locks).toContainEqual(expect.objectContaining({ relation: 'public.t', mode: 'AccessExclusive' }));
  return observed[1]?.statements.map((each) => each.error) ?? [];
}

it('gives up on an endless loop, keeps the statements around it and never runs it again', async () => {
  const loop = 'DO $$ BEGIN LOOP END LOOP; END $$';
  const errors = await errorsOf(step('loop', inTransaction('CREATE TABLE l (a int)', loop, 'CREATE INDEX ON l (a)')));
  expect(errors.map((error) => error?.gaveUp)).toEqual([undefined, 'time', undefined]);
  const { workersLost } = shadow.statistics;
  const [, again] = await errorsOf(step('loop', inTransaction('CREATE TABLE l2 (a int)', loop)));
  expect(again?.gaveUp).toBe('time');
  expect(shadow.statistics.workersLost).toBe(workersLost);
});

it('reports endless recursion as the server does', async () => {
  const errors = await errorsOf(
    step(
      'recursion',
      inTransaction('CREATE FUNCTION r(i int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN r(i + 1); END $$', 'SELECT r(1)'),
    ),
  );
  expect(errors[1]?.gaveUp ?? errors[1]?.sqlstate).toMatch(/54001|time/);
});

it('does not run what reaches for the client or the machine', async () => {
  const errors = await errorsOf(
    step(
      'outside',
      alone(
        'COPY t FROM STDIN',
        "COPY t TO PROGRAM 'ls'",
        "CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p",
        "ALTER SYSTEM SET work_mem = '1MB'",
        'SELECT 1',
      ),
    ),
  );
  expect(errors.map((error) => error?.gaveUp)).toEqual(['refused', 'refused', 'refused', 'refused', undefined]);
});

it('cannot read the files of the machine', async () => {
  const [error] = await errorsOf(step('files', inTransaction("SELECT pg_read_file('/etc/hostname')")));
  expect(error?.sqlstate).toBe('58P01');
});

it('refuses memory beyond the limit and goes on in the same worker', async () => {
  const { workersLost } = shadow.statistics;
  const [error] = await errorsOf(step('memory', inTransaction("SELECT length(repeat('x', 1000000000))")));
  expect(error).toMatchObject({ gaveUp: 'memory', sqlstate: '53200' });
  expect(shadow.statistics.workersLost).toBe(workersLost);
});

it('survives a script that throws away prepared statements and its transaction', async () => {
  const errors = await errorsOf(
    step(
      'session',
      inTransaction(
        'DEALLOCATE ALL',
        "PREPARE TRANSACTION 'x'",
        'SET ROLE pg_monitor',
        'CREATE TABLE nope (a int)',
        'RESET ROLE',
        'CREATE TABLE yes (a int)',
      ),
    ),
  );
  expect(errors.map((error) => error?.sqlstate)).toEqual([undefined, '55000', undefined, '42501', undefined, undefined]);
});

it('frees a caller who cancels at once, and serves the next one', async () => {
  const cancel = new AbortController();
  const waiting = shadow.observe([step('spin', inTransaction('DO $$ BEGIN LOOP PERFORM 1; END LOOP; END $$'))], { signal: cancel.signal });
  setTimeout(() => cancel.abort(), 200);
  await expect(waiting).rejects.toMatchObject({ problem: { code: 'cancelled' } });
  expect(await shadow.observe([first])).toHaveLength(1);
});
