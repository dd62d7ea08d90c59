import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReplayScript, RoundTrip, StatementObservation } from '../../observation';
import type { EmbeddedShadow } from './embedded-shadow';
import { alone, inTransaction, startTestShadow, step } from './testing/replay';

let shadow: EmbeddedShadow;
beforeAll(async () => {
  shadow = await startTestShadow({ statementMs: 2_000 });
});
afterAll(() => shadow.dispose());

const base = inTransaction(
  'CREATE TABLE shop (id int PRIMARY KEY, max_runs int NOT NULL, code text NOT NULL, kind text NOT NULL)',
  'CREATE TABLE item (id int PRIMARY KEY, shop_id int NOT NULL REFERENCES shop, size int, made timestamptz)',
  'CREATE TABLE run (shop_id int NOT NULL, number int NOT NULL)',
  "CREATE FUNCTION heat(n int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN n * 1000000; END'",
  `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''closed'' USING ERRCODE = ''SH001''; END'`,
  'CREATE TRIGGER refuse BEFORE UPDATE ON run FOR EACH ROW EXECUTE FUNCTION refuse()',
);

async function observe(script: ReplayScript): Promise<readonly StatementObservation[]> {
  return (await shadow.observe([step('base', base), step('it', script)])).at(-1)?.statements ?? [];
}

async function rehearse(up: ReplayScript, down: ReplayScript): Promise<RoundTrip | undefined> {
  return (await shadow.rehearse([step('base', base), step('it', up, down)], { only: new Set(['it']) }))[0];
}

/** Statements that only made-up rows stop, with the SQLSTATE. */
const overRows: readonly (readonly [sql: string, sqlstate: string])[] = [
  ['CREATE INDEX ON item (heat(size))', '22003'],
  ['ALTER TABLE shop ALTER code TYPE int USING code::int', '22P02'],
  ['ALTER TABLE shop ALTER code TYPE uuid USING code::uuid', '22P02'],
  ['ALTER TABLE shop ALTER code TYPE jsonb USING code::jsonb', '22P02'],
  ['ALTER TABLE shop ADD CHECK (max_runs < 100)', '23514'],
  ['CREATE UNIQUE INDEX ON shop (kind)', '23505'],
  ['UPDATE item SET size = 1 / (size - size)', '22012'],
  ["UPDATE item SET made = made + size * interval '1 year'", '22008'],
  ["UPDATE shop SET max_runs = (regexp_match(kind, repeat('(', length(code))))[1]::int", '2201B'],
  ['UPDATE run SET number = 1', 'SH001'],
  ['INSERT INTO run SELECT 1, (SELECT id FROM shop) WHERE EXISTS (SELECT FROM shop)', '21000'],
  ["DO $$ DECLARE s shop; BEGIN FOR s IN SELECT * FROM shop LOOP EXECUTE format('DROP TABLE %I', s.code); END LOOP; END $$", '42P01'],
  ["DO $$ BEGIN IF EXISTS (SELECT FROM shop WHERE max_runs > 500) THEN RAISE EXCEPTION 'too many'; END IF; END $$", 'P0001'],
  ['DO $$ DECLARE n int; BEGIN IF EXISTS (SELECT FROM shop) THEN SELECT id INTO STRICT n FROM shop; END IF; END $$', 'P0003'],
  ['UPDATE shop SET max_runs = kind::regclass::oid::int', '42P01'],
];

describe('what only made-up rows stop is no error', () => {
  it.each(overRows)('in a transaction: %s', async (sql, sqlstate) => {
    const seen = await observe(inTransaction('ALTER TABLE item ADD COLUMN label text', sql, 'ALTER TABLE item ADD COLUMN again text'));
    expect(seen.map(({ error }) => error)).toEqual([undefined, undefined, undefined]);
    expect(seen[1]?.rowsError?.sqlstate).toBe(sqlstate);
    expect(seen[2]?.locks).toEqual([]);
  });

  it.each(overRows)('alone: %s', async (sql, sqlstate) => {
    const [seen] = await observe(alone(sql));
    expect(seen?.error).toBeUndefined();
    expect(seen?.rowsError?.sqlstate).toBe(sqlstate);
  });

  it.each(overRows)('in a rehearsal: %s', async (sql) => {
    const trip = await rehearse(inTransaction('CREATE TABLE note (id int)', sql), inTransaction('DROP TABLE note'));
    expect(trip).toMatchObject({ up: 'ok', down: 'ok', upAgain: expect.stringMatching(/ok|error/) as string });
    expect(trip?.failure?.error.message ?? 'already exists').toContain('already exists');
  });
});

