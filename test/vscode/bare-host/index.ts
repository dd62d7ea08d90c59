import assert from 'node:assert/strict';
import { extensions, languages, Uri, window, workspace } from 'vscode';
import { runInHost } from '../extension-host/run-in-host';
import { eventually, test } from '../runner';

/** The folder that is open has migrations of golang-migrate and no manifest; nothing here activates the extension. */
test('wakes by itself in a folder that has migrations and no manifest', async () => {
  assert.deepEqual(await workspace.findFiles('**/*upgrade.y*ml'), []);
  const extension = extensions.getExtension('mem8-upgrade.mem8-upgrade');
  assert.ok(extension, 'the extension is not installed');
  await eventually(() => extension.isActive || undefined, 'the extension to be activated');
});

test('finds the mistake of the newest script before a file is open', async () => {
  assert.equal(window.activeTextEditor, undefined);
  await nowhereIsFound();
});

test('finds it whatever language the script is taken for', async () => {
  const document = await workspace.openTextDocument(script());
  for (const language of ['sql', 'plaintext', 'json']) {
    const { languageId } = await languages.setTextDocumentLanguage(document, language);
    assert.equal(languageId, language);
    await window.showTextDocument(document);
    await nowhereIsFound();
  }
});

function script(): Uri {
  const folder = workspace.workspaceFolders?.[0];
  assert.ok(folder, 'no folder is open');
  return Uri.joinPath(folder.uri, 'db/migrations/0002_drop.up.sql');
}

function nowhereIsFound() {
  const isFound = () => languages.getDiagnostics(script()).some(({ message }) => message.includes('nowhere')) || undefined;
  return eventually(isFound, 'a finding that names the column');
}

export const run = runInHost;
