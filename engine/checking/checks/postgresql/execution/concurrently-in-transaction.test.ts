import { expect, it } from 'vitest';
import { check } from './concurrently-in-transaction';
import { check as statementFails } from './statement-fails';
import { sqlCheck } from '../../testing/sql-check';

const create = 'CREATE TABLE memories (id bigint PRIMARY KEY, kind text);';
const base = create;
const { findingsIn, reports, silentOn, afterFix } = sqlCheck(check, base);
const loose = sqlCheck(check, '', { loose: true });
const alone = sqlCheck(check);
const build = 'CREATE INDEX CONCURRENTLY memories_kind ON memories (kind);';

it('reports it in a message of several statements, and leaves nothing to statement-fails', async () => {
  const script = `SET lock_timeout = '5s';
${build}
`;
  const findings = await findingsIn(script, { also: [statementFails] });
  expect(findings).toMatchObject([{ id: check.id, severity: 'error', verified: true, hazards: ['P41'], fixes: [] }]);
  expect(findings[0]?.message).toMatch(/^Fails: CREATE INDEX CONCURRENTLY cannot run inside a transaction block \(25001\)$/);
  expect(findings[0]?.details).toBe(
    'golang-migrate sends the script as one message, and the server runs all statements of a message in one transaction.',
  );
});

it('reports it inside the BEGIN of a script and takes the transaction away by a fix', async () => {
  const script = `BEGIN;\n${build}\nCOMMIT;\n`;
  const [finding] = await findingsIn(script);
  expect(finding?.related[0]?.range.start).toBe(0);
  expect(await afterFix(script, { also: [statementFails] })).toBe(`${build}\n`);
});

it("reports it in the runner's transaction and writes the header by a fix", async () => {
  const fixture = {
    '00001_base.sql': `-- +goose Up\n${create}\n`,
    '00002_index.sql': `-- +goose Up
${build}
-- +goose Down
DROP INDEX memories_kind;
`,
  };
  const [finding] = await alone.findingsIn(fixture);
  expect(finding?.details).toBe('goose opens a transaction around the script.');
  expect(finding?.advice).toMatch(/^Move the statement to a migration of its own that turns the transaction off: /);
  const fixed = await alone.afterFix(fixture, { also: [statementFails] });
  expect(fixed['00002_index.sql']).toMatch(/^-- \+goose NO TRANSACTION\n/);
});

it('reports VACUUM and statements in DO blocks too', () =>
  reports(`VACUUM memories;
--^^^^^^^^^^^^^ concurrently-in-transaction
DROP INDEX CONCURRENTLY IF EXISTS memories_kind;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ concurrently-in-transaction
ALTER SYSTEM SET work_mem = '8MB';
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ concurrently-in-transaction
DO $$ BEGIN CREATE INDEX CONCURRENTLY memories_kind ON memories (kind); END $$;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ concurrently-in-transaction
REINDEX TABLE memories;
ANALYZE memories;
`));

it('is silent outside a transaction', async () => {
  await silentOn(build);
  const header = '-- +goose NO TRANSACTION\n-- +goose Up\n';
  const goose = { '00001_base.sql': `-- +goose Up\n${create}\n`, '00002_index.sql': `${header}${build}\nVACUUM memories;\n` };
  await alone.silentOn(goose);
});

it('judges by the syntax where nothing was run', async () => {
  const findings = await findingsIn(`${build}\nSELECT 1;\n`, { shadow: false });
  expect(findings).toMatchObject([{ severity: 'error', verified: false }]);
});

it('takes a file of which nothing tells who runs it to be meant for no transaction, and says so once', async () => {
  const sql = `SET lock_timeout = '5s';\n${build}\nVACUUM memories;\n`;
  const findings = await loose.findingsIn(sql, { also: [statementFails] });
  expect(findings).toMatchObject([{ id: check.id, severity: 'info', verified: false, fixes: [] }]);
  expect(findings[0]?.message).toBe('Fails: CREATE INDEX CONCURRENTLY cannot run inside a transaction block');
  expect(findings[0]?.details).toMatch(/^Most migration tools open a transaction around a script/);
  const plain = { '0001_base.sql': create, '0002_index.sql': sql };
  expect(await alone.findingsIn(plain, { also: [statementFails] })).toMatchObject([{ id: check.id, severity: 'info' }]);
});

it('writes the header by a fix where nothing tells who runs the file', async () => {
  expect(await loose.afterFix(build)).toMatch(/^-- no-transaction\n/);
});

it('stays an error inside the BEGIN of a file of which nothing tells who runs it', async () => {
  const script = `BEGIN;\n${build}\nCOMMIT;\n`;
  expect(await loose.findingsIn(script)).toMatchObject([{ severity: 'error', verified: true }]);
});
