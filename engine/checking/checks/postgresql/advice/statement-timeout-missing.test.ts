import { expect, it } from 'vitest';
import { check as optIn } from './statement-timeout-missing';
import { sqlCheck } from '../../testing/sql-check';

const base = 'CREATE TABLE memories (id bigint PRIMARY KEY, kind text);';
/** As if the configuration gave it a severity. */
const check = { ...optIn, optIn: false };
const { reports, silentOn, afterFix } = sqlCheck(check, base);

it('reports the first lock of a script without statement_timeout, and offers a fix that sets it', async () => {
  const script = `SET LOCAL lock_timeout = '5s';
ALTER TABLE memories ADD COLUMN note text;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ statement-timeout-missing
CREATE INDEX memories_note ON memories (note);
`;
  const [finding] = await reports(script);
  expect(finding?.message).toBe('Locks memories with no time limit: no statement_timeout is set');
  expect(finding?.advice).toMatch(/^Set statement_timeout to the longest time that the lock may be held/);
  expect(await afterFix(script)).toContain("\nSET LOCAL statement_timeout = '30s';\nALTER TABLE");
});

it('is silent until the configuration gives it a severity', () =>
  sqlCheck(optIn, base).silentOn('ALTER TABLE memories ADD COLUMN note text;'));

it('is silent if the timeout is set or no table in use is locked', async () => {
  const sql = "SET statement_timeout = '10s'; ALTER TABLE memories ADD COLUMN note text;";
  await silentOn(sql);
  await silentOn('CREATE TABLE notes (id int); DROP TABLE notes;');
});
