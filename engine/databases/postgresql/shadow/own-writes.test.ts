import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StatementObservation } from '../../observation';
import type { EmbeddedShadow } from './embedded-shadow';
import { inTransaction, startTestShadow, step } from './testing/replay';

let shadow: EmbeddedShadow;
beforeAll(async () => {
  shadow = await startTestShadow();
});
afterAll(() => shadow.dispose());

const base = step(
  'base',
  inTransaction(
    'CREATE TABLE shop (id int PRIMARY KEY, code text NOT NULL)',
    'CREATE TABLE owner (id int PRIMARY KEY, shop_id int NOT NULL REFERENCES shop ON DELETE CASCADE, name text NOT NULL)',
    'CREATE TABLE item (id int PRIMARY KEY, size int)',
    `CREATE FUNCTION forget_owners() RETURNS void LANGUAGE sql AS 'DELETE FROM owner'`,
  ),
);

/** Takes all made-up rows away, as no table is named. */
const removal = "DO $$ BEGIN IF (SELECT sum(n) FROM (SELECT 1 FROM shop) s(n)) > 0 THEN RAISE EXCEPTION 'rows'; END IF; END $$";

async function rowExclusive(...sql: string[]): Promise<string[][]> {
  const seen: readonly StatementObservation[] = (await shadow.observe([base, step('it', inTransaction(...sql))])).at(-1)?.statements ?? [];
  expect(seen.map(({ error }) => error)).toEqual(sql.map(() => undefined));
  return seen.map(({ locks }) =>
    locks.flatMap(({ relation, relationKind, mode }) => (relationKind === 'r' && mode === 'RowExclusive' ? relation : [])),
  );
}

describe('the removal of made-up rows is not mistaken for a lock of the script', () => {
  const writes: readonly (readonly [sql: string, tables: string[]])[] = [
    ["UPDATE shop SET code = 'a'", ['public.shop']],
    ['DELETE FROM item', ['public.item']],
    ['INSERT INTO item (id) VALUES (1)', ['public.item']],
    ['INSERT INTO item (id) SELECT id FROM owner', ['public.item']],
    ["WITH gone AS (DELETE FROM item RETURNING id) UPDATE shop SET code = 'a' FROM gone", ['public.item', 'public.shop']],
    ['DO $$ BEGIN UPDATE item SET size = 1; END $$', ['public.item']],
    ['SELECT forget_owners()', ['public.owner']],
    ['SELECT count(*) FROM shop', []],
    ['CREATE TABLE copied AS SELECT * FROM item', []],
  ];

  it.each(writes)('%s', async (sql, tables) => {
    const [unrelated, removed, first, again] = await rowExclusive(
      'SELECT 1',
      removal,
      sql,
      sql.replace('copied', 'more').replace('(1)', '(2)'),
    );
    expect(unrelated).toEqual([]);
    expect(removed).not.toContain('public.item');
    expect(first).toEqual(tables);
    expect(again).toEqual([]);
  });

  it('when a later statement fails for good', async () => {
    const sql = [
      'SELECT 1',
      removal,
      'INSERT INTO item (id) VALUES (1)',
      'CREATE UNIQUE INDEX ON item ((1))',
      "UPDATE shop SET code = 'a'",
    ];
    expect((await rowExclusive(...sql)).map((tables) => tables.length)).toEqual([0, 0, 1, 0, 1]);
  });
});

it('takes a table that took the place of another one for a new one', async () => {
  const swap = `DO $$ BEGIN
    CREATE TABLE item_new (id int PRIMARY KEY, size bigint); INSERT INTO item_new SELECT * FROM item;
    UPDATE item_new SET size = 1; DROP TABLE item; ALTER TABLE item_new RENAME TO item; END $$`;
  const [, statement] = (await shadow.observe([base, step('it', inTransaction(swap, 'CREATE INDEX ON item (size)'))]))[1]?.statements ?? [];
  const [swapped] = (await shadow.observe([base, step('it', inTransaction(swap))]))[1]?.statements ?? [];
  expect(swapped).toMatchObject({ rewrites: [], scans: ['public.item'] });
  expect(statement).toMatchObject({ scans: [] });
  expect(statement?.locks.map(({ existedBefore }) => existedBefore)).not.toContain(true);
});
