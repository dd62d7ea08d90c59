import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { loadSqlParser } from '../sql/library';
import { parseStatements } from '../sql/parser';
import { inferAssumptions } from './infer';
import { renderAssumptions } from './render';
import { startsMidway } from './starts-midway';

beforeAll(() => loadSqlParser());

const inferred = (scripts: readonly string[], baseline = '') =>
  renderAssumptions(inferAssumptions({ baseline: parseStatements(baseline), scripts: scripts.map((sql) => parseStatements(sql)) }));
const sqlOf = (...scripts: string[]) => [...new Set(inferred(scripts).map(({ sql }) => sql))];

it('assumes nothing that the scripts or the baseline make before', () => {
  expect(sqlOf('CREATE TABLE a (id int); ALTER TABLE a ADD b int; CREATE INDEX i ON a (b); DROP INDEX i; DROP TABLE a')).toEqual([]);
  expect(sqlOf('CREATE TABLE a (id int)', 'UPDATE a SET id = 1')).toEqual([]);
  expect(inferred(['ALTER TABLE a DROP COLUMN b; DROP TYPE mood'], 'CREATE TABLE a (b int); CREATE TYPE mood AS ENUM ()')).toEqual([]);
  expect(sqlOf('DROP TABLE IF EXISTS a; CREATE TABLE a (id int)')).toEqual([]);
});

it('follows names through renames', () => {
  expect(sqlOf('ALTER TABLE a RENAME TO b; ALTER TABLE b RENAME COLUMN c TO d; UPDATE b SET d = 1, e = now()')).toEqual([
    'CREATE TABLE public.a (c integer, e timestamptz)',
  ]);
});

it.each([
  ['ALTER TABLE t ALTER c TYPE bigint', 'c integer'],
  ['ALTER TABLE t ALTER c TYPE text', 'c varchar(255)'],
  ["UPDATE t SET c = 'x' WHERE total > 1.5", 'c text, total numeric'],
  ["SELECT 1 FROM t WHERE c = 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11' AND seen", 'c uuid, seen boolean'],
  ["SELECT c ->> 'x' FROM t", 'c jsonb'],
  ['ALTER TABLE t ALTER c SET DEFAULT gen_random_uuid()', 'c uuid'],
])('guesses the types of %s', (sql, columns) => {
  expect(sqlOf(sql)).toEqual([`CREATE TABLE public.t (${columns})`]);
});

it('gives both sides of a foreign key one type, and the target a key', () => {
  expect(sqlOf('CREATE TABLE p (order_id uuid REFERENCES orders (code))')).toEqual([
    'CREATE TABLE public.orders (code uuid)',
    'ALTER TABLE public.orders ADD PRIMARY KEY (code)',
  ]);
});

it('takes the labels of an enum from what it is compared with', () => {
  const [type] = sqlOf("ALTER TABLE t ADD c mood DEFAULT 'new'; UPDATE t SET c = 'old'");
  expect(type).toBe("CREATE TYPE public.mood AS ENUM ('new', 'old')");
});

it('tells a history that begins midway from one that misspells a table', () => {
  const midway = (...scripts: string[]) => startsMidway(scripts.map((sql) => parseStatements(sql)));
  expect(midway('ALTER TABLE a ADD b int', 'CREATE TABLE c (id int)')).toBe(true);
  expect(midway('SET lock_timeout = 1; UPDATE a SET b = 1')).toBe(true);
  expect(midway('CREATE TABLE a (id int); ALTER TABLE b ADD c int')).toBe(false);
  expect(midway('ALTER TABLE a ADD b int', 'CREATE TABLE a (id int)')).toBe(false);
  expect(midway('SELECT nonsense')).toBe(false);
  expect(midway('DROP TABLE a')).toBe(true);
  expect(midway('DROP TABLE IF EXISTS a')).toBe(false);
  expect(midway('DROP TABLE a; CREATE TABLE a (id int)')).toBe(false);
  expect(midway('TRUNCATE a')).toBe(true);
  expect(midway('REFRESH MATERIALIZED VIEW v')).toBe(true);
  expect(midway('ALTER SCHEMA s RENAME TO t')).toBe(true);
  expect(midway('CREATE SCHEMA s; ALTER SCHEMA s RENAME TO t')).toBe(false);
  expect(midway('ALTER DOMAIN d ADD CHECK (VALUE > 0)')).toBe(true);
});

