import { afterEach, beforeEach, expect, it } from 'vitest';
import { DidRenameFilesNotification, PrepareRenameRequest, RenameRequest, WillRenameFilesRequest } from 'vscode-languageserver-protocol';
import { applyWorkspaceEdit } from '../testing/apply-workspace-edit';
import { TestEditor } from '../testing/test-editor';

let editor: TestEditor;
beforeEach(async () => {
  editor = await TestEditor.start(
    {
      'upgrade.yaml': 'manifest: 1\nsystem: mem8\nreleases:\n  - version: 1.0.0\n    migrations: [0001_memories]\n',
      'migrations/0001_memories.up.sql': 'CREATE TABLE memories (id bigint PRIMARY KEY);\n',
      'migrations/0001_memories.down.sql': 'DROP TABLE memories;\n',
    },
    { settings: { check: { shadow: false } } },
  );
  await editor.open('upgrade.yaml');
});
afterEach(() => editor.stop());

const at = (needle: string) => ({
  textDocument: { uri: editor.uri('upgrade.yaml') },
  position: editor.position('upgrade.yaml', needle, 1),
});

it('renames a migration with its scripts', async () => {
  expect(await editor.connection.sendRequest(PrepareRenameRequest.type, at('0001_memories'))).toMatchObject({
    placeholder: '0001_memories',
  });
  const edit = await editor.connection.sendRequest(RenameRequest.type, { ...at('0001_memories'), newName: '0001_store' });
  await applyWorkspaceEdit(editor, edit);
  expect(Object.keys(editor.files.texts())).toEqual([
    '/project/migrations/0001_store.down.sql',
    '/project/migrations/0001_store.up.sql',
    '/project/upgrade.yaml',
  ]);
  expect(await editor.files.readText('/project/upgrade.yaml')).toContain('migrations: [0001_store]');
});

it('says why a name cannot be', async () => {
  const request = editor.connection.sendRequest(RenameRequest.type, { ...at('1.0.0'), newName: 'next' });
  await expect(request).rejects.toThrow('next is not a semantic version.');
  expect(await editor.connection.sendRequest(PrepareRenameRequest.type, at('system'))).toBeNull();
});

it('follows a script that is renamed in the explorer', async () => {
  const files = [{ oldUri: editor.uri('migrations/0001_memories.up.sql'), newUri: editor.uri('migrations/0001_store.up.sql') }];
  const edit = await editor.connection.sendRequest(WillRenameFilesRequest.type, { files });
  expect(await applyWorkspaceEdit(editor, edit)).toEqual(['upgrade.yaml', 'migrations/0001_store.down.sql']);
  const text = await editor.files.readText('/project/migrations/0001_memories.up.sql');
  editor.files.remove('/project/migrations/0001_memories.up.sql');
  await editor.files.write('/project/migrations/0001_store.up.sql', text);
  await editor.connection.sendNotification(DidRenameFilesNotification.type, { files });
  await editor.type('upgrade.yaml', '0001_memories', '0001_store');
  expect(await editor.findings('upgrade.yaml')).toEqual([]);
});
