import { afterEach, expect, it } from 'vitest';
import { DocumentFormattingRequest, WorkspaceSymbolRequest } from 'vscode-languageserver-protocol';
import { manifestSelector } from '../manifest-selector';
import { applyWorkspaceEdit } from '../testing/apply-workspace-edit';
import { TestEditor } from '../testing/test-editor';

let editor: TestEditor;
afterEach(() => editor.stop());

async function formatted(path: string, text: string): Promise<string> {
  const files = { 'upgrade.yaml': 'manifest: 1\nsystem: s\nreleases:\n  - version: 1.0.0\n', 'migrations/0001_a.sql': 'SELECT 1;\n' };
  editor = await TestEditor.start({ ...files, [path]: text }, { settings: { check: { shadow: false } } });
  await editor.open(path);
  const uri = editor.uri(path);
  const options = { tabSize: 2, insertSpaces: true };
  const edits = await editor.connection.sendRequest(DocumentFormattingRequest.type, { textDocument: { uri }, options });
  await applyWorkspaceEdit(editor, { documentChanges: [{ textDocument: { uri, version: null }, edits: edits ?? [] }] });
  return editor.files.readText(`/project/${path}`);
}

it.each(['\n', '\r\n'])('formats a manifest with line ends %j', async (eol) => {
  const text = ['manifest:  1', 'system: s # 😀', '', '', 'releases:', '- version:   1.0.0', ''].join(eol);
  expect(await formatted('upgrade.yaml', text)).toBe(
    ['manifest: 1', 'system: s # 😀', '', 'releases:', '  - version: 1.0.0', ''].join(eol),
  );
});

it('leaves scripts as they are', async () => {
  expect(await formatted('migrations/0001_a.sql', 'select   1 ;\n\n\n')).toBe('select   1 ;\n\n\n');
});

it('offers to format and fold manifests alone, so that other extensions keep SQL', async () => {
  editor = await TestEditor.start({}, { registersFormatting: true, settings: { check: { shadow: false } } });
  await editor.connection.sendRequest(WorkspaceSymbolRequest.type, { query: '' });
  const { foldingRangeProvider, semanticTokensProvider, selectionRangeProvider, documentFormattingProvider } = editor.offered;
  expect(documentFormattingProvider).toBeUndefined();
  const formatting = editor.registrations.find(({ method }) => method === DocumentFormattingRequest.method);
  for (const each of [foldingRangeProvider, semanticTokensProvider, selectionRangeProvider, formatting?.registerOptions]) {
    expect(each).toMatchObject({ documentSelector: manifestSelector });
  }
});