it('builds an index over rows that the same transaction deleted', async () => {
  const seen = await observe(
    inTransaction('CREATE TABLE fresh (id int)', 'DELETE FROM item', 'CREATE INDEX item_heat ON item (heat(size))', 'DROP INDEX item_heat'),
  );
  expect(seen.map(({ error }) => error)).toEqual([undefined, undefined, undefined, undefined]);
  expect(seen[2]?.rowsError?.sqlstate).toBe('22003');
  expect(seen[2]?.locks).toContainEqual(expect.objectContaining({ relation: 'public.item', mode: 'Share' }));
});

it('knows after starting again which tables the script made', async () => {
  const seen = await observe(
    inTransaction('CREATE TABLE fresh (id int)', 'CREATE INDEX ON item (heat(size))', 'ALTER TABLE fresh ADD COLUMN a int'),
  );
  expect(seen[1]?.error).toBeUndefined();
  for (const lock of seen[2]?.locks ?? []) expect(lock.existedBefore).toBe(false);
});

it('tries rows of other values before it goes without: the others are there for what follows', async () => {
  const seen = await observe(
    inTransaction(
      'ALTER TABLE shop ADD CHECK (max_runs < 100)',
      "DO $$ BEGIN IF EXISTS (SELECT FROM shop) THEN RAISE EXCEPTION 'rows'; END IF; END $$",
    ),
  );
  expect(seen[1]?.rowsError?.message).toBe('rows');
  const trip = await rehearse(
    inTransaction('ALTER TABLE shop ALTER code TYPE int USING code::int'),
    inTransaction('ALTER TABLE shop ALTER code TYPE text'),
  );
  expect(trip).toMatchObject({ up: 'ok', down: 'ok', upAgain: 'ok', rowsRestored: true });
});

describe('a statement that does not end over made-up rows', () => {
  const runs =
    'INSERT INTO run SELECT w.id, n FROM shop w CROSS JOIN generate_series(1, w.max_runs) n CROSS JOIN generate_series(1, w.max_runs) m';

  it.each([
    ['in a transaction', inTransaction(runs, 'ALTER TABLE run ADD COLUMN a int')],
    ['alone', alone(runs, 'ALTER TABLE run ADD COLUMN a int')],
  ])('is run over others %s', async (_, script) => {
    const seen = await observe(script);
    expect(seen.map(({ error }) => error)).toEqual([undefined, undefined]);
    expect(seen[0]?.rowsError?.gaveUp).toBe('time');
  });

  it('comes back in a rehearsal', async () => {
    expect(await rehearse(inTransaction(runs), inTransaction('DELETE FROM run'))).toMatchObject({ up: 'ok', down: 'ok', upAgain: 'ok' });
  });
});

describe('a setting that nobody made', () => {
  it.each([
    ["INSERT INTO run VALUES (1, length(current_setting('shop.host')))", 'shop.host'],
    ["INSERT INTO run VALUES (current_setting('shop.number')::int, 2)", 'shop.number'],
    ["CREATE TABLE owner AS SELECT current_setting('shop.owner')::uuid AS id, current_setting('shop.since')::date AS since", 'shop.since'],
  ])('is no error, and is named: %s', async (sql, name) => {
    for (const script of [inTransaction(sql, 'SELECT 1'), alone(sql, 'SELECT 1')]) {
      const seen = await observe(script);
      expect(seen.map(({ error }) => error)).toEqual([undefined, undefined]);
      expect(seen[0]?.settings).toContain(name);
    }
    expect(await rehearse(inTransaction(sql), inTransaction('DROP TABLE IF EXISTS owner', 'DELETE FROM run'))).toMatchObject({ up: 'ok' });
  });

  it('is one of the server’s own: an error', async () => {
    const [seen] = await observe(inTransaction("SELECT current_setting('no_such_setting')"));
    expect(seen?.error?.sqlstate).toBe('42704');
  });
});

