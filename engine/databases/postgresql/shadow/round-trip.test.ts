import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReplayScript, RoundTrip } from '../../observation';
import type { EmbeddedShadow } from './embedded-shadow';
import { alone, inTransaction, startTestShadow, step } from './testing/replay';

let shadow: EmbeddedShadow;
beforeAll(async () => {
  shadow = await startTestShadow();
});
afterAll(() => shadow.dispose());

const base = step(
  'base',
  inTransaction(
    'CREATE TABLE parent (id int PRIMARY KEY)',
    'CREATE TABLE t (id int PRIMARY KEY, a int DEFAULT 1, b text, parent_id int CONSTRAINT t_parent REFERENCES parent DEFERRABLE INITIALLY DEFERRED)',
    'CREATE INDEX t_a ON t (a)',
    "CREATE TYPE mood AS ENUM ('calm')",
    'CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$',
    // Last, as a deferred constraint's pending check forbids to alter the table in the same transaction.
    "INSERT INTO t VALUES (1, 2, 'x')",
  ),
);

async function roundTrip(up: ReplayScript, down: ReplayScript): Promise<RoundTrip> {
  const [found] = await shadow.rehearse([base, step('it', up, down)], { only: new Set(['it']) });
  if (!found) throw new Error('no round trip');
  return found;
}

const differences = (trip: RoundTrip) =>
  trip.differences.map(({ kind, object, cosmetic }) => `${kind} ${object}${cosmetic ? ' (cosmetic)' : ''}`);

