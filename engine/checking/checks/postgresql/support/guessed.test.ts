import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../../../../databases/observation';
import { checks } from '../../registry/index';
import { findingsIn, startShadow } from '../../testing/sql-fixture';

let shadow: Shadow;
beforeAll(async () => {
  shadow = await startShadow();
});
afterAll(() => shadow.dispose());

async function errorsIn(sql: string): Promise<string[]> {
  const findings = await findingsIn({ 'change.sql': sql }, checks, { loose: true, shadow });
  return findings.filter(({ severity }) => severity === 'error').map(({ id, message }) => `${id}: ${message}`);
}

it.each([
  'ALTER TABLE item ADD COLUMN id serial;',
  'ALTER TABLE item ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY;',
  'ALTER TABLE log DETACH PARTITION log_1 FINALIZE;',
  'CREATE TABLE log_1 (LIKE log); INSERT INTO log_1 SELECT * FROM log_default WHERE at >= now(); CREATE INDEX ON log_1 (owner_id);',
  'CREATE OR REPLACE VIEW busy AS SELECT 1 AS n; CREATE OR REPLACE VIEW busy AS SELECT n, 2 AS m FROM busy_source;',
  'ALTER TABLE item ADD CONSTRAINT item_pk PRIMARY KEY (code), ADD CONSTRAINT item_n CHECK (n ->> 1 > 2);',
  'REINDEX DATABASE shop;',
])('raises no error by a guess: %s', async (sql) => {
  expect(await errorsIn(sql)).toEqual([]);
});

it.each([
  ['ALTER TABLE item ADD COLUMN a int, ADD COLUMN a int;', 'duplicate-column'],
  ['ALTER TABLE item ADD COLUMN a boolean DEFAULT random();', 'statement-fails'],
  ['CREATE TABLE shop (id int); CREATE TABLE shop (id int);', 'statement-fails'],
  ['ALTER TABLE item ADD COLUMN a int; ALTER TABLE item ADD COLUMN a int;', 'statement-fails'],
])('keeps an error that the scripts alone are the cause of: %s', async (sql, id) => {
  expect(await errorsIn(sql)).toEqual([expect.stringMatching(new RegExp(`^${id}: `))]);
});

it('says what was not verified', async () => {
  const [finding] = (
    await findingsIn({ 'change.sql': 'ALTER TABLE log DETACH PARTITION log_1 FINALIZE;' }, checks, { loose: true, shadow })
  ).filter(({ id }) => id === 'statement-fails');
  expect(finding).toMatchObject({ severity: 'info', verified: false });
  expect(finding?.message).toMatch(/^Not verified: no known migration creates what this statement uses/);
});
