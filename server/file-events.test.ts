import { afterEach, expect, it, vi } from 'vitest';
import { DidRenameFilesNotification } from 'vscode-languageserver-protocol';
import { checkWorkspaceRequest, type CheckWorkspaceResult } from '#protocol';
import { TestEditor } from './testing/test-editor';

let editor: TestEditor;
afterEach(() => editor.stop());

const scripts = {
  'db/migrations/0001_items.up.sql': 'CREATE TABLE items (id bigint PRIMARY KEY, name text);\n',
  'db/migrations/0001_items.down.sql': 'DROP TABLE items;\n',
  'db/migrations/0002_kind.up.sql': 'ALTER TABLE items ALTER COLUMN kind SET NOT NULL;\n',
  'db/migrations/0002_kind.down.sql': 'SELECT 1;\n',
};
const newest = 'db/migrations/0002_kind.up.sql';
const manifest = `manifest: 1
system: items
migrations: { directory: db/migrations }
releases:
  - { version: 1.0.0, migrations: [0001_items, 0002_kind] }
`;

/** What is shown of a file, once the condition holds. */
function shows(shown: ReadonlyMap<string, readonly string[]>, path: string, expected: readonly string[]) {
  return vi.waitFor(() => expect(shown.get(path)).toEqual(expected), { timeout: 20_000, interval: 50 });
}

function move(from: string, to: string): void {
  for (const [path, text] of Object.entries(editor.files.texts())) {
    if (!path.startsWith(`/project/${from}/`)) continue;
    void editor.files.write(path.replace(`/project/${from}/`, `/project/${to}/`), text ?? '');
    editor.files.remove(path);
  }
}

it.each([
  ['a folder without manifest', {}],
  ['a folder of a manifest', { 'upgrade.yaml': manifest }],
])('follows %s that is moved away and back, of which only the folder is told', async (_, besides) => {
  editor = await TestEditor.start({ ...scripts, ...besides });
  const shown = editor.followWorkspace();
  await shows(shown, newest, ['unknown-object']);
  move('db/migrations', '../away');
  await editor.changedOnDisk({ 'db/migrations': 'deleted' });
  await shows(shown, newest, []);
  move('../away', 'db/migrations');
  await editor.changedOnDisk({ 'db/migrations': 'created' });
  await shows(shown, newest, ['unknown-object']);
});

it('follows a folder above the migrations', async () => {
  editor = await TestEditor.start(scripts);
  const shown = editor.followWorkspace();
  await shows(shown, newest, ['unknown-object']);
  move('db', 'old');
  await editor.changedOnDisk({ db: 'deleted', old: 'created' });
  await shows(shown, newest, []);
  await shows(shown, 'old/migrations/0002_kind.up.sql', ['unknown-object']);
});

it('follows files that a branch switch changes, adds and removes', async () => {
  editor = await TestEditor.start(scripts);
  const shown = editor.followWorkspace();
  await shows(shown, newest, ['unknown-object']);
  editor.files.remove(`/project/${newest}`);
  editor.files.remove('/project/db/migrations/0002_kind.down.sql');
  await editor.files.write('/project/db/migrations/0001_items.up.sql', 'CREATE TABLE items (id bigint PRIMARY KEY, kind text);\n');
  await editor.files.write('/project/db/migrations/0003_drop.up.sql', 'DROP TABLE nothing;\n');
  await editor.changedOnDisk({
    [newest]: 'deleted',
    'db/migrations/0002_kind.down.sql': 'deleted',
    'db/migrations/0001_items.up.sql': 'changed',
    'db/migrations/0003_drop.up.sql': 'created',
  });
  await shows(shown, newest, []);
  await vi.waitFor(() => expect(shown.get('db/migrations/0003_drop.up.sql')).toContain('unknown-object'), { timeout: 20_000 });
});

it('empties the old name of a script that was renamed while it was open', async () => {
  editor = await TestEditor.start(scripts);
  const shown = editor.followWorkspace();
  await editor.open(newest);
  expect((await editor.diagnostics(newest)).map(({ code }) => code)).toEqual(['unknown-object']);
  const renamed = 'db/migrations/0002_type.up.sql';
  await editor.files.write(`/project/${renamed}`, scripts[newest]);
  editor.files.remove(`/project/${newest}`);
  await editor.close(newest);
  await editor.open(renamed);
  await editor.connection.sendNotification(DidRenameFilesNotification.type, {
    files: [{ oldUri: editor.uri(newest), newUri: editor.uri(renamed) }],
  });
  await shows(shown, newest, []);
  expect(await editor.findings(renamed)).toEqual(['unknown-object: kind']);
});