describe('a down script', () => {
  it('that restores everything', async () => {
    const trip = await roundTrip(
      inTransaction(
        'ALTER TABLE t ADD COLUMN c int',
        'CREATE INDEX t_c ON t (c)',
        'CREATE VIEW v AS SELECT a FROM t',
        "COMMENT ON TABLE t IS 'x'",
        'GRANT SELECT ON t TO PUBLIC',
      ),
      inTransaction('REVOKE SELECT ON t FROM PUBLIC', 'COMMENT ON TABLE t IS NULL', 'DROP VIEW v', 'ALTER TABLE t DROP COLUMN c'),
    );
    expect(trip).toMatchObject({ up: 'ok', down: 'ok', upAgain: 'ok', schemaRestored: true, rowsRestored: true, differences: [] });
  });

  it.each<[name: string, up: string, down: string, expected: string[]]>([
    ['leaves a table', 'CREATE TABLE n (a int)', 'SELECT 1', ['left-over table public.n']],
    ['forgets a default', 'ALTER TABLE t ALTER a DROP DEFAULT', 'SELECT 1', ['changed column public.t.a']],
    ['forgets a constraint', 'ALTER TABLE t DROP CONSTRAINT t_parent', 'SELECT 1', ['missing constraint public.t.t_parent']],
    ['forgets an index', 'DROP INDEX t_a', 'SELECT 1', ['missing index public.t_a']],
    ['leaves a privilege', 'GRANT SELECT ON t TO PUBLIC', 'SELECT 1', ['changed table public.t']],
    ['forgets nullability', 'ALTER TABLE t ALTER a SET NOT NULL', 'SELECT 1', ['changed column public.t.a']],
    [
      'restores another body',
      'DROP FUNCTION f()',
      'CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 2 $$',
      ['changed function public.f()'],
    ],
    ['leaves an extension', 'CREATE EXTENSION pg_trgm', 'SELECT 1', ['left-over extension pg_trgm']],
    ['leaves an enum value', "ALTER TYPE mood ADD VALUE 'wild'", 'SELECT 1', ['changed type public.mood']],
    ['leaves row security', 'ALTER TABLE t ENABLE ROW LEVEL SECURITY', 'SELECT 1', ['changed table public.t']],
    [
      'leaves default privileges',
      'ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC',
      'SELECT 1',
      ['left-over default privileges on new relations belonging to role postgres'],
    ],
  ])('that %s', async (_, up, down, expected) => {
    const trip = await roundTrip(inTransaction(up), inTransaction(down));
    expect(differences(trip).filter((each) => !each.endsWith('(cosmetic)'))).toEqual(expected);
    expect(trip).toMatchObject({ down: 'ok', schemaRestored: false });
  });

  it.each<[name: string, up: string, down: string, expected: string[]]>([
    ['changes the order of columns', 'ALTER TABLE parent ADD COLUMN x int; ALTER TABLE parent DROP COLUMN x', 'SELECT 1', []],
    [
      'renames a constraint',
      'ALTER TABLE t DROP CONSTRAINT t_parent',
      'ALTER TABLE t ADD CONSTRAINT other FOREIGN KEY (parent_id) REFERENCES parent DEFERRABLE INITIALLY DEFERRED',
      ['changed constraint public.t.t_parent (cosmetic)'],
    ],
    [
      'changes white space of a body',
      'DROP FUNCTION f()',
      'CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$  SELECT   1  $$',
      ['changed function public.f() (cosmetic)'],
    ],
    [
      'changes a comment in a body',
      'DROP FUNCTION f()',
      'CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT /* the one */ 1 -- and only $$',
      ['changed function public.f() (cosmetic)'],
    ],
    ['leaves a comment', "COMMENT ON COLUMN t.a IS 'x'", 'SELECT 1', ['left-over comment on column a of table public.t (cosmetic)']],
  ])('that only %s', async (_, up, down, expected) => {
    const trip = await roundTrip(inTransaction(up), inTransaction(down));
    expect(differences(trip)).toEqual(expected);
    expect(trip.schemaRestored).toBe(true);
  });

  it('that brings a column back without its values', async () => {
    const trip = await roundTrip(inTransaction('ALTER TABLE t DROP COLUMN b'), inTransaction('ALTER TABLE t ADD COLUMN b text'));
    expect(trip).toMatchObject({ schemaRestored: true, rowsRestored: false });
    expect(differences(trip)).toContain('changed rows public.t');
  });

  it('that leaves rows', async () => {
    const trip = await roundTrip(inTransaction('INSERT INTO parent VALUES (1)'), inTransaction('SELECT 1'));
    expect(trip).toMatchObject({ schemaRestored: true, rowsRestored: false });
    expect(differences(trip)).toEqual(['left-over rows public.parent']);
  });

  it('that fails, at the statement at fault', async () => {
    const trip = await roundTrip(inTransaction('CREATE TABLE n (a int)'), inTransaction('SELECT 1', 'DROP TABLE m'));
    expect(trip).toMatchObject({ up: 'ok', down: 'error', upAgain: 'none', schemaRestored: null, rowsRestored: null });
    expect(trip.failure).toMatchObject({ script: 'down', statement: 1, error: { sqlstate: '42P01' } });
  });

  it('that leads to an up that cannot run again', async () => {
    const trip = await roundTrip(inTransaction('CREATE TABLE n (a int)'), inTransaction());
    expect(trip).toMatchObject({ down: 'ok', upAgain: 'error', schemaRestored: false, failure: { script: 'upAgain', statement: 0 } });
  });
});

