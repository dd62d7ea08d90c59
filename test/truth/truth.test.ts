import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memoryFiles } from '#engine/host/memory-files';
import { openProject } from '#engine/checking/project/open-project';
import type { EmbeddedShadow } from '#engine/databases/postgresql/shadow/embedded-shadow';
import { startTestShadow } from '#engine/databases/postgresql/shadow/testing/replay';
import { startPostgres, type RunningPostgres } from '../support/postgres';
import { checkProject, type CheckOptions } from './check-project';
import { disagreementLines, tableLines, type ProjectResult } from './report';
import { Cluster, truthSettings } from './server/cluster';
import { compareStates, inWords, isRestored } from './server/compare-states';
import { Connection } from './server/connection';
import { readState } from './server/state';
import { TruthCache } from './server/truth-cache';

let server: RunningPostgres;
let cluster: Cluster;
let shadow: EmbeddedShadow;
let folder: string;
beforeAll(async () => {
  server = await startPostgres({ settings: truthSettings });
  cluster = await Cluster.open(server);
  shadow = await startTestShadow();
  folder = await mkdtemp(join(tmpdir(), 'mem8-truth-'));
});
afterAll(async () => {
  await shadow?.dispose();
  await cluster?.close();
  await server?.stop();
  if (folder) await rm(folder, { recursive: true });
});

const history = {
  '0001_start': [
    `CREATE TABLE owner (id serial PRIMARY KEY, name text NOT NULL CHECK (name IN ('Ann', 'Bob')));
     CREATE TABLE item (id serial PRIMARY KEY, owner_id int NOT NULL REFERENCES owner, size int NOT NULL);`,
    'DROP TABLE item; DROP TABLE owner;',
  ],
  '0002_wide': ['ALTER TABLE item ALTER COLUMN size TYPE bigint;', 'ALTER TABLE item ALTER COLUMN size TYPE int;'],
  '0003_lossy': ['UPDATE item SET size = 0; ALTER TABLE item ADD COLUMN note text;', 'ALTER TABLE item DROP COLUMN note;'],
  '0004_kept': ["CREATE ROLE seller; CREATE TYPE state AS ENUM ('new');", 'DROP ROLE seller;'],
  '0005_left_open': ['CREATE VIEW large AS SELECT * FROM item WHERE size > 9;', 'BEGIN; DROP VIEW large;'],
  '0006_refused': ['ALTER TABLE item ADD CONSTRAINT small CHECK (size < 1);', 'DROP TABLE owner;'],
};

async function check(more: Partial<CheckOptions> = {}): Promise<ProjectResult> {
  const scripts = Object.entries(history).flatMap(([id, [up = '', down = '']]) => [
    [`/shop/${id}.up.sql`, up],
    [`/shop/${id}.down.sql`, down],
  ]);
  const project = await openProject({ files: memoryFiles(Object.fromEntries(scripts) as Record<string, string>), paths: ['/shop'] });
  if (!project.ok) throw new Error(project.problem.message);
  const caches = { own: new TruthCache(folder, 'own'), asEngine: new TruthCache(folder, 'engine') };
  return checkProject('shop', project.value, { shadow, known: [], caches, cluster: () => Promise.resolve(cluster), ...more });
}

function truthOf({ migrations }: ProjectResult, id: string) {
  const truth = migrations.find((each) => each.id === id)?.truth;
  if (!truth) throw new Error(`${id} was not measured.`);
  return truth;
}

