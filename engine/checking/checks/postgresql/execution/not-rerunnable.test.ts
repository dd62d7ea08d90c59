import { expect, it } from 'vitest';
import { check } from './not-rerunnable';
import { check as statementFails } from './statement-fails';
import { check as syntaxError } from '../../syntax/syntax-error';
import { sqlCheck } from '../../testing/sql-check';
import { applyFix } from '../../testing/sql-fixture';

const base = {
  '00001_base.sql':
    '-- +goose Up\nCREATE TABLE memories (id bigint PRIMARY KEY, kind text, mood text);\nCREATE VIEW moods AS SELECT mood FROM memories;\n',
};
const { findingsIn } = sqlCheck(check, base);
const header = '-- +goose NO TRANSACTION\n-- +goose Up\n';
const withScript = (sql: string, head = header) => ({ ...base, '00002_change.sql': `${head}${sql}\n` });
const found = async (sql: string, head = header) => findingsIn(withScript(sql, head));

it('reports the first statement that cannot be run twice and mends all of them by a fix', async () => {
  const fixture = withScript(`SET lock_timeout = '5s';
CREATE TABLE IF NOT EXISTS waves (id bigint);
ALTER TABLE memories ADD note text;
ALTER TABLE memories ADD COLUMN weight int;
CREATE INDEX CONCURRENTLY memories_note ON memories (note);
CREATE SEQUENCE counter;
DROP VIEW moods;
alter table memories drop column mood;
CREATE MATERIALIZED VIEW kinds AS SELECT kind FROM memories;
ANALYZE memories;`);
  const [finding, ...others] = await findingsIn(fixture);
  expect(others).toEqual([]);
  expect(finding).toMatchObject({ severity: 'info', hazards: ['P53'] });
  expect(finding?.range.start).toBe(fixture['00002_change.sql']?.indexOf('ALTER'));
  expect(finding?.related).toHaveLength(6);
  const fixed = applyFix(fixture, finding?.fixes[0]);
  expect(fixed['00002_change.sql']).toContain('ALTER TABLE memories ADD IF NOT EXISTS note text;');
  await sqlCheck(check).silentOn(fixed, { also: [syntaxError, statementFails] });
  const again = { ...fixed, '00003_again.sql': fixed['00002_change.sql'] ?? '' };
  await sqlCheck(statementFails, base).silentOn(again);
});

it('offers no fix where the grammar has no words for one of them', async () => {
  const [finding] = await found('ALTER TABLE memories ADD CONSTRAINT known CHECK (id > 0) NOT VALID;\nDROP VIEW moods;\nSELECT 1;');
  expect(finding?.fixes).toEqual([]);
});

it('is silent in one transaction, on one statement alone, on the last one and on what an earlier statement drops', async () => {
  expect(await found('ALTER TABLE memories ADD COLUMN note text;\nDROP VIEW moods;', '-- +goose Up\n')).toEqual([]);
  expect(await found("SET lock_timeout = '5s';\nCREATE INDEX CONCURRENTLY memories_kind ON memories (kind);")).toEqual([]);
  expect(await found("UPDATE memories SET kind = 'joke';\nALTER TABLE memories ADD COLUMN note text;")).toEqual([]);
  expect(await found('BEGIN;\nALTER TABLE memories ADD COLUMN note text;\nDROP VIEW moods;\nCOMMIT;')).toEqual([]);
  const dropped = `ALTER TABLE memories DROP CONSTRAINT IF EXISTS known;
ALTER TABLE memories ADD CONSTRAINT known CHECK (id > 0) NOT VALID;
DROP INDEX CONCURRENTLY IF EXISTS kinds;
CREATE INDEX CONCURRENTLY kinds ON memories (kind);
CREATE TEMPORARY TABLE chosen (id bigint);
CREATE FUNCTION pg_temp.one() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE TABLE pg_temp.other (id bigint);
ANALYZE memories;`;
  expect(await found(dropped)).toEqual([]);
});
