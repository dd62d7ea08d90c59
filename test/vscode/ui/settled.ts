import assert from 'node:assert/strict';
import { test } from '../runner';
import { inFolder, inWorkbench } from './host';

const create = 'CREATE TABLE items (id bigint PRIMARY KEY, name text);\n';

test('the example has one problem, in the migration that is in the making', () =>
  inWorkbench(
    async (workbench) => {
      await workbench.openFile('0010_add_note.up.sql');
      await workbench.status('Mem8: 1 warning', 90_000);
      const rows = await workbench.problems('Blocks reads and writes of memories');
      const files = rows.flatMap((row) => row.match(/[\w.-]+\.(?:sql|yaml)/g) ?? []);
      assert.deepEqual([...new Set(files.map((file) => file.replace(/\.sql.*/, '.sql')))], ['0010_add_note.up.sql'], rows.join('\n'));
      assert.match(await workbench.problemCounts(), /^(?:Errors: 0, )?Warnings: 1$/);
      await workbench.screenshot('example');

      await workbench.openFile('0008_index_memories_by_time.up.sql');
      await workbench.squiggles('hint');
      await workbench.screenshot('settled-script');
      await workbench.runCommand('Mem8 Upgrade: Show Findings in Settled Migrations');
      await workbench.problems('Blocks writes to memories');
      await workbench.screenshot('settled-findings-shown');
      await workbench.runCommand('Mem8 Upgrade: Hide Findings in Settled Migrations');
      await workbench.problemsAre((texts) => !texts.some((text) => text.includes('Blocks writes to memories')), 10_000);
    },
    { example: true },
  ));

test('offers once to create a manifest, and says in its view what was found', () =>
  inFolder(
    'without-manifest',
    { 'db/migrations/0001_items.up.sql': create, 'db/migrations/0001_items.down.sql': 'DROP TABLE items;\n' },
    async (workbench) => {
      await workbench.openFile('0001_items.up.sql');
      await workbench.notification('Mem8 Upgrade checks the migrations in db/migrations', 90_000);
      await workbench.runCommand('View: Show Mem8 Upgrade');
      const tree = workbench.page.locator('.pane-body .monaco-list-row');
      for (const text of ['db/migrations', 'golang-migrate, 1 migration', '0001_items', 'Create Upgrade Manifest'])
        await tree.filter({ hasText: text }).first().waitFor({ timeout: 40_000 });
      await workbench.screenshot('without-manifest');
    },
  ));