describe('a history', () => {
  it('is measured on the server, and the engine agrees', async () => {
    const result = await check();
    expect(disagreementLines(result)).toEqual([]);
    expect(truthOf(result, '0001_start')).toMatchObject({ schema: [], rows: [] });
    expect(truthOf(result, '0002_wide')).toMatchObject({
      rows: [],
      unseeded: [],
      statements: [{ locks: { 'public.item': 'AccessExclusive' }, rewrites: ['public.item'], scans: ['public.item'] }],
    });
    expect(truthOf(result, '0003_lossy').rows?.map(({ what }) => what)).toEqual(['the rows of public.item have other values in size']);
    expect(truthOf(result, '0004_kept').upAgain?.sqlstate).toBe('42710');
    expect(truthOf(result, '0004_kept').schema?.map(inWords)).toEqual(['enum public.state is left over']);
    expect(truthOf(result, '0005_left_open')).toMatchObject({ schema: [], rows: [] });
    expect(truthOf(result, '0006_refused').down?.sqlstate).toBe('2BP01');
    expect(truthOf(result, '0006_refused').onRows?.sqlstate).toBe('23514');
    expect(tableLines([result])[1]).toContain('6 of 6');
  });

  it('is not measured again', async () => {
    await check();
    const again = await check({ cluster: () => Promise.reject(new Error('something was measured again')) });
    expect(again.migrations).toHaveLength(6);
  });

  it('shows where the engine is wrong', async () => {
    const result = await check({
      falsify: ({ roundTrip, statements }, id) => ({
        roundTrip:
          roundTrip && (id === '0003_lossy' ? { ...roundTrip, rowsRestored: true } : { ...roundTrip, schemaRestored: id !== '0002_wide' }),
        statements: id === '0002_wide' ? statements?.map((each) => ({ ...each, locks: [], rewrites: [] })) : statements,
      }),
      known: [{ project: 'shop', migration: '0002_wide', aspect: 'locks', cause: 'It was made up.' }],
    });
    const lines = disagreementLines(result);
    expect(lines.map((line) => line.slice(0, line.indexOf(':')))).toEqual([
      'DIFFERS shop 0002_wide, schema',
      'known shop 0002_wide, locks',
      'DIFFERS shop 0002_wide, rewrites',
      'DIFFERS shop 0003_lossy, rows',
      'DIFFERS shop 0004_kept, schema',
    ]);
    expect(lines[4]).toContain('the server says "not restored: enum public.state is left over"');
  });

  it('ends at a limit, or tells of one migration', async () => {
    expect((await check({ limit: 2 })).migrations).toHaveLength(2);
    expect((await check({ only: '0003_lossy' })).migrations.map(({ id }) => id)).toEqual(['0003_lossy']);
  });
});

