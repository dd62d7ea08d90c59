import { expect, it } from 'vitest';
import { check } from './lock-timeout-missing';
import { sqlCheck } from '../../testing/sql-check';

const base = 'CREATE TABLE memories (id bigint PRIMARY KEY, kind text);';
const { findingsIn, reports, silentOn, afterFix } = sqlCheck(check, base);

it('reports the first statement of a script that locks a table in use, once, and sets the timeout by a fix', async () => {
  const script = `CREATE TABLE notes (id bigint PRIMARY KEY);
ALTER TABLE memories ADD COLUMN note text;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ lock-timeout-missing
CREATE INDEX memories_note ON memories (note);
`;
  const [finding] = await reports(script);
  expect(finding).toMatchObject({ severity: 'hint', hazards: ['P37'], verified: true });
  expect(finding?.message).toBe('Waits for ACCESS EXCLUSIVE on memories without a lock_timeout');
  expect(finding?.details).toMatch(/^While the statement waits behind a long transaction, later conflicting queries queue behind it\./);
  expect(finding?.advice).toBe("Set lock_timeout before the statement, and retry when it is exceeded: SET LOCAL lock_timeout = '5s';");
  expect(await afterFix(script)).toContain("\nSET LOCAL lock_timeout = '5s';\nALTER TABLE memories");
});

it('reports a timeout that is off, too long, or set after the lock', async () => {
  const alter = 'ALTER TABLE memories ADD COLUMN note text;';
  const [off] = await findingsIn(`SET LOCAL lock_timeout = 0; ${alter}`);
  expect(off?.message).toBe('Waits for ACCESS EXCLUSIVE on memories without limit: lock_timeout is 0');
  const [long] = await findingsIn(`SELECT set_config('lock_timeout', '10min', true); ${alter}`);
  expect(long?.message).toBe('Waits up to 10 minutes for ACCESS EXCLUSIVE on memories: lock_timeout is too long');
  const late = `${alter} SET lock_timeout = '5s'; DROP TABLE memories;`;
  const [after] = await findingsIn(late);
  expect(after?.message).toBe('Waits for ACCESS EXCLUSIVE on memories before lock_timeout is set');
  expect(after?.related[0]).toMatchObject({ message: 'Sets lock_timeout after the lock is taken.', range: { start: late.indexOf('SET') } });
});

it('replaces a value that is too long by a fix', async () => {
  const script = "SET lock_timeout TO '2h';\nALTER TABLE memories ADD COLUMN note text;\n";
  const [finding] = await findingsIn(script);
  expect(finding?.fixes[0]?.title).toBe("Set lock_timeout to '5s'");
  expect(await afterFix(script)).toBe("SET LOCAL lock_timeout = '5s';\nALTER TABLE memories ADD COLUMN note text;\n");
});

it('is silent where the timeout is set, nothing waits, or the table is new', async () => {
  await silentOn("SET lock_timeout = '5s'; BEGIN; ALTER TABLE memories ADD COLUMN note text; COMMIT;");
  await silentOn("SELECT set_config('lock_timeout', '500', true); ALTER TABLE memories ADD COLUMN note text;");
  await silentOn('LOCK TABLE memories IN ACCESS EXCLUSIVE MODE NOWAIT; ALTER TABLE memories ADD COLUMN note text;');
  await silentOn('CREATE TABLE notes (id int); ALTER TABLE notes ADD COLUMN note text; UPDATE memories SET kind = NULL;');
});

it('knows that SET LOCAL ends with its transaction', async () => {
  const sql = "BEGIN; SET LOCAL lock_timeout = '5s'; COMMIT; ALTER TABLE memories ADD COLUMN note text; SELECT 1;";
  expect((await findingsIn(sql))[0]?.range.start).toBe(sql.indexOf('ALTER'));
});

it('sets it for the session where every statement is a transaction of its own', async () => {
  const sql = '-- +goose NO TRANSACTION\n-- +goose Up\nALTER TABLE memories ADD COLUMN note text;\n';
  const fixture = { '00001_base.sql': `-- +goose Up\n${base}\n`, '00002_note.sql': sql };
  const fixed = await sqlCheck(check).afterFix(fixture);
  expect(fixed['00002_note.sql']).toContain("\nSET lock_timeout = '5s';\nALTER TABLE");
});

it('judges by the syntax where nothing was observed, and says so', async () => {
  const [finding] = await findingsIn('ALTER TABLE memories ADD COLUMN note text;', { loose: true, shadow: false });
  expect(finding?.verified).toBe(false);
});

it('leaves statements to the checks that ask for a lock_timeout themselves', async () => {
  const rules = 'ALTER TABLE memories ENABLE ROW LEVEL SECURITY;';
  await silentOn(rules);
  const sql = `BEGIN; ${rules} COMMIT;\nALTER TABLE memories ADD COLUMN note text;`;
  expect((await findingsIn(sql)).map(({ range }) => range.start)).toEqual([sql.indexOf('ALTER TABLE memories ADD')]);
});
