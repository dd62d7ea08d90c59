import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../../../../databases/postgresql/shadow/observation';
import { check } from './concurrently-in-transaction';
import { check as statementFails } from './statement-fails';
import { applyFix, expectMarkers, findingsIn, startShadow } from '../../testing/sql-fixture';

let shadow: Shadow;
beforeAll(async () => {
  shadow = await startShadow();
});
afterAll(() => shadow.dispose());

const create = 'CREATE TABLE memories (id bigint PRIMARY KEY, kind text);';
const base = { '0001_base.up.sql': create };
const build = 'CREATE INDEX CONCURRENTLY memories_kind ON memories (kind);';

it('reports it in a message of several statements, and leaves nothing to statement-fails', async () => {
  const fixture = {
    ...base,
    '0002_index.up.sql': `SET lock_timeout = '5s';
${build}
`,
  };
  const findings = await findingsIn(fixture, [check, statementFails], { shadow });
  expect(findings).toMatchObject([{ id: check.id, severity: 'error', verified: true, hazards: ['P41'], fixes: [] }]);
  expect(findings[0]?.message).toMatch(/^Fails: CREATE INDEX CONCURRENTLY cannot run inside a transaction block \(25001\)$/);
  expect(findings[0]?.details).toBe(
    'golang-migrate sends the script as one message, and the server runs all statements of a message in one transaction.',
  );
});

it('reports it inside the BEGIN of a script and takes the transaction away by a fix', async () => {
  const fixture = { ...base, '0002_index.up.sql': `BEGIN;\n${build}\nCOMMIT;\n` };
  const [finding] = await findingsIn(fixture, [check], { shadow });
  expect(finding?.related[0]?.range.start).toBe(0);
  const fixed = applyFix(fixture, finding?.fixes[0]);
  expect(fixed['0002_index.up.sql']).toBe(`${build}\n`);
  expect(await findingsIn(fixed, [check, statementFails], { shadow })).toEqual([]);
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
  const [finding] = await findingsIn(fixture, [check], { shadow });
  expect(finding?.details).toBe('goose opens a transaction around the script.');
  expect(finding?.advice).toMatch(/^Move the statement to a migration of its own that turns the transaction off: /);
  const fixed = applyFix(fixture, finding?.fixes[0]);
  expect(fixed['00002_index.sql']).toMatch(/^-- \+goose NO TRANSACTION\n/);
  expect(await findingsIn(fixed, [check, statementFails], { shadow })).toEqual([]);
});

it('reports VACUUM and statements in DO blocks too', async () => {
  await expectMarkers(
    {
      ...base,
      '0002_more.up.sql': `VACUUM memories;
--^^^^^^^^^^^^^ concurrently-in-transaction
DROP INDEX CONCURRENTLY IF EXISTS memories_kind;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ concurrently-in-transaction
ALTER SYSTEM SET work_mem = '8MB';
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ concurrently-in-transaction
DO $$ BEGIN CREATE INDEX CONCURRENTLY memories_kind ON memories (kind); END $$;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ concurrently-in-transaction
REINDEX TABLE memories;
ANALYZE memories;
`,
    },
    check,
    { shadow },
  );
});

it('is silent outside a transaction', async () => {
  expect(await findingsIn({ ...base, '0002_index.up.sql': build }, [check], { shadow })).toEqual([]);
  const header = '-- +goose NO TRANSACTION\n-- +goose Up\n';
  const goose = { '00001_base.sql': `-- +goose Up\n${create}\n`, '00002_index.sql': `${header}${build}\nVACUUM memories;\n` };
  expect(await findingsIn(goose, [check], { shadow })).toEqual([]);
});

it('judges by the syntax where nothing was run', async () => {
  const findings = await findingsIn({ ...base, '0002_index.up.sql': `${build}\nSELECT 1;\n` }, [check]);
  expect(findings).toMatchObject([{ severity: 'error', verified: false }]);
});

it('takes a file of which nothing tells who runs it to be meant for no transaction, and says so once', async () => {
  const sql = `SET lock_timeout = '5s';\n${build}\nVACUUM memories;\n`;
  const loose = await findingsIn({ 'index.sql': sql }, [check, statementFails], { loose: true, shadow });
  expect(loose).toMatchObject([{ id: check.id, severity: 'info', verified: false, fixes: [] }]);
  expect(loose[0]?.message).toBe('Fails: CREATE INDEX CONCURRENTLY cannot run inside a transaction block');
  expect(loose[0]?.details).toMatch(/^Most migration tools open a transaction around a script/);
  const plain = { '0001_base.sql': create, '0002_index.sql': sql };
  expect(await findingsIn(plain, [check, statementFails], { shadow })).toMatchObject([{ id: check.id, severity: 'info' }]);
});

it('writes the header by a fix where nothing tells who runs the file', async () => {
  const fixture = { 'index.sql': build };
  const [finding] = await findingsIn(fixture, [check], { loose: true, shadow });
  const fixed = applyFix(fixture, finding?.fixes[0]);
  expect(fixed['index.sql']).toMatch(/^-- no-transaction\n/);
  expect(await findingsIn(fixed, [check], { loose: true, shadow })).toEqual([]);
});

it('stays an error inside the BEGIN of a file of which nothing tells who runs it', async () => {
  const fixture = { 'index.sql': `BEGIN;\n${build}\nCOMMIT;\n` };
  expect(await findingsIn(fixture, [check], { loose: true, shadow })).toMatchObject([{ severity: 'error', verified: true }]);
});