const name = fc.constantFrom('a', 'b', 'orders', '"Odd Name"', 's.t', 'id', 'select_', 'orders_id_idx');
const type = fc.constantFrom('int', 'text', 'mood', 's.kind[]', 'numeric(10,2)', 'timestamptz');
const templates: readonly ((a: string, b: string, t: string) => string)[] = [
  (a, b, t) => `CREATE TABLE ${a} (x ${t} DEFAULT 'v' REFERENCES ${b}, CHECK (x IS NOT NULL))`,
  (a, b) => `CREATE TABLE ${a} (LIKE ${b} INCLUDING ALL)`,
  (a, b) => `CREATE TABLE ${a} PARTITION OF ${b} FOR VALUES IN (1)`,
  (a, b) => `ALTER TABLE ${a} ATTACH PARTITION ${b} DEFAULT`,
  (a, b) => `ALTER TABLE ${a} DETACH PARTITION ${b}`,
  (a, b) => `ALTER TABLE ${a} INHERIT ${b}, NO INHERIT ${a}`,
  (a, _, t) => `ALTER TABLE ${a} ADD x ${t}, DROP COLUMN y, ALTER z TYPE ${t} USING w::${t}`,
  (a) => `ALTER TABLE ${a} DROP CONSTRAINT a_x_fkey, VALIDATE CONSTRAINT fk_a_b, DROP CONSTRAINT c`,
  (a) => `ALTER TABLE ${a} RENAME COLUMN x TO y`,
  (a) => `ALTER TABLE ${a} RENAME TO b`,
  (a) => `ALTER TABLE ${a} SET SCHEMA other`,
  (a) => `DROP TABLE ${a}`,
  (a) => `DROP INDEX ${a}`,
  (a) => `DROP VIEW ${a}; DROP MATERIALIZED VIEW ${a}; DROP FUNCTION ${a}(int); DROP TYPE ${a}; DROP SCHEMA s`,
  (a, b) => `SELECT x.y, z FROM ${a} AS x, ${b}, LATERAL (SELECT x.q) l WHERE w = ANY (x.v) ORDER BY 1`,
  (a, b) => `INSERT INTO ${a} SELECT * FROM ${b} ON CONFLICT (x) DO UPDATE SET y = excluded.z RETURNING q`,
  (a, b) => `WITH c AS (DELETE FROM ${a} RETURNING x) UPDATE ${b} SET y = c.x FROM c WHERE z = c.x`,
  (a) => `REFRESH MATERIALIZED VIEW CONCURRENTLY ${a}`,
  (a) => `CREATE INDEX ON ${a} USING gin (x, lower(y)) WHERE z`,
  (a) => `GRANT SELECT (x) ON ${a} TO r; COMMENT ON COLUMN ${a}.x IS 'y'`,
  (a) => `SET search_path TO s, public; TRUNCATE ${a}`,
  (a) => `CREATE TRIGGER g AFTER UPDATE OF x ON ${a} FOR EACH ROW WHEN (new.y > 1) EXECUTE FUNCTION f()`,
  () => `ALTER TYPE mood ADD VALUE 'x'; ALTER DOMAIN d DROP CONSTRAINT c; CALL p(1)`,
  () => `this is (no SQL 'at all`,
];

it('never fails, whatever the statements, and says the same twice', () => {
  const statement = fc.tuple(fc.constantFrom(...templates), name, name, type).map(([template, a, b, t]) => template(a, b, t));
  const script = fc.array(statement, { maxLength: 8 }).map((statements) => statements.join(';\n'));
  fc.assert(
    fc.property(fc.array(script, { maxLength: 3 }), script, (scripts, baseline) => {
      expect(inferred(scripts, baseline)).toEqual(inferred(scripts, baseline));
    }),
    { numRuns: 300 },
  );
});
