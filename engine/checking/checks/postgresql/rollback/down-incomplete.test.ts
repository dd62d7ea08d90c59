import { describe, expect, it } from 'vitest';
import { check } from './down-incomplete';
import { sqlCheck } from '../../testing/sql-check';
import type { Fixture } from '../../testing/sql-fixture';

const rehearse = true;
const { findingsIn, reports, silentOn } = sqlCheck(check, '', { rehearse });

it('names what is left over, on the down script, and where it was made', async () => {
  const [finding] = await reports({
    '0001_a.up.sql': "CREATE TYPE mood AS ENUM ('calm', 'wild');\nCREATE TABLE t (id int, m mood);",
    '0001_a.down.sql': `DROP TABLE t;
--^^^^^^^^^^ down-incomplete
`,
  });
  expect(finding?.severity).toBe('error');
  expect(finding?.message).toMatch(/^Rolling back \w+ does not restore the schema$/);
  expect(finding?.details).toMatch(/^Differences after up and down: .*mood/);
  expect(finding?.related[0]?.file).toContain('0001_a.up.sql');
});

it('warns of an empty down script', async () => {
  const [finding] = await reports({
    '0001_a.up.sql': 'CREATE TABLE t (id int);',
    '0001_a.down.sql': `-- nothing to do
--^^^^^^^^^^^^^^ down-incomplete
`,
  });
  expect(finding?.severity).toBe('warning');
});

it('is silent when only the order of columns changed', () =>
  silentOn({
    '0001_a.up.sql': 'CREATE TABLE t (a int, b int);',
    '0001_a.down.sql': 'DROP TABLE t;',
    '0002_b.up.sql': 'ALTER TABLE t DROP COLUMN a;',
    '0002_b.down.sql': 'ALTER TABLE t ADD COLUMN a int;',
  }));

it('is silent on what ends with the session', async () => {
  const up = `CREATE TABLE t (id int PRIMARY KEY);
CREATE FUNCTION pg_temp.one() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE TYPE pg_temp.kind AS ENUM ('a');
CREATE TEMP TABLE scratch AS SELECT pg_temp.one() AS id FROM t;
`;
  await silentOn({ '0001_a.up.sql': up, '0001_a.down.sql': 'DROP TABLE t;' });
  const alone = { '00001_a.sql': `-- +goose NO TRANSACTION\n-- +goose Up\n${up}-- +goose Down\nDROP TABLE t;\n` };
  await silentOn(alone);
});

it('is silent on the schema of temporary tables that PostgreSQL makes for a refresh', async () => {
  const up = `CREATE MATERIALIZED VIEW sums AS SELECT 1 AS id;
CREATE UNIQUE INDEX ON sums (id);
REFRESH MATERIALIZED VIEW CONCURRENTLY sums;
`;
  const fixture = { '0001_a.up.sql': up, '0001_a.down.sql': 'DROP MATERIALIZED VIEW sums;' };
  await silentOn(fixture);
});

/** The severities for an up and a down script after a base. */
const severitiesAfter = (base: Fixture) => async (up: string, down: string) => {
  const findings = await sqlCheck(check, base, { rehearse }).findingsIn({ '0002_b.up.sql': up, '0002_b.down.sql': down });
  return findings.map(({ severity }) => severity);
};

it('takes an added enum value that stays for information only, and nothing else', async () => {
  const severitiesOf = severitiesAfter({
    '0001_a.up.sql': "CREATE TYPE mood AS ENUM ('calm', 'wild');",
    '0001_a.down.sql': 'DROP TYPE mood;',
  });
  expect(await severitiesOf("ALTER TYPE mood ADD VALUE 'dull';", '-- it stays')).toEqual(['info']);
  expect(await severitiesOf("ALTER TYPE mood ADD VALUE 'dull';\nCREATE TABLE t (id int);", 'DROP TABLE t;')).toEqual(['info']);
  expect(await severitiesOf("ALTER TYPE mood ADD VALUE 'dull';\nCREATE TABLE t (id int);", 'SELECT 1;')).toEqual(['error']);
  expect(await severitiesOf("ALTER TYPE mood RENAME VALUE 'calm' TO 'quiet';", '-- it stays')).toEqual(['warning']);
});

