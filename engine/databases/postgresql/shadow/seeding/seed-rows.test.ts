import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReplayScript, RoundTrip, StatementObservation, StepObservation } from '../../../observation';
import type { EmbeddedShadow } from '../embedded-shadow';
import { alone, inTransaction, startTestShadow, step } from '../testing/replay';

let shadow: EmbeddedShadow;
beforeAll(async () => {
  shadow = await startTestShadow();
});
afterAll(() => shadow.dispose());

async function observe(base: ReplayScript, ...scripts: ReplayScript[]): Promise<readonly StepObservation[]> {
  return shadow.observe([step('base', base), ...scripts.map((script, index) => step(`${index}`, script))]);
}

async function observeOne(base: readonly string[], ...sql: string[]): Promise<StatementObservation> {
  const observed = await observe(inTransaction(...base), inTransaction(...sql));
  const statement = observed.at(-1)?.statements.at(-1);
  if (!statement) throw new Error('no observation');
  return statement;
}

/** Fails with what the query says about the rows of the tables before it. */
async function expectRows(base: readonly string[], condition: string, ...unseeded: string[]): Promise<void> {
  const observed = await observe(
    inTransaction(...base),
    inTransaction(`DO $check$ BEGIN IF NOT (${condition}) THEN RAISE EXCEPTION 'not so'; END IF; END $check$`),
  );
  const last = observed.at(-1);
  expect(last?.unseeded?.map((each) => each.table) ?? []).toEqual(unseeded);
  // Where the condition holds, the statement works on the rows and fails on the empty tables that a new database has.
  expect(last?.statements[0]?.rowsError).toBeUndefined();
  expect(last?.statements[0]?.error?.message).toBe('not so');
}