it('reads the disk when the workspace is checked, whatever was told of it', async () => {
  editor = await TestEditor.start(scripts);
  const shown = editor.followWorkspace();
  await shows(shown, newest, ['unknown-object']);
  await editor.files.write('/project/db/migrations/0001_items.up.sql', 'CREATE TABLE items (id bigint PRIMARY KEY, kind text);\n');
  editor.files.remove('/project/db/migrations/0002_kind.down.sql');
  const check = () => editor.connection.sendRequest<CheckWorkspaceResult>(checkWorkspaceRequest, {});
  expect(await check()).toMatchObject({ files: 3, errors: 0 });
  await vi.waitFor(() => expect(shown.get(newest)).not.toContain('unknown-object'), { timeout: 20_000 });
  move('db/migrations', '../away');
  expect(await check()).toMatchObject({ files: 0, errors: 0 });
  await shows(shown, newest, []);
});

it('follows a manifest that is deleted and written anew', async () => {
  editor = await TestEditor.start({ ...scripts, 'upgrade.yaml': manifest.replace('0002_kind', '0002_kindd') });
  const shown = editor.followWorkspace();
  await vi.waitFor(() => expect(shown.get('upgrade.yaml')).toContain('migration-file-missing'), { timeout: 20_000 });
  editor.files.remove('/project/upgrade.yaml');
  await editor.changedOnDisk({ 'upgrade.yaml': 'deleted' });
  await shows(shown, 'upgrade.yaml', []);
  await shows(shown, newest, ['unknown-object']);
  await editor.files.write('/project/upgrade.yaml', manifest.replace('0002_kind', '0002_kindd'));
  await editor.changedOnDisk({ 'upgrade.yaml': 'created' });
  await vi.waitFor(() => expect(shown.get('upgrade.yaml')).toContain('migration-file-missing'), { timeout: 20_000 });
});

it('follows migrations that come into an empty workspace as a folder', async () => {
  editor = await TestEditor.start({ 'README.md': '' });
  const shown = editor.followWorkspace();
  for (const [path, text] of Object.entries(scripts)) await editor.files.write(`/project/${path}`, text);
  await editor.changedOnDisk({ db: 'created' });
  await shows(shown, newest, ['unknown-object']);
});

it('takes findings back that were typed into a script and not saved', async () => {
  editor = await TestEditor.start(scripts);
  const shown = editor.followWorkspace();
  const older = 'db/migrations/0001_items.up.sql';
  await editor.open(older);
  await editor.type(older, 'name text', 'name txt');
  expect(await editor.findings(older)).toEqual(['unknown-object: txt']);
  await editor.close(older);
  await shows(shown, older, []);
  await shows(shown, newest, ['unknown-object']);
});

it('pushes empty diagnostics for files that are gone', async () => {
  editor = await TestEditor.start(scripts, { pull: false });
  await editor.open('db/migrations/0001_items.up.sql');
  await editor.published(newest, (diagnostics) => diagnostics.length > 0);
  editor.files.remove(`/project/${newest}`);
  await editor.changedOnDisk({ [newest]: 'deleted' });
  await editor.published(newest, (diagnostics) => diagnostics.length === 0);
});

it('pushes empty diagnostics for a project that is gone', async () => {
  editor = await TestEditor.start(scripts, { pull: false });
  await editor.open('db/migrations/0001_items.up.sql');
  await editor.published(newest, (diagnostics) => diagnostics.length > 0);
  move('db', '../away');
  await editor.changedOnDisk({ db: 'deleted' });
  await editor.published(newest, (diagnostics) => diagnostics.length === 0);
});

it('keeps an analysis when a document is opened or closed as it is on disk', async () => {
  editor = await TestEditor.start(scripts);
  await editor.open(newest);
  await editor.diagnostics(newest);
  await editor.open('db/migrations/0001_items.up.sql');
  await editor.close('db/migrations/0001_items.up.sql');
  expect(await editor.findings(newest)).toEqual(['unknown-object: kind']);
});