it('warns of what may make the earlier release slower only', async () => {
  const severitiesOf = severitiesAfter({
    '0001_a.up.sql': `CREATE TABLE t (id int, n int);
CREATE INDEX t_n ON t (n);
CREATE UNIQUE INDEX t_id ON t (id);
CREATE FUNCTION twice(n int) RETURNS int LANGUAGE sql IMMUTABLE SET search_path = public AS 'SELECT n * 2';`,
    '0001_a.down.sql': 'DROP FUNCTION twice(int);\nDROP TABLE t;',
  });
  expect(await severitiesOf('ALTER TABLE t DROP COLUMN n;', 'ALTER TABLE t ADD COLUMN n int;')).toEqual(['warning']);
  expect(await severitiesOf('DROP INDEX t_n;', 'CREATE INDEX t_n ON t (n, id);')).toEqual(['warning']);
  expect(
    await severitiesOf('DROP FUNCTION twice(int);', "CREATE FUNCTION twice(n int) RETURNS int LANGUAGE sql AS 'SELECT n * 2';"),
  ).toEqual(['warning']);
  expect(await severitiesOf('DROP FUNCTION twice(int);', "CREATE FUNCTION twice(n int) RETURNS int LANGUAGE sql AS 'SELECT n';")).toEqual([
    'error',
  ]);
  expect(await severitiesOf('ALTER TABLE t ADD COLUMN IF NOT EXISTS more int;', 'SELECT 1;')).toEqual(['warning']);
  expect(await severitiesOf('ALTER TABLE t ADD COLUMN IF NOT EXISTS more int NOT NULL DEFAULT 1;', 'SELECT 1;')).toEqual(['error']);
  expect(await severitiesOf('DROP INDEX t_id;', 'SELECT 1;')).toEqual(['error']);
  expect(await severitiesOf('CREATE INDEX t_more ON t (n, id);', 'SELECT 1;')).toEqual(['error']);
  expect(await severitiesOf('CREATE INDEX IF NOT EXISTS t_more ON t (n, id);', 'SELECT 1;')).toEqual(['warning']);
  expect(await severitiesOf("CREATE OR REPLACE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1';", 'SELECT 1;')).toEqual(['warning']);
  expect(
    await severitiesOf('ALTER TABLE t DROP COLUMN n;', 'ALTER TABLE t ADD COLUMN n int DEFAULT 0;\nCREATE INDEX t_n ON t (n);'),
  ).toEqual(['warning']);
});

it('is silent on the nesting of AND and OR', () =>
  silentOn({
    '0001_a.up.sql': 'CREATE TABLE t (a int, b int, c int, CONSTRAINT full_row CHECK ((a > 0 AND (b > 0 AND c > 0)) OR (a < 0 OR b < 0)));',
    '0001_a.down.sql': 'DROP TABLE t;',
    '0002_b.up.sql': 'ALTER TABLE t DROP CONSTRAINT full_row;',
    '0002_b.down.sql': 'ALTER TABLE t ADD CONSTRAINT full_row CHECK (a > 0 AND b > 0 AND c > 0 OR a < 0 OR b < 0);',
  }));

it('tells another nesting that means something else', async () => {
  const [finding] = await findingsIn({
    '0001_a.up.sql': 'CREATE TABLE t (a int, b int, c int, CONSTRAINT full_row CHECK (a > 0 AND (b > 0 OR c > 0)));',
    '0001_a.down.sql': 'DROP TABLE t;',
    '0002_b.up.sql': 'ALTER TABLE t DROP CONSTRAINT full_row;',
    '0002_b.down.sql': 'ALTER TABLE t ADD CONSTRAINT full_row CHECK (a > 0 AND b > 0 OR c > 0);',
  });
  expect(finding?.severity).toBe('error');
});

