import { expect, it } from 'vitest';
import { linesBelow } from '../../../../core/finding-text';
import { check } from './backfill-under-lock';
import { check as blockingLock } from './blocking-lock';
import { sqlCheck } from '../../testing/sql-check';

const base = `CREATE TABLE owners (id bigint PRIMARY KEY, name text);
CREATE TABLE memories (id bigint PRIMARY KEY, owner bigint, kind text);`;
const { reports, silentOn } = sqlCheck(check, base);
const bySyntax = sqlCheck(check, '', { loose: true, shadow: false });
const alone = sqlCheck(check);

it('reports an UPDATE of a table that an earlier statement of the transaction altered', async () => {
  const script = `BEGIN;
ALTER TABLE memories ADD COLUMN note text;
UPDATE memories SET note = kind WHERE note IS NULL;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ backfill-under-lock
COMMIT;
UPDATE memories SET note = kind;
`;
  const [finding] = await reports(script);
  expect(finding).toMatchObject({ verified: true, severity: 'warning', hazards: ['P34'] });
  expect(finding?.message).toBe('Blocks reads and writes of memories: UPDATE scans the table under the lock of ADD COLUMN');
  expect(finding?.details).toBe('The transaction holds the lock of ALTER TABLE memories ADD COLUMN note until it ends.');
  expect(finding?.advice).toBe('Move the UPDATE to a later migration, and change the rows in batches, each in its own transaction.');
  expect(finding && linesBelow(finding).at(-1)).toBe('Seen in PostgreSQL 18: ACCESS EXCLUSIVE lock on memories, scan of memories.');
  expect(finding?.related[0]?.message).toBe('Takes the lock, which the transaction holds until it ends.');
  expect(finding?.related[0]?.range.start).toBe(script.indexOf('ALTER'));
  await sqlCheck(blockingLock, base).silentOn(script);
});

it('reports DELETE and INSERT ... SELECT in the transaction of a multi-statement message, and weaker locks that block writes', async () => {
  const findings =
    await reports(`CREATE TRIGGER keep BEFORE UPDATE ON memories FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
DELETE FROM memories WHERE kind = 'joke';
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ backfill-under-lock
CREATE TABLE archive (id bigint, kind text);
INSERT INTO archive SELECT id, kind FROM memories;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ backfill-under-lock
`);
  expect(findings[0]?.message).toBe('Blocks writes to memories: DELETE scans the table under the lock of CREATE TRIGGER');
});

it('is silent on other tables, on one row by its key, on new tables and without an earlier lock', () =>
  silentOn(`UPDATE memories SET kind = 'joke';
ALTER TABLE memories ADD COLUMN note text;
UPDATE owners SET name = 'nobody';
UPDATE memories SET note = 'first' WHERE id = 1;
INSERT INTO memories (id) VALUES (1);
CREATE TABLE copies (id bigint);
ALTER TABLE copies ADD COLUMN kind text;
UPDATE copies SET kind = 'joke';
`));

it('is silent where each statement commits by itself', async () => {
  const sql = 'ALTER TABLE memories ADD COLUMN note text;\nUPDATE memories SET note = kind;\n';
  const goose = {
    '00001_base.sql': `-- +goose Up\n${base}\n`,
    '00002_fill.sql': `-- +goose NO TRANSACTION\n-- +goose Up\n${sql}`,
  };
  await alone.silentOn(goose);
  const inTransaction = { ...goose, '00002_fill.sql': `-- +goose Up\n${sql}` };
  expect(await alone.findingsIn(inTransaction)).toHaveLength(1);
});

it('judges by the syntax where nothing was observed, and says so', async () => {
  const [finding] = await bySyntax.reports(`ALTER TABLE memories ADD COLUMN note text;
UPDATE memories SET note = kind WHERE note IS NULL;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ backfill-under-lock
UPDATE memories SET note = 'first' WHERE id = 1;
INSERT INTO memories SELECT 1;
`);
  expect(finding?.verified).toBe(false);
});

it('follows a lock through renames of its table and moves to another schema', async () => {
  const script = `CREATE SCHEMA old;
ALTER TABLE memories RENAME TO thoughts;
UPDATE thoughts SET kind = 'joke';
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ backfill-under-lock
ALTER TABLE thoughts SET SCHEMA old;
INSERT INTO owners SELECT id, kind FROM old.thoughts;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ backfill-under-lock
`;
  const findings = await reports(script);
  expect(findings.map(({ verified }) => verified)).toEqual([true, true]);
  expect(findings[1]?.message).toBe('Blocks reads and writes of old.thoughts: INSERT scans it under the lock of ALTER TABLE');
});

it('follows a lock through a rename where nothing was observed', async () => {
  const [finding] = await bySyntax.findingsIn(
    `BEGIN;\nALTER TABLE memories RENAME TO thoughts;\nUPDATE thoughts SET kind = 'joke';\nCOMMIT;\n`,
  );
  expect(finding).toMatchObject({ verified: false });
});