describe('tables get three rows', () => {
  it('with the first two equal where no key forbids it, and the third of other values and NULLs', () =>
    expectRows(
      ['CREATE TABLE t (id serial PRIMARY KEY, a int, b text NOT NULL, c date)'],
      `(SELECT array_agg(n ORDER BY n) FROM (SELECT count(*) n FROM t GROUP BY a, b, c) x) = '{1,2}'
        AND (SELECT count(*) FROM t WHERE a IS NULL AND c IS NULL) = 1 AND (SELECT count(DISTINCT id) FROM t) = 3`,
    ));

  it.each([
    'smallint, int, bigint, numeric, numeric(5,2), numeric(3,3), numeric(2,-3), real, double precision, money, oid',
    'text, varchar(3), varchar, char(5), char, name, "char", bytea, bit(3), varbit(5), varbit',
    'date, timestamp, timestamptz, timestamp(0), time, timetz, interval',
    'bool, uuid, json, jsonb, jsonpath, xml, inet, cidr, macaddr, macaddr8, pg_lsn, tid, regclass, regtype',
    'tsvector, tsquery, point, line, lseg, box, path, polygon, circle',
    'int4range, int8range, numrange, tsrange, tstzrange, daterange, int4multirange, datemultirange',
    'int[], text[], varchar(2)[], numeric(4,1)[], uuid[], jsonb[], timestamptz[], int4range[]',
  ])('of the types %s', async (types) => {
    const columns = types.split(/, (?![^(]*\))/).map((type, index) => `c${index} ${type} NOT NULL`);
    await expectRows([`CREATE TABLE t (${columns.join(', ')}, UNIQUE (c0))`], '(SELECT count(*) FROM t) >= 2');
  });

  it('of enums, domains, composite and range types of the schema, and of types of extensions', () =>
    expectRows(
      [
        'CREATE EXTENSION citext',
        'CREATE EXTENSION hstore',
        'CREATE EXTENSION ltree',
        "CREATE TYPE mood AS ENUM ('calm', 'it''s wild')",
        'CREATE TYPE pair AS (a int, b text)',
        'CREATE TYPE floats AS RANGE (subtype = float8)',
        'CREATE DOMAIN positive AS int NOT NULL CHECK (VALUE BETWEEN 1 AND 9)',
        "CREATE DOMAIN code AS text CHECK (VALUE ~ '^[A-Z]{3}$')",
        'CREATE TABLE t (m mood NOT NULL, p pair NOT NULL, f floats NOT NULL, d positive, k code NOT NULL, ms mood[] NOT NULL, c citext NOT NULL, h hstore NOT NULL, l ltree NOT NULL)',
      ],
      '(SELECT count(*) FROM t) >= 2',
    ));

  it('and one more for each further value of an enum, where the table takes it', () =>
    expectRows(
      [
        "CREATE TYPE mood AS ENUM ('a', 'b', 'c', 'd')",
        'CREATE DOMAIN calm AS mood',
        "CREATE TABLE t (m mood NOT NULL CHECK (m <> 'd'), n calm, o mood[], p int UNIQUE)",
        'CREATE TABLE k (m mood PRIMARY KEY)',
      ],
      `(SELECT count(DISTINCT m) FROM t) = 3 AND (SELECT count(DISTINCT n) FROM t) >= 3 AND (SELECT count(DISTINCT o) FROM t) >= 3
        AND (SELECT count(*) FROM k) = 4`,
    ));

  it('that have the values that an enum gets later', async () => {
    const observed = await observe(
      inTransaction("CREATE TYPE mood AS ENUM ('a')", 'CREATE TABLE t (m mood)'),
      inTransaction("ALTER TYPE mood ADD VALUE 'b'"),
      inTransaction("CREATE TYPE less AS ENUM ('a')", 'ALTER TABLE t ALTER m TYPE less USING m::text::less'),
    );
    expect(observed[2]?.statements[1]?.rowsError?.message).toBe('invalid input value for enum less: "b"');
  });

  it('that meet conditions', () =>
    expectRows(
      [
        `CREATE TABLE t (
          state text NOT NULL CHECK (state IN ('open', 'closed')), percent int NOT NULL CHECK (percent BETWEEN 0 AND 100),
          name text NOT NULL CHECK (length(name) <= 20), digest bytea NOT NULL CHECK (octet_length(digest) = 32),
          a int, b int CHECK (b > a), since date NOT NULL CHECK (since < '2020-01-01'),
          x int, y int, CHECK (num_nonnulls(x, y) = 1))`,
      ],
      '(SELECT count(*) FROM t) = 3',
    ));

  it('that meet keys over several columns, expressions and parts of a table', () =>
    expectRows(
      [
        'CREATE TABLE t (a int NOT NULL, b int NOT NULL, email text NOT NULL, gone bool NOT NULL, during int4range NOT NULL, UNIQUE (a, b), EXCLUDE USING gist (during WITH &&))',
        'CREATE UNIQUE INDEX ON t (lower(email)) WHERE NOT gone',
      ],
      '(SELECT count(*) FROM t) = 3 AND (SELECT count(DISTINCT a) FROM t) = 2',
    ));

  it('along chains of foreign keys, whatever the order of the tables, and around cycles', () =>
    expectRows(
      [
        'CREATE TABLE leaf (id int PRIMARY KEY, branch_a int NOT NULL, branch_b int NOT NULL)',
        'CREATE TABLE root (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, boss bigint NOT NULL REFERENCES root, favourite int REFERENCES leaf)',
        'CREATE TABLE branch (a int, b int, root_id bigint NOT NULL UNIQUE REFERENCES root, PRIMARY KEY (a, b))',
        'ALTER TABLE leaf ADD FOREIGN KEY (branch_a, branch_b) REFERENCES branch',
      ],
      `(SELECT count(*) FROM leaf l JOIN branch b ON (b.a, b.b) = (l.branch_a, l.branch_b) JOIN root r ON r.id = b.root_id JOIN root s ON s.id = r.boss) = 3`,
    ));

  it('in every partition', () =>
    expectRows(
      [
        'CREATE TABLE p (k int NOT NULL, at date NOT NULL) PARTITION BY LIST (k)',
        'CREATE TABLE p1 PARTITION OF p FOR VALUES IN (7) PARTITION BY RANGE (at)',
        "CREATE TABLE p1a PARTITION OF p1 FOR VALUES FROM ('2020-01-01') TO ('2020-02-01')",
        'CREATE TABLE pd PARTITION OF p DEFAULT',
      ],
      '(SELECT count(*) FROM p1a) > 0 AND (SELECT count(*) FROM pd) > 0',
    ));

  it('without running triggers or moving sequences', () =>
    expectRows(
      [
        'CREATE TABLE t (id serial PRIMARY KEY)',
        "CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'never'; END $$",
        'CREATE TRIGGER no BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION no()',
      ],
      '(SELECT count(*) FROM t) = 3 AND (SELECT NOT is_called FROM t_id_seq)',
    ));
});

it('names tables that no row can be made for, with the words of the server', async () => {
  const [, last] = await observe(inTransaction('CREATE TABLE never (a int NOT NULL CHECK (a > 1 AND a < 1))'), inTransaction('SELECT 1'));
  expect(last?.unseeded).toEqual([{ table: 'public.never', reason: expect.stringContaining('violates check constraint') as string }]);
});

