import { afterAll, beforeAll, expect, it } from 'vitest';
import { mayChangeQueries } from './probe-queries';
import type { EmbeddedShadow } from './embedded-shadow';
import { inTransaction, startTestShadow, step } from './testing/replay';

let shadow: EmbeddedShadow;
beforeAll(async () => {
  shadow = await startTestShadow({ statementMs: 1_500, memoryMb: 400 });
});
afterAll(() => shadow.dispose());

const base = step(
  'base',
  inTransaction('CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL)', 'CREATE TABLE u (t int NOT NULL REFERENCES t)'),
);
const change = step('change', inTransaction('INSERT INTO t VALUES (1, 1)', 'ALTER TABLE t RENAME a TO b', 'ALTER TABLE t RENAME b TO a'));

it('describes queries before a step and tells after which statement that changed', async () => {
  const found = await shadow.probe(
    [base, change],
    new Map([[1, [{ sql: 'SELECT id, a FROM t WHERE a = $1' }, { sql: 'SELECT nothing' }]]]),
  );
  const probe = found.get(1);
  expect(probe?.before[0]).toEqual({
    parameters: ['integer'],
    columns: [
      { name: 'id', type: 'integer' },
      { name: 'a', type: 'integer' },
    ],
  });
  expect(probe?.before[1]?.error?.sqlstate).toBe('42703');
  expect(probe?.changes.map(({ statement, query, outcome }) => [statement, query, outcome.error?.sqlstate])).toEqual([
    [1, 0, '42703'],
    [2, 0, undefined],
  ]);
});

it('tries queries as an application would, whatever the script set for itself', async () => {
  const own = step(
    'own',
    inTransaction('CREATE SCHEMA s', 'SET search_path TO s', 'CREATE TABLE x (a int)', 'CREATE ROLE r', 'SET ROLE r', 'DO $$ BEGIN END $$'),
  );
  const found = await shadow.probe([base, own], new Map([[1, [{ sql: 'SELECT a FROM t' }]]]));
  expect(found.get(1)?.changes).toEqual([]);
});

it('runs writes on made-up rows, respects foreign keys, and leaves nothing behind', async () => {
  const writes = [
    { sql: 'INSERT INTO u (t) VALUES ($1)', writes: [{ table: 'u', column: 't', use: 'new' as const }] },
    { sql: 'INSERT INTO t (id, a) SELECT count(*) + 100, 1 FROM u', writes: [] },
  ];
  const last = step('last', inTransaction('ALTER TABLE u ADD COLUMN c int NOT NULL DEFAULT 0', 'ALTER TABLE u ALTER c DROP DEFAULT'));
  const found = await shadow.probe([base, last], new Map([[1, writes]]));
  expect(found.get(1)?.before.map(({ written }) => written)).toEqual([true, true]);
  expect(found.get(1)?.changes.map(({ statement, query, outcome }) => [statement, query, outcome.writeError?.sqlstate])).toEqual([
    [1, 0, '23502'],
  ]);
  const counted = step(
    'counted',
    inTransaction("DO $$ BEGIN IF EXISTS (SELECT FROM t WHERE id = 100) THEN RAISE 'left behind'; END IF; END $$"),
  );
  const [, , observed] = await shadow.observe([base, last, counted]);
  expect(observed?.statements[0]?.error).toBeUndefined();
});

it('gives up on a query that does not come back, and tries the others', async () => {
  const endless = { sql: 'INSERT INTO t SELECT i, i FROM generate_series(1, 100000000000) i', writes: [] };
  const found = await shadow.probe([base, change], new Map([[1, [endless, { sql: 'SELECT a FROM t' }]]]));
  expect(found.get(1)?.before.map(({ error }) => error?.gaveUp)).toEqual([expect.stringMatching(/time|memory/), undefined]);
  expect(found.get(1)?.changes.map(({ query }) => query)).toEqual([1, 1]);
});

it('tries what only new objects can make work at the end of the step', async () => {
  const own = step('own', inTransaction('CREATE TABLE x (a int)', 'CREATE TABLE y (a int)', 'INSERT INTO x VALUES (1)'));
  const found = await shadow.probe([base, own], new Map([[1, [{ sql: 'SELECT a FROM x' }]]]));
  expect(found.get(1)?.before[0]?.error?.sqlstate).toBe('42P01');
  expect(found.get(1)?.changes.map(({ statement, outcome }) => [statement, outcome.error])).toEqual([[2, undefined]]);
});

it('is not asked after statements that leave every query as it is', () => {
  expect(['INSERT INTO t VALUES (1)', 'CREATE UNIQUE INDEX i ON t (a)', '-- c\nSET x = 1'].map(mayChangeQueries)).toEqual([
    false,
    false,
    false,
  ]);
  expect(['ALTER TABLE t ADD b int', 'CREATE VIEW v AS SELECT 1', 'DO $$ BEGIN END $$'].map(mayChangeQueries)).toEqual([true, true, true]);
});
