import { afterEach, expect, test } from 'vitest';
import { nodeFiles } from '#engine/host/node-files';
import { makeProject, type TestProject } from '#engine/running/testing/project';
import { runCommand } from '../testing/run-command';

const manifest = `
manifest: 1
system: shop
targets:
  local: { driver: pglite, path: data }
releases:
  - version: 1.0.0
    migrations: [1_item, 2_owner]
    checks: { after: [{ name: items can be counted, sql: 'SELECT count(*) FROM item', expect: 0 }] }
  - version: 1.1.0
    migrations: [3_extra]
`;
const scripts = {
  '1_item.up.sql': 'CREATE TABLE item (id int PRIMARY KEY);\n',
  '1_item.down.sql': 'DROP TABLE item;\n',
  '2_owner.up.sql': 'CREATE TABLE owner (id int PRIMARY KEY);\n',
  '2_owner.down.sql': 'DROP TABLE owner;\n',
  '3_extra.up.sql': 'CREATE TABLE extra (id int PRIMARY KEY);\nCREATE TABLE more (id int);\n',
  '3_extra.down.sql': 'DROP TABLE extra;\n',
};

let project: TestProject;
const run = (...words: string[]) => runCommand(words, { files: nodeFiles(), cwd: project.folder });
afterEach(() => project.remove());

test('the commands on a target separate names from texts, and list what is pending or left', { timeout: 300_000 }, async () => {
  project = await makeProject({ manifest, scripts });
  const applied = await run('apply', '--to', '1.0.0', '--no-backup');
  expect(applied.code, applied.err).toBe(0);
  expect(applied.out).toMatch(/^ {2}done {4}.*items can be counted: The query returned 0\. \(\d+ ms\)$/m);

  const verified = await run('verify');
  expect(verified.out).toContain('  passed  No run is unfinished: Every run is finished.\n');
  expect(verified.out).toContain('  passed  items can be counted: The query returned 0.\n');

  const status = (await run('status')).out;
  expect(status).toContain('  migrations  2 applied, 1 pending\n    pending  1.1.0      3_extra\n  backups     none\n');
  expect(status).not.toContain('1_item');
  expect(status).not.toMatch(/ $/m);
  expect((await run('status', '--all')).out).toMatch(/^ {4}applied {2}1\.0\.0 {6}1_item \d{4}-/m);

  expect((await run('backup')).code).toBe(0);
  const restored = await run('restore');
  expect(restored.out).toMatch(
    /^Restore backup .*, release 1\.0\.0, taken \d{4}-.*, on PGlite data\. Everything written since then is lost\.\n\n/,
  );
  expect(restored.out).toMatch(/\n\nRestored backup .*\nThe replaced database is kept at .*data\.before-restore-.*\.\n$/);

  await run('apply', '--no-backup');
  await run('rollback');
  expect((await run('status')).out).toContain(
    '  The last rollback did not restore the schema: relation more is left over. Correct the schema by hand, then run verify.\n',
  );
  await project.query('DROP TABLE more');
  expect((await run('status')).out).not.toContain('The last rollback');
});
