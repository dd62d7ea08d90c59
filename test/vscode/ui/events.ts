import { execFile } from 'node:child_process';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, loadavg } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { test } from '../runner';
import { inFolder, type Files } from './host';
import type { Workbench } from './workbench';

/** How soon the Problems panel has to be right, on a machine that has nothing else to do. */
const soonMs = 3000;

const files: Files = {
  'db/migrations/0001_items.up.sql': 'CREATE TABLE items (id bigint PRIMARY KEY, name text);\n',
  'db/migrations/0001_items.down.sql': 'DROP TABLE items;\n',
  'db/migrations/0002_kind.up.sql': 'ALTER TABLE items DROP COLUMN nowhere;\n',
  'db/migrations/0003_size.up.sql': 'ALTER TABLE items DROP COLUMN neither;\n',
};
const says =
  (...texts: readonly string[]) =>
  (rows: readonly string[]): boolean =>
    texts.every((text) => rows.some((row) => row.includes(text)));
const saysNot =
  (...texts: readonly string[]) =>
  (rows: readonly string[]): boolean =>
    !rows.some((row) => texts.some((text) => row.includes(text)));

test('follows a migrations folder that is moved away and back outside the editor', () =>
  inProject('moved', async (workbench) => {
    const migrations = join(workbench.folder, 'db', 'migrations');
    const away = join(dirname(workbench.folder), `away-${Date.now()}`);
    await rename(migrations, away);
    await right(workbench, 'moved away', saysNot('nowhere', 'neither'));
    await workbench.screenshot('folder-moved-away');
    await rename(away, migrations);
    await right(workbench, 'moved back', says('nowhere', 'neither'));
    await workbench.runCommand('Mem8 Upgrade: Check Workspace');
    await workbench.status(/4 files checked\. Errors: 1/);
    await workbench.screenshot('folder-moved-back');
  }));

test('follows a branch that is switched outside the editor', () =>
  inProject('branches', async (workbench) => {
    const git = (...args: string[]) =>
      promisify(execFile)('git', ['-c', 'user.name=A', '-c', 'user.email=a@example.org', ...args], { cwd: workbench.folder });
    // What is committed is settled otherwise, and has no findings to follow.
    const settings = join(workbench.folder, '.mem8-upgrade.yaml');
    await writeFile(settings, 'since: none\n');
    await git('init', '--quiet', '--initial-branch=main');
    await git('add', '.');
    await git('commit', '--quiet', '--message=Broken');
    await git('checkout', '--quiet', '-b', 'mended');
    await writeFile(join(workbench.folder, 'db/migrations/0002_kind.up.sql'), 'ALTER TABLE items ADD COLUMN kind text;\n');
    await rm(join(workbench.folder, 'db/migrations/0003_size.up.sql'));
    await mkdir(join(workbench.folder, 'db/migrations'), { recursive: true });
    await writeFile(join(workbench.folder, 'db/migrations/0004_later.up.sql'), 'ALTER TABLE items DROP COLUMN later;\n');
    await git('add', '--all');
    await git('commit', '--quiet', '--message=Mended');
    await right(workbench, 'changed', (rows) => says('later')(rows) && saysNot('nowhere', 'neither')(rows));
    await git('checkout', '--quiet', 'main');
    await right(workbench, 'branch main', (rows) => says('nowhere', 'neither')(rows) && saysNot('later')(rows));
    await git('checkout', '--quiet', 'mended');
    await right(workbench, 'branch mended', (rows) => says('later')(rows) && saysNot('nowhere', 'neither')(rows));
    await writeFile(join(workbench.folder, 'db/migrations/0004_later.up.sql'), 'ALTER TABLE items ADD COLUMN later text;\n');
    await right(workbench, 'edited outside', saysNot('DROP COLUMN', 'does not exist'));
    await git('stash', '--quiet');
    await right(workbench, 'stashed', says('column "later"'));
    await git('checkout', '--quiet', 'main');
    await rm(settings);
    await right(workbench, 'settled by what is committed', saysNot('nowhere', 'neither', 'later'));
  }));

test('shows findings of a script that is renamed with F2 under its new name alone', () =>
  inProject('renamed', async (workbench) => {
    await workbench.renameInExplorer('0002_type.up.sql');
    await right(workbench, 'renamed', (rows) => says('0002_type.up.sql', 'nowhere')(rows) && saysNot('0002_kind.up.sql')(rows));
    await workbench.page.waitForTimeout(6000);
    await right(workbench, 'some seconds later', (rows) => says('0002_type.up.sql', 'nowhere')(rows) && saysNot('0002_kind.up.sql')(rows));
    await workbench.screenshot('renamed-script');
  }));

test('forgets the findings of scripts that are deleted outside the editor, open or not', () =>
  inProject('deleted', async (workbench) => {
    await rm(join(workbench.folder, 'db/migrations/0003_size.up.sql'));
    await right(workbench, 'deleted, not open', (rows) => says('nowhere')(rows) && saysNot('neither')(rows));
    await rm(join(workbench.folder, 'db/migrations/0002_kind.up.sql'));
    await right(workbench, 'deleted, open', saysNot('nowhere', 'neither'));
  }));

/** Opens a project whose second script is in front, with the findings of all scripts in the Problems panel. */
async function inProject(name: string, work: (workbench: Workbench) => Promise<void>): Promise<void> {
  await inFolder(name, files, async (workbench) => {
    await workbench.openFile('0002_kind.up.sql');
    await workbench.problems('nowhere', 90_000);
    await workbench.problems('neither');
    await work(workbench);
  });
}

async function right(workbench: Workbench, what: string, wanted: (rows: readonly string[]) => boolean): Promise<void> {
  const isBusy = Math.max(1, (loadavg()[0] ?? 0) / availableParallelism());
  console.log(`          ${what}: right after ${await workbench.problemsAre(wanted, soonMs * isBusy)} ms`);
}