/** What is there before, what changes it, and how the difference is told. */
const changes: readonly [string, string, string][] = [
  ['CREATE TABLE t (a int)', 'ALTER TABLE t ALTER a SET DEFAULT 1', 'column public.t.a'],
  ['CREATE TABLE t (a int)', 'ALTER TABLE t ALTER a SET NOT NULL', 'column public.t.a'],
  ['CREATE TABLE t (a int NOT NULL)', 'ALTER TABLE t ALTER a ADD GENERATED ALWAYS AS IDENTITY', 'column public.t.a'],
  ['CREATE TABLE t (a int)', 'ALTER TABLE t ADD b int GENERATED ALWAYS AS (a) STORED', 'column public.t.b is left over'],
  ['CREATE TABLE t (a text)', 'ALTER TABLE t ALTER a TYPE text COLLATE "C"', 'column public.t.a'],
  ['CREATE TABLE t (a text)', 'ALTER TABLE t ALTER a SET STORAGE external', 'column public.t.a'],
  ['CREATE TABLE t (a int)', 'ALTER TABLE t ADD CHECK (a > 0) NOT VALID', 'constraint t_a_check on public.t is left over'],
  ['CREATE TABLE t (a int CHECK (a > 0))', 'ALTER TABLE t DROP CONSTRAINT t_a_check', 'constraint t_a_check on public.t is missing'],
  ['CREATE TABLE t (a int)', 'CREATE INDEX i ON t (a)', 'index public.i is left over'],
  ['CREATE VIEW v AS SELECT 1 AS a', 'CREATE OR REPLACE VIEW v AS SELECT 2 AS a', 'view public.v'],
  ['CREATE TABLE t (a int)', 'CREATE MATERIALIZED VIEW m AS TABLE t', 'materialized view public.m is left over'],
  ['CREATE FUNCTION f() RETURNS int LANGUAGE sql RETURN 1', 'ALTER FUNCTION f() IMMUTABLE', 'function public.f()'],
  [
    'CREATE TABLE t (a int); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN END$$',
    'CREATE TRIGGER g BEFORE INSERT ON t EXECUTE FUNCTION f()',
    'trigger g on public.t is left over',
  ],
  ['CREATE TABLE t (a int)', 'CREATE RULE r AS ON DELETE TO t DO INSTEAD NOTHING', 'rule r on public.t is left over'],
  ['CREATE TABLE t (a int)', 'CREATE POLICY p ON t USING (a > 0)', 'policy p on public.t is left over'],
  ['CREATE TABLE t (a int)', 'ALTER TABLE t ENABLE ROW LEVEL SECURITY', 'table public.t'],
  ["CREATE TYPE e AS ENUM ('a', 'b')", "ALTER TYPE e ADD VALUE 'c' BEFORE 'b'", 'enum public.e'],
  ['CREATE DOMAIN d AS int', 'ALTER DOMAIN d ADD CHECK (VALUE > 0)', 'constraint d_check on public.d is left over'],
  ['CREATE DOMAIN d AS int', 'ALTER DOMAIN d SET DEFAULT 1', 'domain public.d'],
  ['CREATE TYPE c AS (a int, b int)', 'ALTER TYPE c DROP ATTRIBUTE a; ALTER TYPE c ADD ATTRIBUTE a int', 'attribute order of public.c'],
  ['CREATE SEQUENCE s', 'ALTER SEQUENCE s INCREMENT 5', 'sequence public.s'],
  ['CREATE TABLE t (a int)', 'GRANT SELECT ON t TO pg_monitor', 'table public.t'],
  ['CREATE TABLE t (a int)', 'GRANT SELECT (a) ON t TO pg_monitor', 'column public.t.a'],
  ['CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY)', 'GRANT USAGE ON SEQUENCE t_a_seq TO pg_monitor', 'sequence public.t_a_seq'],
  ['SELECT 1', 'ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO pg_monitor', 'default privileges of postgres'],
  ['CREATE TABLE t (a int)', 'ALTER TABLE t OWNER TO pg_monitor', 'table public.t'],
  ['SELECT 1', 'CREATE SCHEMA shop', 'schema shop is left over'],
  ['SELECT 1', 'CREATE EXTENSION citext', 'extension citext is left over'],
  ['CREATE TABLE t (a int, b int)', 'CREATE STATISTICS x ON a, b FROM t', 'statistics public.x is left over'],
  ['CREATE TABLE t (a int)', 'CREATE PUBLICATION x FOR TABLE t', 'publication x is left over'],
  ['CREATE TYPE c AS (a int)', 'CREATE CAST (c AS text) WITH INOUT', 'cast from public.c to text is left over'],
  [
    'SELECT 1',
    'CREATE OPERATOR === (FUNCTION = int4eq, LEFTARG = int, RIGHTARG = int)',
    'operator public.===(integer,integer) is left over',
  ],
  [
    'CREATE FUNCTION f() RETURNS event_trigger LANGUAGE plpgsql AS $$BEGIN END$$',
    'CREATE EVENT TRIGGER x ON ddl_command_end EXECUTE FUNCTION f()',
    'event trigger x is left over',
  ],
  [
    'CREATE TABLE t (a int) PARTITION BY LIST (a); CREATE TABLE t1 (a int)',
    'ALTER TABLE t ATTACH PARTITION t1 FOR VALUES IN (1)',
    'table public.t1',
  ],
  ['CREATE TABLE t (a int); CREATE TABLE u (a int)', 'ALTER TABLE u INHERIT t', 'table public.u'],
  ['SELECT 1', 'CREATE ROLE seller', 'role seller is left over'],
];

describe('a state', () => {
  let connection: Connection;
  beforeAll(async () => {
    connection = await Connection.open(server.url());
  });
  afterAll(() => connection?.end());

  it.each(changes)('%s; %s', async (setup, change, words) => {
    await connection.rows(`BEGIN; SET LOCAL search_path = public; ${setup}`);
    try {
      const before = await readState(connection, cluster.major);
      await connection.rows(`SET search_path = public; ${change}`);
      const differences = compareStates(before, await readState(connection, cluster.major));
      expect(isRestored(differences)).toBe(false);
      expect(differences.map(inWords).join('; ')).toContain(words);
    } finally {
      await connection.rows('ROLLBACK');
    }
  });
});
