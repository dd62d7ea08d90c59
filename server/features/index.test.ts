import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  CodeActionRequest,
  CodeLensRequest,
  CompletionRequest,
  DefinitionRequest,
  DidChangeConfigurationNotification,
  DocumentFormattingRequest,
  DocumentHighlightRequest,
  DocumentLinkRequest,
  DocumentSymbolRequest,
  FoldingRangeRequest,
  HoverRequest,
  InlayHintRequest,
  PrepareRenameRequest,
  ReferencesRequest,
  SelectionRangeRequest,
  SemanticTokensRequest,
  WorkspaceSymbolRequest,
} from 'vscode-languageserver-protocol';
import { projectsRequest } from '#protocol';
import { manifestSelector } from '../manifest-selector';
import { TestEditor } from '../testing/test-editor';
import { example } from '../testing/test-project';

const settings = { check: { shadow: false } };
const options = { tabSize: 2, insertSpaces: true };

/** Every request about a document, whether scripts have an answer to it (without a database), and a place in the manifest that has one. */
const requests: readonly [method: string, forScripts: boolean, needle?: string][] = [
  [HoverRequest.method, true],
  [CodeActionRequest.method, true],
  [CodeLensRequest.method, true],
  [InlayHintRequest.method, false],
  [DefinitionRequest.method, true],
  [ReferencesRequest.method, true],
  [DocumentSymbolRequest.method, true],
  [CompletionRequest.method, false, 'stable'],
  [DocumentHighlightRequest.method, false],
  [DocumentLinkRequest.method, false],
  [FoldingRangeRequest.method, false],
  [SelectionRangeRequest.method, false],
  [SemanticTokensRequest.method, false],
  [DocumentFormattingRequest.method, false],
  [PrepareRenameRequest.method, false],
];

function send(editor: TestEditor, method: string, path: string, needle: string): Promise<unknown> {
  const position = editor.position(path, needle, 1);
  return editor.connection.sendRequest(method, {
    textDocument: { uri: editor.uri(path) },
    position,
    positions: [position],
    range: { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } },
    context: { diagnostics: [], includeDeclaration: true },
    options,
  });
}

/** True for an answer that says something. */
function saysSomething(answer: unknown): boolean {
  if (Array.isArray(answer)) return answer.length > 0;
  return answer !== null && !(typeof answer === 'object' && 'data' in answer && Array.isArray(answer.data) && answer.data.length === 0);
}

describe('over one connection', () => {
  let editor: TestEditor;
  beforeAll(async () => {
    const text = example['upgrade.yaml'].replace('system: mem8', 'system:  mem8');
    editor = await TestEditor.start({ ...example, 'upgrade.yaml': text, 'notes/report.sql': 'SELECT 1;\n' }, { settings });
    for (const path of ['upgrade.yaml', 'migrations/0002_kind.up.sql', 'notes/report.sql']) await editor.open(path);
  });
  afterAll(() => editor.stop());

  it.each(requests)('answers %s', async (method, forScripts, needle = '0002_kind') => {
    const answers = [
      await send(editor, method, 'upgrade.yaml', needle),
      await send(editor, method, 'migrations/0002_kind.up.sql', 'ALTER'),
      await send(editor, method, 'notes/report.sql', 'SELECT'),
    ];
    expect(answers.map(saysSomething)).toEqual([true, forScripts, false]);
    expect(editor.logged.filter((line) => !line.includes('is not checked'))).toEqual([]);
  });

  it('answers about the whole workspace', async () => {
    expect(saysSomething(await editor.connection.sendRequest(WorkspaceSymbolRequest.type, { query: 'kind' }))).toBe(true);
    expect(await editor.connection.sendRequest(projectsRequest)).toMatchObject([{ system: 'mem8' }]);
    expect(await editor.connection.sendRequest(projectsRequest, {})).toMatchObject([{ system: 'mem8' }]);
  });

  it('answers nothing that is switched off', async () => {
    const mem8Upgrade = { check: { shadow: false }, inlayHints: { enabled: false }, codeLens: { enabled: false } };
    await editor.connection.sendNotification(DidChangeConfigurationNotification.type, { settings: { mem8Upgrade } });
    expect(await send(editor, InlayHintRequest.method, 'upgrade.yaml', 'system')).toEqual([]);
    expect(await send(editor, CodeLensRequest.method, 'upgrade.yaml', 'system')).toEqual([]);
  });
});

describe('offers', () => {
  let editor: TestEditor;
  afterEach(() => editor.stop());

  it('to format and fold manifests alone, so that other extensions keep SQL', async () => {
    editor = await TestEditor.start({}, { registersFormatting: true, settings });
    await editor.connection.sendRequest(WorkspaceSymbolRequest.type, { query: '' });
    const { foldingRangeProvider, semanticTokensProvider, selectionRangeProvider, documentFormattingProvider } = editor.offered;
    expect(documentFormattingProvider).toBeUndefined();
    const formatting = editor.registrations.find(({ method }) => method === DocumentFormattingRequest.method);
    for (const each of [foldingRangeProvider, semanticTokensProvider, selectionRangeProvider, formatting?.registerOptions]) {
      expect(each).toMatchObject({ documentSelector: manifestSelector });
    }
  });

  it('diagnostics to clients that pull them, and every other feature to all', async () => {
    editor = await TestEditor.start({}, { settings });
    const pulled = editor.offered;
    await editor.stop();
    editor = await TestEditor.start({}, { settings, pull: false });
    expect(editor.offered).toEqual({ ...pulled, diagnosticProvider: undefined });
    expect(Object.keys(pulled).sort()).toMatchInlineSnapshot(`
      [
        "codeActionProvider",
        "codeLensProvider",
        "completionProvider",
        "definitionProvider",
        "diagnosticProvider",
        "documentFormattingProvider",
        "documentHighlightProvider",
        "documentLinkProvider",
        "documentSymbolProvider",
        "foldingRangeProvider",
        "hoverProvider",
        "inlayHintProvider",
        "referencesProvider",
        "renameProvider",
        "selectionRangeProvider",
        "semanticTokensProvider",
        "textDocumentSync",
        "workspace",
        "workspaceSymbolProvider",
      ]
    `);
  });
});
