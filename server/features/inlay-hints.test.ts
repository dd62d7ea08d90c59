import { afterAll, beforeAll, expect, it } from 'vitest';
import { DidChangeConfigurationNotification, InlayHintRequest } from 'vscode-languageserver-protocol';
import { TestEditor } from '../testing/test-editor';

const files = {
  'upgrade.yaml': `manifest: 1
system: mem8
releases:
  - version: 1.0.0
    features: { search: stable }
    migrations: [0001_memories]
  - version: "1.0.1"
    migrations: [0002_kind]
`,
  'migrations/0001_memories.up.sql': 'CREATE TABLE memories (id bigint PRIMARY KEY);\n',
  'migrations/0002_kind.up.sql':
    'ALTER TABLE memories ADD kind text;\nINSERT INTO memories (id) VALUES (1);\nCREATE INDEX ON memories (kind);\n',
};

let editor: TestEditor;
beforeAll(async () => {
  editor = await TestEditor.start(files);
});
afterAll(() => editor.stop());

/** Hints as `line of text | hint`. */
async function hints(path: string): Promise<string[]> {
  await editor.open(path);
  const found = await editor.connection.sendRequest(InlayHintRequest.type, {
    textDocument: { uri: editor.uri(path) },
    range: { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } },
  });
  const lines = editor.text(path).split('\n');
  return (found ?? []).map(({ position, label }) => `${lines[position.line]?.slice(0, position.character).trim()} | ${String(label)}`);
}

it('tells behind releases what their changes need, and behind migrations their strongest lock', async () => {
  expect(await hints('upgrade.yaml')).toEqual([
    '- version: "1.0.1" | needs major: 2.0.0',
    'migrations: [0002_kind | ACCESS EXCLUSIVE on memories',
  ]);
});

it('tells behind statements what they lock, and nothing where it is weak or on what is new', async () => {
  expect(await hints('migrations/0002_kind.up.sql')).toEqual([
    'ALTER TABLE memories ADD kind text; | ACCESS EXCLUSIVE on memories',
    'CREATE INDEX ON memories (kind); | ACCESS EXCLUSIVE on memories (held)',
  ]);
});

it('tells nothing when that is switched off', async () => {
  const settings = { mem8Upgrade: { inlayHints: { enabled: false } } };
  await editor.connection.sendNotification(DidChangeConfigurationNotification.type, { settings });
  expect(await hints('upgrade.yaml')).toEqual([]);
});
