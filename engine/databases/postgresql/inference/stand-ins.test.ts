import { afterAll, beforeAll, expect, it } from 'vitest';
import { check as requiredColumn } from '../../../checking/checks/postgresql/execution/required-column-without-default';
import { check as indexNotConcurrent } from '../../../checking/checks/postgresql/locks/index-not-concurrent';
import { check as statementFails } from '../../../checking/checks/postgresql/execution/statement-fails';
import { findingsIn, startShadow } from '../../../checking/checks/testing/sql-fixture';
import { check as unknownObject } from '../../../checking/checks/postgresql/execution/unknown-object';
import { check as downFails } from '../../../checking/checks/postgresql/rollback/down-fails';
import { check as downIncomplete } from '../../../checking/checks/postgresql/rollback/down-incomplete';
import type { Shadow } from '../../observation';

let shadow: Shadow;
beforeAll(async () => {
  shadow = await startShadow();
});
afterAll(() => shadow.dispose());

const checks = [requiredColumn, indexNotConcurrent, statementFails, unknownObject, downFails, downIncomplete];

async function found(fixture: Record<string, string>): Promise<string[]> {
  const findings = await findingsIn(fixture, checks, { shadow, rehearse: true });
  return findings.map(({ file, id, severity }) => `${file.split('/').at(-1)?.slice(0, 4)} ${id} ${severity}`);
}

it('lets a table with a column of an unknown type be checked', async () => {
  expect(
    await found({
      '0001_a.up.sql': `CREATE EXTENSION IF NOT EXISTS postgis;
CREATE TABLE place (id int PRIMARY KEY, name text, spot geometry(Point, 4326) NOT NULL, area geography, CHECK (ST_IsValid(spot)),
  auto geometry GENERATED ALWAYS AS (ST_SetSRID(ST_MakePoint(1.5, 2.5), 4326)) STORED);
CREATE INDEX place_spot ON place USING gist (spot);
CREATE VIEW near AS SELECT id, spot && spot AS overlaps FROM place;`,
      '0001_a.down.sql': 'DROP VIEW near; DROP TABLE place; DROP EXTENSION postgis;',
      '0002_b.up.sql': `CREATE INDEX place_name ON place (name);
ALTER TABLE place ADD COLUMN code text NOT NULL;
ALTER TABLE place ALTER area TYPE geometry USING area::geometry;
DROP INDEX place_spot;`,
      '0002_b.down.sql': `CREATE INDEX place_spot ON place USING gist (spot);
ALTER TABLE place ALTER area TYPE geography USING area::geography;
ALTER TABLE place DROP COLUMN code; DROP INDEX place_name;`,
    }),
  ).toEqual(['0001 statement-fails info', '0002 index-not-concurrent warning', '0002 required-column-without-default error']);
});

it('knows types whose extension is not created, their kinds of index, and other schemas', async () => {
  expect(
    await found({
      '0001_a.up.sql': `CREATE SCHEMA extensions;
CREATE TABLE memory (id int PRIMARY KEY, e vector(1536) NOT NULL, f extensions.vector(3));
CREATE TABLE other (id int PRIMARY KEY, e vector[]);
CREATE FUNCTION nearest(q extensions.vector) RETURNS SETOF memory LANGUAGE sql AS $$ SELECT * FROM memory ORDER BY e <=> q $$;`,
      '0002_b.up.sql': `CREATE INDEX memory_e ON memory USING hnsw (e vector_cosine_ops) WITH (m = 16);
ALTER TABLE other ADD COLUMN n int NOT NULL;`,
    }),
  ).toEqual(['0002 index-not-concurrent warning', '0002 required-column-without-default error']);
});

it('leaves out what needs a function to run, and says so', async () => {
  expect(
    await found({
      '0001_a.up.sql': `CREATE EXTENSION timescaledb;
CREATE TABLE metric (at timestamptz NOT NULL, value int);
SELECT create_hypertable('metric', 'at');`,
      '0002_b.up.sql': 'ALTER TABLE metric ADD COLUMN n int NOT NULL;',
    }),
  ).toEqual(['0001 statement-fails info', '0001 statement-fails info', '0002 required-column-without-default error']);
});

it('does not cover up what is misspelt where nothing is lacked', async () => {
  expect(await found({ '0001_a.up.sql': `CREATE EXTENSION pg_trgm;\nCREATE TABLE t (id int, e txt);\nSELECT lowr('A');` })).toEqual([
    '0001 unknown-object error',
    '0001 unknown-object error',
  ]);
});
