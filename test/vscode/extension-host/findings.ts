import assert from 'node:assert/strict';
import {
  commands,
  DiagnosticSeverity,
  languages,
  Range,
  window,
  workspace,
  type CodeAction,
  type CodeLens,
  type Diagnostic,
  type Hover,
  type Uri,
} from 'vscode';
import { languageIds } from '#protocol';
import { eventually, test } from '../runner';
import { fileUri } from './extension';

const indexScript = 'migrations/0003_index_arousal.up.sql';
const broken = 'ALTER TABLE memories DROP COLUMN nowhere;';

test('finds the index build that blocks writers in a migration script that was opened', async () => {
  const uri = fileUri(indexScript);
  await window.showTextDocument(uri);
  const finding = await diagnostic(uri, 'index-not-concurrent');
  const document = await workspace.openTextDocument(uri);
  assert.equal(document.getText(finding.range).startsWith('CREATE INDEX'), true);
  assert.equal(finding.severity, DiagnosticSeverity.Warning);
});

test('finds a statement that fails as soon as it is typed, and forgets it when it is deleted', async () => {
  const uri = fileUri(indexScript);
  const editor = await window.showTextDocument(uri);
  const end = editor.document.lineAt(editor.document.lineCount - 1).range.end;
  await editor.edit((edit) => edit.insert(end, `${broken}\n`));
  const finding = await diagnostic(uri, 'unknown-object');
  assert.match(finding.message, /nowhere/);
  const start = editor.document.positionAt(editor.document.getText().indexOf(broken));
  await editor.edit((edit) => edit.delete(new Range(start, start.translate(1, 0))));
  await eventually(() => (find(uri, 'unknown-object') ? undefined : true), 'the finding to go away');
  await commands.executeCommand('workbench.action.files.revert');
});

test('offers an ignore comment as a quick fix of a finding', async () => {
  const uri = fileUri(indexScript);
  await window.showTextDocument(uri);
  const { range } = await diagnostic(uri, 'index-not-concurrent');
  const actions = await commands.executeCommand<CodeAction[]>('vscode.executeCodeActionProvider', uri, range);
  const titles = actions.map(({ title }) => title);
  assert.ok(
    titles.some((title) => /ignore/i.test(title)),
    `no such action among: ${titles.join(', ')}`,
  );
});

test('treats upgrade.yaml as a manifest with lenses for every release', async () => {
  const uri = fileUri('upgrade.yaml');
  const { document } = await window.showTextDocument(uri);
  assert.equal(document.languageId, languageIds.manifest);
  const titles = await eventually(async () => {
    const lenses = await commands.executeCommand<CodeLens[]>('vscode.executeCodeLensProvider', uri, 100);
    return lenses.length > 0 ? lenses.map(({ command }) => command?.title ?? '') : undefined;
  }, 'code lenses on the manifest');
  for (const release of ['1.0.0', '1.1.0', '1.2.0']) assert.ok(titles.includes(`Plan to ${release}`), titles.join(', '));
});

test('explains a field of the manifest on hover', async () => {
  const uri = fileUri('upgrade.yaml');
  const { document } = await window.showTextDocument(uri);
  const position = document.positionAt(document.getText().indexOf('targets:') + 1);
  const hovers = await commands.executeCommand<Hover[]>('vscode.executeHoverProvider', uri, position);
  assert.ok(hovers.length > 0, 'no hover');
});

function find(uri: Uri, id: string): Diagnostic | undefined {
  return languages.getDiagnostics(uri).find(({ code }) => (typeof code === 'object' ? code.value : code) === id);
}

function diagnostic(uri: Uri, id: string): Promise<Diagnostic> {
  return eventually(() => find(uri, id), `the finding ${id} in ${uri.path}`);
}