describe('what one transaction would get wrong', () => {
  it('a new enum value is used by the down script', async () => {
    const trip = await roundTrip(
      inTransaction("ALTER TYPE mood ADD VALUE IF NOT EXISTS 'late'"),
      inTransaction('CREATE TABLE uses (m mood)', "INSERT INTO uses VALUES ('late')", 'DROP TABLE uses'),
    );
    expect(trip).toMatchObject({ down: 'ok', upAgain: 'ok', schemaRestored: false });
  });

  it('rows wait for a deferred constraint', async () => {
    const trip = await roundTrip(
      inTransaction('INSERT INTO parent VALUES (9)', 'INSERT INTO t VALUES (9, 9, $$y$$, 9)'),
      inTransaction('DELETE FROM t WHERE id = 9', 'DELETE FROM parent WHERE id = 9', 'ALTER TABLE t ALTER a SET DEFAULT 1'),
    );
    expect(trip).toMatchObject({ down: 'ok', upAgain: 'ok', schemaRestored: true, rowsRestored: true });
  });

  it('a temporary table lives until the end of the session', async () => {
    const temporary = inTransaction('CREATE TEMP TABLE tmp (a int) ON COMMIT DROP', 'INSERT INTO tmp VALUES (1)');
    expect(await roundTrip(temporary, temporary)).toMatchObject({ down: 'ok', upAgain: 'ok', schemaRestored: true });
  });

  it('a setting of the up script is gone when the down script runs', async () => {
    const trip = await roundTrip(
      inTransaction('CREATE SCHEMA s', 'SET LOCAL search_path = s', 'CREATE TABLE inside (a int)'),
      inTransaction('ALTER TABLE t ALTER a SET DEFAULT 1', 'DROP SCHEMA s CASCADE'),
    );
    expect(trip).toMatchObject({ down: 'ok', upAgain: 'ok', schemaRestored: true });
  });

  it('an index is built concurrently', async () => {
    const trip = await roundTrip(alone('CREATE INDEX CONCURRENTLY t_b ON t (b)'), alone('DROP INDEX CONCURRENTLY t_b'));
    expect(trip).toMatchObject({ up: 'ok', down: 'ok', upAgain: 'ok', schemaRestored: true, rowsRestored: true });
  });
});

describe('what only the second up touches', () => {
  // PostgreSQL looks a referenced row up again once the row that refers to it was written in the same transaction.
  const tables = [
    'CREATE TABLE owner (id int PRIMARY KEY, at timestamptz)',
    'CREATE TABLE item (id int PRIMARY KEY, owner_id int REFERENCES owner, size int NOT NULL DEFAULT 0)',
  ];
  const weight = 'ALTER TABLE item ADD COLUMN weight int';
  const fill = 'UPDATE item SET weight = size';
  const cases: [name: string, before: string[], up: string[]][] = [
    ['a referenced table', tables, [weight, fill]],
    [
      'a table that a trigger writes',
      [
        ...tables,
        'CREATE TABLE log (id int)',
        `CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
          IF EXISTS (SELECT FROM pg_class WHERE relname = 'mark' AND relnatts > 1) THEN INSERT INTO log VALUES (1); END IF; RETURN NEW; END $$`,
        'CREATE TABLE mark (id int)',
        'CREATE TRIGGER note AFTER UPDATE ON item FOR EACH ROW EXECUTE FUNCTION note()',
      ],
      [weight, fill, 'ALTER TABLE mark ADD COLUMN x int'],
    ],
    [
      'a referenced partitioned table and its partitions',
      [
        'CREATE TABLE owner (id int PRIMARY KEY) PARTITION BY RANGE (id)',
        'CREATE TABLE owner_low PARTITION OF owner FOR VALUES FROM (MINVALUE) TO (0)',
        'CREATE TABLE owner_rest PARTITION OF owner DEFAULT',
        ...tables.slice(1),
      ],
      [weight, fill],
    ],
    [
      'a sequence, a function, a type and a view',
      [
        ...tables,
        'CREATE SEQUENCE s',
        "CREATE TYPE mood AS ENUM ('calm')",
        'CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$',
        'CREATE VIEW v AS SELECT 1 AS a',
        'CREATE TABLE flag (id int)',
      ],
      [
        weight,
        fill,
        `DO $$ BEGIN
          IF (SELECT relnatts FROM pg_class WHERE relname = 'flag') > 1 THEN
            ALTER SEQUENCE s INCREMENT 2;
            ALTER TYPE mood ADD VALUE 'wild';
            CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 2';
            CREATE OR REPLACE VIEW v AS SELECT 2 AS a;
            UPDATE owner SET at = now();
          END IF;
        END $$`,
        'ALTER TABLE flag ADD COLUMN x int',
      ],
    ],
  ];
  const back = (up: readonly string[]) =>
    up.flatMap((each) => {
      const [, table, column] = /^ALTER TABLE (\w+) ADD COLUMN (\w+)/.exec(each) ?? [];
      return table ? `ALTER TABLE ${table} DROP COLUMN ${column}` : [];
    });
  const rehearsed = async (before: string[], up: string[], down: string[]) => {
    const [trip] = await shadow.rehearse(
      [step('tables', inTransaction(...before)), step('it', inTransaction(...up), inTransaction(...down))],
      {
        only: new Set(['it']),
      },
    );
    return trip;
  };

  it.each(cases)('is not missing after the down: %s', async (_, before, up) => {
    const trip = await rehearsed(before, up, back(up));
    expect(trip).toMatchObject({ down: 'ok', upAgain: 'ok', schemaRestored: true, rowsRestored: true, differences: [] });
  });

  it.each(cases.filter(([name]) => name.startsWith('a referenced')))(
    'does not make the second up differ from the first: %s',
    async (_, before, up) => {
      const trip = await rehearsed(before, [...up, 'ALTER TABLE item ALTER size SET DEFAULT 1'], back(up));
      expect(trip?.differences.map((each) => each.object)).toEqual(['column public.item.size']);
      expect(trip?.message).toBe('The down script does not restore the schema: column item.size: the default was 0 and is now 1.');
    },
  );
});

