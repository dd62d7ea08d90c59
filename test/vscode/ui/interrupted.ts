import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { test } from '../runner';
import { inFolder } from './host';

const files = {
  'upgrade.yaml': `manifest: 1
system: shop
targets:
  local: { driver: pglite, path: .mem8/local }
releases:
  - { version: 1.0.0, migrations: [0001_items] }
  - { version: 1.1.0, migrations: [0002_fill] }
`,
  'migrations/0001_items.up.sql': 'CREATE TABLE items (id bigint PRIMARY KEY);\n',
  'migrations/0001_items.down.sql': 'DROP TABLE items;\n',
  'migrations/0002_fill.up.sql': 'INSERT INTO items SELECT 1 / 0;\n',
  'migrations/0002_fill.down.sql': 'DELETE FROM items;\n',
};

test('shows releases and tells of an interrupted run of a local target although no file is open', () =>
  inFolder('interrupted', files, async (workbench) => {
    await workbench.status(/shop local/);
    const cli = join(process.cwd(), 'dist', 'cli.js');
    const run = promisify(execFile)(process.execPath, [cli, 'apply', join(workbench.folder, 'upgrade.yaml'), '--target', 'local', '--yes']);
    await assert.rejects(run, /division by zero/);
    await workbench.reload();
    const said = await workbench.notification('A previous run of shop on local failed');
    assert.match(said, /Resume it or roll it back first/);
    await workbench.status(/shop local: failed/);
    await workbench.screenshot('interrupted-run');
  }));
