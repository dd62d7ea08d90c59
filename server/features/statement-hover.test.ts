import { afterAll, beforeAll, expect, it } from 'vitest';
import { HoverRequest, InlayHintRequest } from 'vscode-languageserver-protocol';
import { TestEditor } from '../testing/test-editor';

const files = {
  'migrations/0001_memories.up.sql': 'CREATE TABLE memories (id bigint PRIMARY KEY, kind text, old text, note text);\n',
  'migrations/0002_kind.up.sql': `-- A comment
ALTER TABLE memories ADD COLUMN size bigint;
ALTER TABLE memories DROP COLUMN old;
SELECT count(*) FROM memories;
CREATE INDEX memories_kind ON memories (kind);
`,
  'migrations/0003_note.up.sql': 'CREATE INDEX CONCURRENTLY memories_note ON memories (note);\n',
  'migrations/0003_note.down.sql': 'ALTER TABLE memories ADD old text;\n',
};

let editor: TestEditor;
beforeAll(async () => {
  editor = await TestEditor.start(files);
  for (const path of Object.keys(files)) await editor.open(path);
});
afterAll(() => editor.stop());

async function hover(path: string, needle: string): Promise<string> {
  const position = editor.position(path, needle, 1);
  const found = await editor.connection.sendRequest(HoverRequest.type, { textDocument: { uri: editor.uri(path) }, position });
  return found && typeof found.contents === 'object' && 'value' in found.contents ? found.contents.value : '';
}

async function hints(path: string): Promise<string[]> {
  const range = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };
  const found = await editor.connection.sendRequest(InlayHintRequest.type, { textDocument: { uri: editor.uri(path) }, range });
  return (found ?? []).map(({ position, label }) => `${position.line + 1}: ${String(label)}`);
}

const held =
  '- Holds ACCESS EXCLUSIVE on `memories`, taken by `ALTER TABLE memories ADD COLUMN size bigint` (line 2), blocks reads and writes';

it("writes lock modes and tables as PostgreSQL's documentation does", async () => {
  const text = await hover('migrations/0002_kind.up.sql', 'ADD COLUMN');
  expect(text).toContain('- `memories`: ACCESS EXCLUSIVE lock, blocks reads and writes');
  expect(text).toContain('- created: column memories.size');
  expect(text).toContain('Servers before PostgreSQL 18 may take stronger locks. The oldest supported server is PostgreSQL 15.');
  expect(text).not.toContain('Holds');
});

it.each(['DROP COLUMN', 'SELECT', 'CREATE INDEX'])('shows the lock that an earlier statement took: %s', async (needle) => {
  expect(await hover('migrations/0002_kind.up.sql', needle)).toContain(held);
});

it('hints at a held lock behind statements that need it again, and not behind queries', async () => {
  expect(await hints('migrations/0002_kind.up.sql')).toEqual([
    '2: ACCESS EXCLUSIVE on memories',
    '3: ACCESS EXCLUSIVE on memories (held)',
    '5: ACCESS EXCLUSIVE on memories (held)',
  ]);
});

it('takes the lock of CREATE INDEX CONCURRENTLY from the syntax', async () => {
  expect(await hover('migrations/0003_note.up.sql', 'CONCURRENTLY')).toContain(
    '- `memories`: SHARE UPDATE EXCLUSIVE lock by syntax, blocks only other schema changes and VACUUM',
  );
  expect(await hints('migrations/0003_note.up.sql')).toEqual(['1: SHARE UPDATE EXCLUSIVE on memories (by syntax)']);
});

it('tells what the syntax lets expect of a down script', async () => {
  expect(await hover('migrations/0003_note.down.sql', 'ALTER')).toBe(
    '**Expected from the syntax, not verified**\n- `memories`: ACCESS EXCLUSIVE lock, blocks reads and writes',
  );
});
