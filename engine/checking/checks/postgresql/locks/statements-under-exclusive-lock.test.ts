import { expect, it } from 'vitest';
import { check } from './statements-under-exclusive-lock';
import { sqlCheck } from '../../testing/sql-check';

const base = `CREATE TABLE owners (id bigint PRIMARY KEY, name text);
CREATE TABLE memories (id bigint PRIMARY KEY, kind text);`;
const { reports, silentOn } = sqlCheck(check, base);

it('reports the first later statement that takes time, and where the lock is taken', async () => {
  const script = `ALTER TABLE memories ADD COLUMN note text;
COMMENT ON COLUMN memories.note IS 'free text';
CREATE INDEX owners_name ON owners (name);
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ statements-under-exclusive-lock
UPDATE owners SET name = 'nobody';
`;
  const [finding] = await reports(script);
  expect(finding).toMatchObject({ verified: true, severity: 'info', hazards: ['P33'] });
  expect(finding?.message).toBe('Runs while an earlier statement blocks reads and writes of memories');
  expect(finding?.related[0]?.range.start).toBe(script.indexOf('ALTER'));
});

it('reports several quick statements', () =>
  reports(`ALTER TABLE memories ADD COLUMN note text;
CREATE TABLE notes (id bigint PRIMARY KEY);
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ statements-under-exclusive-lock
CREATE TABLE remarks (id bigint PRIMARY KEY);
`));

it('leaves backfills, work on the locked table itself and further locks to their own checks', () =>
  silentOn(`ALTER TABLE memories ADD COLUMN note text;
UPDATE memories SET note = kind;
CREATE INDEX memories_note ON memories (note);
ALTER TABLE memories ALTER COLUMN note SET DEFAULT '';
ALTER TABLE owners ADD COLUMN note text;
`));

it('is silent on one quick statement, before the lock, on new tables and on weaker locks', () =>
  silentOn(`UPDATE owners SET name = 'nobody';
CREATE TABLE notes (id bigint PRIMARY KEY);
ALTER TABLE notes ADD COLUMN note text;
UPDATE owners SET name = 'somebody';
CREATE INDEX memories_kind ON memories (kind);
UPDATE owners SET name = 'anybody';
ALTER TABLE memories ADD COLUMN note text;
SET LOCAL lock_timeout = '1s';
CREATE TABLE remarks (id bigint PRIMARY KEY);
`));

it('is silent if the transaction ends before the next statement', () =>
  silentOn('BEGIN;\nALTER TABLE memories ADD COLUMN note text;\nCOMMIT;\nUPDATE owners SET name = kind FROM memories;\n'));

it('follows the locked table through a rename', () =>
  silentOn(`ALTER TABLE memories RENAME TO thoughts;
CREATE INDEX thoughts_kind ON thoughts (kind);
UPDATE thoughts SET kind = 'joke';
`));
