import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  DocumentHighlightRequest,
  FoldingRangeRequest,
  ReferencesRequest,
  type SelectionRange,
  SelectionRangeRequest,
  SemanticTokensRequest,
  WorkspaceSymbolRequest,
} from 'vscode-languageserver-protocol';
import { LineIndex } from '#engine/core/text';
import { TestEditor } from '../testing/test-editor';
import { semanticTokensLegend } from './semantic-tokens';

const manifest = `manifest: 1
system: mem8
releases:
  - version: 1.0.0
    features: { search: stable }
    migrations: [0001_memories]
  - version: 2.0.0
    from: ">=1.0.0"
    features: { search: deprecated }
    migrations:
      - 0002_kind
stops: [1.0.0]
`;

let editor: TestEditor;
beforeAll(async () => {
  editor = await TestEditor.start(
    {
      'upgrade.yaml': manifest,
      'migrations/0001_memories.sql': 'CREATE TABLE memories (id bigint PRIMARY KEY);\n',
      'migrations/0002_kind.sql': 'ALTER TABLE memories ADD kind text;\n',
    },
    { settings: { check: { shadow: false } } },
  );
  await editor.open('upgrade.yaml');
  await editor.open('migrations/0002_kind.sql');
});
afterAll(() => editor.stop());

const textDocument = () => ({ uri: editor.uri('upgrade.yaml') });

it('finds and marks every place that names a release', async () => {
  const position = editor.position('upgrade.yaml', '1.0.0', 1);
  const lines = (ranges: readonly { range: { start: { line: number } } }[] | null) => (ranges ?? []).map(({ range }) => range.start.line);
  const parameters = { textDocument: textDocument(), position };
  expect(lines(await editor.connection.sendRequest(DocumentHighlightRequest.type, parameters))).toEqual([3, 7, 11]);
  const references = await editor.connection.sendRequest(ReferencesRequest.type, { ...parameters, context: { includeDeclaration: false } });
  expect(lines(references)).toEqual([7, 11]);
});

it('finds where a manifest names the migration of a script', async () => {
  const references = await editor.connection.sendRequest(ReferencesRequest.type, {
    textDocument: { uri: editor.uri('migrations/0002_kind.sql') },
    position: { line: 0, character: 0 },
    context: { includeDeclaration: true },
  });
  expect(references?.map(({ uri, range }) => [uri, range.start.line])).toEqual([[editor.uri('upgrade.yaml'), 10]]);
});

it('folds releases and lists', async () => {
  const found = await editor.connection.sendRequest(FoldingRangeRequest.type, { textDocument: textDocument() });
  expect(found?.map(({ startLine, endLine }) => [startLine, endLine])).toEqual([
    [2, 10],
    [3, 5],
    [6, 10],
    [9, 10],
  ]);
});

it('widens a selection from a word to its release', async () => {
  const positions = [editor.position('upgrade.yaml', 'deprecated', 2)];
  const [selection] = (await editor.connection.sendRequest(SelectionRangeRequest.type, { textDocument: textDocument(), positions })) ?? [];
  const index = new LineIndex(manifest);
  const texts: string[] = [];
  for (let each: SelectionRange | undefined = selection; each; each = each.parent) {
    texts.push(manifest.slice(index.offsetAt(each.range.start), index.offsetAt(each.range.end)));
  }
  expect(texts.slice(0, 4)).toEqual(['deprecated', 'search: deprecated', '{ search: deprecated }', 'features: { search: deprecated }']);
  expect(texts[4]).toMatch(/^version: 2[^]*0002_kind$/);
  expect(texts.at(-1)).toBe(manifest);
});

it('colours what a manifest names', async () => {
  const tokens = await editor.connection.sendRequest(SemanticTokensRequest.type, { textDocument: textDocument() });
  const lines = manifest.split('\n');
  const data = tokens?.data ?? [];
  let [line, character] = [0, 0];
  const words: string[] = [];
  for (let at = 0; at < data.length; at += 5) {
    const [down = 0, right = 0, length = 0, kind = 0] = data.slice(at, at + 4);
    [line, character] = [line + down, down > 0 ? right : character + right];
    words.push(`${semanticTokensLegend.tokenTypes[kind]} ${lines[line]?.slice(character, character + length)}`);
  }
  expect(words.slice(4)).toEqual([
    'class 2.0.0',
    'number >=1.0.0',
    'property search',
    'enumMember deprecated',
    'function 0002_kind',
    'class 1.0.0',
  ]);
});

it('finds releases, migrations and tables by name', async () => {
  const names = async (query: string) =>
    ((await editor.connection.sendRequest(WorkspaceSymbolRequest.type, { query })) ?? []).map(({ name }) => name);
  expect(await names('')).toEqual(['1.0.0', '2.0.0', '0001_memories', 'memories', '0002_kind']);
  expect(await names('mmr')).toEqual(['0001_memories', 'memories']);
});