it('leaves tables alone that scripts gave rows', async () => {
  const statement = await observeOne(
    ['CREATE TABLE t (a int)', 'INSERT INTO t VALUES (1)'],
    "DO $$ BEGIN IF (SELECT array_agg(a) FROM t) <> '{1}' THEN RAISE EXCEPTION 'changed'; END IF; END $$",
  );
  expect(statement.error).toBeUndefined();
});

describe('a statement that works on empty tables only', () => {
  const base = ['CREATE TABLE t (id int PRIMARY KEY, a int, b text, c varchar(40))'];

  it.each([
    ['ALTER TABLE t ADD COLUMN d int NOT NULL', '23502'],
    ['ALTER TABLE t ALTER a SET NOT NULL', '23502'],
    ['CREATE UNIQUE INDEX ON t (a)', '23505'],
    ['ALTER TABLE t ADD UNIQUE (b)', '23505'],
    ['ALTER TABLE t ADD CHECK (a < 10)', '23514'],
    ['ALTER TABLE t ALTER b TYPE varchar(200)', '22001'],
    ['ALTER TABLE t ALTER c TYPE varchar(39)', '22001'],
    ['ALTER TABLE t ALTER a TYPE smallint', '22003'],
    ['ALTER TABLE t ALTER b TYPE int USING b::int', '22P02'],
  ])('%s', async (sql, sqlstate) => {
    const statement = await observeOne(base, sql);
    expect(statement.error).toBeUndefined();
    expect(statement.rowsError?.sqlstate).toBe(sqlstate);
    expect(statement.locks).toContainEqual(expect.objectContaining({ relation: 'public.t', relationKind: 'r', existedBefore: true }));
    expect(statement.changes.length).toBeGreaterThan(0);
  });

  it('is told with its position, outside transactions too, and leaves no invalid index', async () => {
    const sql = 'CREATE UNIQUE INDEX CONCURRENTLY t_a ON t (a)';
    const [, one, two] = await observe(
      inTransaction(...base),
      alone('ALTER TABLE t ADD COLUMN d int NOT NULL', sql),
      alone('DROP INDEX t_a'),
    );
    expect(one?.statements.map((each) => [each.error, each.rowsError?.sqlstate])).toEqual([
      [undefined, '23502'],
      [undefined, '23505'],
    ]);
    expect(two?.statements[0]?.error).toBeUndefined();
  });

  it('is not blamed when it fails on empty tables as well', async () => {
    const statement = await observeOne(base, "INSERT INTO t (id, c) VALUES (1, repeat('x', 41))");
    expect(statement).toMatchObject({ error: { sqlstate: '22001' } });
    expect(statement.rowsError).toBeUndefined();
  });
});

it('shows both tables of a new foreign key being read, and what cascades', async () => {
  const base = ['CREATE TABLE o (id int PRIMARY KEY)', 'CREATE TABLE t (id int PRIMARY KEY, o int)'];
  const failing = await observeOne(base, 'ALTER TABLE t ADD FOREIGN KEY (o) REFERENCES o');
  expect(failing.scans).toEqual(expect.arrayContaining(['public.o', 'public.t']));
  const cascading = await observeOne(
    [...base, 'CREATE TABLE c (id int PRIMARY KEY, o int NOT NULL REFERENCES o ON DELETE CASCADE)'],
    'DELETE FROM o',
  );
  expect(cascading.locks).toContainEqual(expect.objectContaining({ relation: 'public.c', mode: 'RowExclusive' }));
});