it('compares rows as a session without settings of the scripts shows them', async () => {
  const [trip] = await shadow.rehearse(
    [
      step('tables', inTransaction('CREATE TABLE e (id int PRIMARY KEY, at timestamptz)')),
      step(
        'it',
        inTransaction('ALTER TABLE e ADD COLUMN x int'),
        inTransaction("SET TIME ZONE 'Asia/Tokyo'", 'ALTER TABLE e DROP COLUMN x'),
      ),
    ],
    { only: new Set(['it']) },
  );
  expect(trip).toMatchObject({ schemaRestored: true, rowsRestored: true });
});

it('goes on from a single up, whatever the downs before did', async () => {
  const chain = [
    base,
    step('broken', inTransaction('CREATE TABLE n (a int)', 'INSERT INTO n VALUES (1)'), inTransaction('DROP TABLE t CASCADE')),
    step('concurrent', alone('CREATE INDEX CONCURRENTLY n_a ON n (a)'), alone('DROP TABLE n')),
    step(
      'after',
      inTransaction('ALTER TABLE t ADD COLUMN z int', 'CREATE UNIQUE INDEX n_u ON n (a)'),
      inTransaction('DROP INDEX n_u', 'ALTER TABLE t DROP COLUMN z'),
    ),
  ];
  const trips = await shadow.rehearse(chain);
  expect(trips.map((trip) => trip.id)).toEqual(['base', 'broken', 'concurrent', 'after']);
  expect(trips[0]).toMatchObject({ down: 'none', schemaRestored: null });
  expect(trips[1]?.schemaRestored).toBe(false);
  expect(trips[2]?.schemaRestored).toBe(false);
  expect(trips[3]).toMatchObject({ up: 'ok', down: 'ok', upAgain: 'ok', schemaRestored: true, rowsRestored: true });
});

it('judges a down script again when only that was edited, without running anything else', async () => {
  const up = inTransaction('CREATE TABLE again (a int)');
  await shadow.rehearse([base, step('it', up, inTransaction('SELECT 1'))]);
  const before = shadow.statistics;
  const [, trip] = await shadow.rehearse([base, step('it', up, inTransaction('DROP TABLE again'))]);
  expect(trip?.schemaRestored).toBe(true);
  // Up, down and up again; nothing follows, so the up is not run a third time.
  expect(shadow.statistics.statementsRun - before.statementsRun).toBe(3);
});