describe('what fails on empty tables too stays an error', () => {
  it.each([
    ['INSERT INTO item (id, shop_id) VALUES (1, 1)', '23503'],
    ["DO $$ BEGIN IF (SELECT count(*) FROM shop) <> 1 THEN RAISE EXCEPTION 'expected exactly one row'; END IF; END $$", 'P0001'],
    ['DO $$ DECLARE n int; BEGIN SELECT id INTO STRICT n FROM shop; END $$', 'P0002'],
    ["ALTER TABLE item ALTER size SET DEFAULT 'a'", '22P02'],
    ['SELECT 1 / 0', '22012'],
    ['UPDATE missing SET a = 1', '42P01'],
  ])('%s', async (sql, sqlstate) => {
    const seen = await observe(inTransaction(sql, 'SELECT 1'));
    expect(seen.map(({ error }) => error?.sqlstate)).toEqual([sqlstate, undefined]);
    const [lone] = await observe(alone(sql));
    expect(lone?.error?.sqlstate).toBe(sqlstate);
  });

  it('an index over rows of the script itself', async () => {
    const seen = await observe(
      inTransaction('INSERT INTO run VALUES (1, 1), (1, 1)', 'CREATE UNIQUE INDEX ON run (shop_id)', 'SELECT 1 FROM run'),
    );
    expect(seen.map(({ error }) => error?.sqlstate)).toEqual([undefined, '23505', undefined]);
  });
});

it('does not stand in the way of what has to come first in a transaction', async () => {
  const script = alone('BEGIN', 'SET TRANSACTION ISOLATION LEVEL REPEATABLE READ', "SET LOCAL lock_timeout = '5s'", 'SELECT 1', 'COMMIT');
  const late = alone('BEGIN', 'SELECT 1', 'SET TRANSACTION ISOLATION LEVEL REPEATABLE READ', 'COMMIT');
  expect((await observe(script)).map(({ error }) => error?.sqlstate)).toEqual([undefined, undefined, undefined, undefined, undefined]);
  expect((await observe(late)).map(({ error }) => error?.sqlstate)).toEqual([undefined, undefined, '25001', undefined]);
  expect(await rehearse(script, script)).toMatchObject({ up: 'ok', down: 'ok', upAgain: 'ok' });
});

it('finds no made-up row with a value that the script itself added to an enum', async () => {
  const enums = inTransaction(
    "CREATE TYPE kind AS ENUM ('small', 'large')",
    'CREATE TABLE size (shop_id int NOT NULL REFERENCES shop, kind kind NOT NULL UNIQUE)',
  );
  const fill = (kind: string) => `INSERT INTO size SELECT shop_id, '${kind}' FROM size WHERE kind = 'small' ON CONFLICT (kind) DO NOTHING`;
  const added = alone("ALTER TYPE kind ADD VALUE 'huge'", "ALTER TYPE kind ADD VALUE 'tiny'", fill('huge'), fill('tiny'));
  const later = alone(fill('tiny'));
  const seen = await shadow.observe([step('base', base), step('enums', enums), step('it', added), step('later', later)]);
  const locks = seen.map(({ statements }) => statements.at(-1)?.locks.find(({ relation }) => relation === 'public.shop')?.mode);
  expect(locks.slice(2)).toEqual(['RowShare', undefined]);
});

describe('a statement that was rolled back read what it read itself', () => {
  const rename = 'ALTER TABLE item RENAME COLUMN made TO created';
  const countAndFail = "DO $$ BEGIN PERFORM count(*) FROM item; RAISE EXCEPTION 'no'; END $$";

  it.each([
    ['over rows of an earlier script', 'ALTER TABLE item ADD COLUMN tag text NOT NULL'],
    ['over made-up rows and without', countAndFail],
  ])('%s', async (_, failing) => {
    const filled = inTransaction('INSERT INTO shop VALUES (1, 1, 1, 1)', 'INSERT INTO item VALUES (1, 1)');
    const steps = [step('base', base), step('filled', filled), step('it', inTransaction(failing, 'CREATE INDEX ON item (tag)', rename))];
    const seen = (await shadow.observe(steps)).at(-1)?.statements ?? [];
    expect(seen.map(({ error }) => error === undefined)).toEqual([false, false, true]);
    expect(seen[2]).toMatchObject({ scans: [] });
  });

  it('without rows of an earlier script', async () => {
    const seen = await observe(inTransaction(countAndFail, rename));
    expect(seen.map(({ error }) => error?.sqlstate)).toEqual(['P0001', undefined]);
    expect(seen[1]).toMatchObject({ scans: [] });
  });
});
