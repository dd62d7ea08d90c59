import { afterAll, beforeAll, expect, it } from 'vitest';
import { linesBelow } from '../../../../core/finding-text';
import type { Shadow } from '../../../../databases/postgresql/shadow/observation';
import { check } from './backfill-under-lock';
import { check as blockingLock } from './blocking-lock';
import { expectMarkers, findingsIn, startShadow } from '../../testing/sql-fixture';

let shadow: Shadow;
beforeAll(async () => {
  shadow = await startShadow();
});
afterAll(() => shadow.dispose());

const base = {
  '0001_base.up.sql': `CREATE TABLE owners (id bigint PRIMARY KEY, name text);
CREATE TABLE memories (id bigint PRIMARY KEY, owner bigint, kind text);`,
};

it('reports an UPDATE of a table that an earlier statement of the transaction altered', async () => {
  const fixture = {
    ...base,
    '0002_fill.up.sql': `BEGIN;
ALTER TABLE memories ADD COLUMN note text;
UPDATE memories SET note = kind WHERE note IS NULL;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ backfill-under-lock
COMMIT;
UPDATE memories SET note = kind;
`,
  };
  const [finding] = await expectMarkers(fixture, check, { shadow });
  expect(finding).toMatchObject({ verified: true, severity: 'warning', hazards: ['P34'] });
  expect(finding?.message).toBe('Blocks reads and writes of memories: UPDATE scans the table under the lock of ADD COLUMN');
  expect(finding?.details).toBe('The transaction holds the lock of ALTER TABLE memories ADD COLUMN note until it ends.');
  expect(finding?.advice).toBe('Move the UPDATE to a later migration, and change the rows in batches, each in its own transaction.');
  expect(finding && linesBelow(finding).at(-1)).toBe('Seen in PostgreSQL 18: ACCESS EXCLUSIVE lock on memories, scan of memories.');
  expect(finding?.related[0]?.message).toBe('Takes the lock, which the transaction holds until it ends.');
  expect(finding?.related[0]?.range.start).toBe(fixture['0002_fill.up.sql'].indexOf('ALTER'));
  expect(await findingsIn(fixture, [blockingLock], { shadow })).toEqual([]);
});

it('reports DELETE and INSERT ... SELECT in the transaction of a multi-statement message, and weaker locks that block writes', async () => {
  const findings = await expectMarkers(
    {
      ...base,
      '0002_fill.up.sql': `CREATE TRIGGER keep BEFORE UPDATE ON memories FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
DELETE FROM memories WHERE kind = 'joke';
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ backfill-under-lock
CREATE TABLE archive (id bigint, kind text);
INSERT INTO archive SELECT id, kind FROM memories;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ backfill-under-lock
`,
    },
    check,
    { shadow },
  );
  expect(findings[0]?.message).toBe('Blocks writes to memories: DELETE scans the table under the lock of CREATE TRIGGER');
});

it('is silent on other tables, on one row by its key, on new tables and without an earlier lock', async () => {
  await expectMarkers(
    {
      ...base,
      '0002_quiet.up.sql': `UPDATE memories SET kind = 'joke';
ALTER TABLE memories ADD COLUMN note text;
UPDATE owners SET name = 'nobody';
UPDATE memories SET note = 'first' WHERE id = 1;
INSERT INTO memories (id) VALUES (1);
CREATE TABLE copies (id bigint);
ALTER TABLE copies ADD COLUMN kind text;
UPDATE copies SET kind = 'joke';
`,
    },
    check,
    { shadow },
  );
});

it('is silent where each statement commits by itself', async () => {
  const sql = 'ALTER TABLE memories ADD COLUMN note text;\nUPDATE memories SET note = kind;\n';
  const goose = {
    '00001_base.sql': `-- +goose Up\n${base['0001_base.up.sql']}\n`,
    '00002_fill.sql': `-- +goose NO TRANSACTION\n-- +goose Up\n${sql}`,
  };
  expect(await findingsIn(goose, [check], { shadow })).toEqual([]);
  const inTransaction = { ...goose, '00002_fill.sql': `-- +goose Up\n${sql}` };
  expect(await findingsIn(inTransaction, [check], { shadow })).toHaveLength(1);
});

it('judges by the syntax where nothing was observed, and says so', async () => {
  const [finding] = await expectMarkers(
    {
      'fill.sql': `ALTER TABLE memories ADD COLUMN note text;
UPDATE memories SET note = kind WHERE note IS NULL;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ backfill-under-lock
UPDATE memories SET note = 'first' WHERE id = 1;
INSERT INTO memories SELECT 1;
`,
    },
    check,
    { loose: true },
  );
  expect(finding?.verified).toBe(false);
});

it('follows a lock through renames of its table and moves to another schema', async () => {
  const fixture = {
    ...base,
    '0002_rename.up.sql': `CREATE SCHEMA old;
ALTER TABLE memories RENAME TO thoughts;
UPDATE thoughts SET kind = 'joke';
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ backfill-under-lock
ALTER TABLE thoughts SET SCHEMA old;
INSERT INTO owners SELECT id, kind FROM old.thoughts;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ backfill-under-lock
`,
  };
  const findings = await expectMarkers(fixture, check, { shadow });
  expect(findings.map(({ verified }) => verified)).toEqual([true, true]);
  expect(findings[1]?.message).toBe('Blocks reads and writes of old.thoughts: INSERT scans it under the lock of ALTER TABLE');
});

it('follows a lock through a rename where nothing was observed', async () => {
  const [finding] = await findingsIn(
    { 'change.sql': `BEGIN;\nALTER TABLE memories RENAME TO thoughts;\nUPDATE thoughts SET kind = 'joke';\nCOMMIT;\n` },
    [check],
    { loose: true },
  );
  expect(finding).toMatchObject({ verified: false });
});