describe('the chain goes on as from empty tables', () => {
  const base = inTransaction('CREATE TABLE t (id serial PRIMARY KEY, a int)', 'CREATE TABLE copy (a int)');
  const expectNothing = inTransaction(
    "DO $$ BEGIN IF EXISTS (SELECT FROM result) THEN RAISE EXCEPTION 'derailed'; END IF; END $$",
    'SELECT 1 / (SELECT count(*) FROM result)',
  );

  it('when a script copies rows, or makes a table of them', async () => {
    const observed = await observe(
      base,
      inTransaction(
        'INSERT INTO copy SELECT a FROM t',
        'CREATE TABLE result AS SELECT count(*) FROM t',
        'DELETE FROM result WHERE count = 0',
      ),
      inTransaction('SELECT 1'),
      inTransaction('CREATE UNIQUE INDEX ON copy (a)'),
    );
    for (const each of observed) for (const { error } of each.statements) expect(error).toBeUndefined();
  });

  it('when a script decides by rows', async () => {
    const decide =
      'DO $$ BEGIN IF EXISTS (SELECT FROM t) THEN CREATE TABLE wrong (a int); ELSE CREATE TABLE result (a int); END IF; END $$';
    const observed = await observe(base, inTransaction(decide), inTransaction('SELECT * FROM result'), alone(decide));
    expect(observed[2]?.statements[0]?.error).toBeUndefined();
    const again = await observe(base, alone(decide), inTransaction('SELECT * FROM result', 'ALTER TABLE result ADD b int'), expectNothing);
    expect(again[2]?.statements.map((each) => each.error)).toEqual([undefined, undefined]);
  });

  it('when rows get keys of a sequence', async () => {
    const observed = await observe(
      base,
      inTransaction('UPDATE t SET a = 1', 'INSERT INTO t (a) VALUES (5)'),
      inTransaction("DO $$ BEGIN IF (SELECT id FROM t) <> 1 THEN RAISE EXCEPTION 'derailed'; END IF; END $$"),
    );
    expect(observed[2]?.statements[0]?.error).toBeUndefined();
  });

  it('when a statement needs rows that a new database lacks', async () => {
    const statement = await observeOne(
      ['CREATE TABLE t (id int PRIMARY KEY)', 'CREATE TABLE u (t_id int NOT NULL)'],
      'INSERT INTO u SELECT max(id) FROM t',
    );
    expect(statement.error?.sqlstate).toBe('23502');
  });

  it('and a table that lost its rows has new ones for the next script', async () => {
    const observed = await observe(
      inTransaction('CREATE TABLE t (id int PRIMARY KEY)', 'CREATE TABLE c (t_id int NOT NULL REFERENCES t)'),
      inTransaction('ALTER TABLE t ADD COLUMN a int NOT NULL'),
      inTransaction('TRUNCATE t, c'),
      inTransaction('ALTER TABLE t ADD COLUMN b int NOT NULL'),
    );
    expect(observed[1]?.statements[0]?.rowsError?.sqlstate).toBe('23502');
    expect(observed[3]?.statements[0]?.rowsError?.sqlstate).toBe('23502');
    expect(observed.flatMap((each) => each.unseeded ?? [])).toEqual([]);
  });
});

describe('rehearsals', () => {
  async function rehearse(base: readonly string[], up: string[], down: string[]): Promise<RoundTrip | undefined> {
    const chain = [step('base', inTransaction(...base)), step('it', inTransaction(...up), inTransaction(...down))];
    return (await shadow.rehearse(chain, { only: new Set(['it']) }))[0];
  }
  const base = ['CREATE TABLE t (id int PRIMARY KEY, a int, b text)'];

  it('see what a column or a table loses when it comes back', async () => {
    expect(await rehearse(base, ['ALTER TABLE t DROP COLUMN b'], ['ALTER TABLE t ADD COLUMN b text'])).toMatchObject({
      schemaRestored: true,
      rowsRestored: false,
      upAgain: 'ok',
    });
    expect(await rehearse(base, ['DROP TABLE t'], [base[0] ?? ''])).toMatchObject({ schemaRestored: true, rowsRestored: false });
    expect(await rehearse(base, ['ALTER TABLE t ADD COLUMN c int'], ['ALTER TABLE t DROP COLUMN c'])).toMatchObject({ rowsRestored: true });
  });

  it('judge a script that rows make fail as on empty tables, and its rows by those that let it work', async () => {
    expect(await rehearse(base, ['ALTER TABLE t ALTER a SET NOT NULL'], ['ALTER TABLE t ALTER a DROP NOT NULL'])).toMatchObject({
      up: 'ok',
      down: 'ok',
      schemaRestored: true,
      rowsRestored: true,
    });
    expect(await rehearse(base, ['ALTER TABLE t ADD COLUMN c int NOT NULL'], ['ALTER TABLE t DROP COLUMN c'])).toMatchObject({
      up: 'ok',
      down: 'ok',
      schemaRestored: true,
      rowsRestored: null,
    });
  });

  it('see a table that cannot be given rows', async () => {
    const trip = await rehearse(['CREATE TABLE never (a int NOT NULL CHECK (a > 1 AND a < 1))'], ['SELECT 1'], ['SELECT 1']);
    expect(trip?.unseeded?.map((each) => each.table)).toEqual(['public.never']);
  });
});