it('takes other aliases in a body for information, and warns of an index whose casts stay after a type change', async () => {
  const body = (query: string) =>
    `CREATE OR REPLACE FUNCTION total() RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RETURN (${query}); END $$;`;
  const findings = await findingsIn({
    '0001_a.up.sql': `CREATE TABLE t (id bigint, twin int);\nCREATE INDEX t_first ON t (COALESCE(twin, 0));\n${body('SELECT sum(t.id) FROM t')}`,
    '0001_a.down.sql': 'DROP FUNCTION total();\nDROP TABLE t;',
    '0002_b.up.sql': body('SELECT count(*) FROM t'),
    '0002_b.down.sql': body('SELECT sum(x.id) FROM t x'),
    '0003_c.up.sql': 'ALTER TABLE t ALTER twin TYPE bigint;',
    '0003_c.down.sql': 'ALTER TABLE t ALTER twin TYPE int;',
  });
  expect(findings.map(({ severity, details }) => [severity, /total|t_first/.exec(details ?? '')?.[0]])).toEqual([
    ['info', 'total'],
    ['warning', 't_first'],
  ]);
});

it('only warns of views that have more columns than before', async () => {
  const findings = await reports({
    '0001_base.up.sql': 'CREATE TABLE item (id bigint PRIMARY KEY);\nCREATE VIEW items AS SELECT * FROM item;',
    '0001_base.down.sql': 'DROP VIEW items;\nDROP TABLE item;',
    '0002_size.up.sql': 'ALTER TABLE item ADD COLUMN size int;',
    '0002_size.down.sql': 'ALTER TABLE item DROP COLUMN size;',
    '0003_drop.up.sql': 'DROP VIEW items;',
    '0003_drop.down.sql': 'CREATE VIEW items AS SELECT * FROM item;\n--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ down-incomplete\n',
  });
  expect(findings.map(({ severity }) => severity)).toEqual(['warning']);
});

describe('the place', () => {
  const base = {
    '0001_a.up.sql': 'CREATE TABLE s (id int);\nCREATE TABLE t (id int, n int);',
    '0001_a.down.sql': 'DROP TABLE t;\nDROP TABLE s;',
  };
  const { findingsIn, reports } = sqlCheck(check, base, { rehearse });
  const up = 'ALTER TABLE s ADD a int;\nALTER TABLE t ADD b int;\nCREATE INDEX t_n ON t (n);\nCREATE SEQUENCE q;';

  it('of an index that is left over is the statement on its table', async () => {
    const down = `ALTER TABLE s DROP COLUMN a;
ALTER TABLE t DROP COLUMN b;
--^^^^^^^^^^^^^^^^^^^^^^^^^ down-incomplete
DROP SEQUENCE q;
`;
    const [finding] = await reports({ '0002_b.up.sql': up, '0002_b.down.sql': down });
    expect(finding?.related.map(({ message }) => message)).toEqual(['index t_n is created here.']);
  });

  it('is the first line if no statement names an object or its table', async () => {
    const down = `-- Undoes 0002
--^^^^^^^^^^^^ down-incomplete
ALTER TABLE s DROP COLUMN a;
DROP INDEX t_n;
ALTER TABLE t DROP COLUMN b;
`;
    await reports({ '0002_b.up.sql': up, '0002_b.down.sql': down });
  });

  it('names what the up script did to an object that is missing', async () => {
    const fixture = { '0002_b.up.sql': 'ALTER TABLE t DROP COLUMN n;', '0002_b.down.sql': 'SELECT 1;' };
    const [finding] = await findingsIn(fixture);
    expect(finding?.related.map(({ message }) => message)).toEqual(['column t.n is dropped here.']);
  });
});
