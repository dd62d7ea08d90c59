import { expect, it } from 'vitest';
import { startShadow } from '#engine/checking/checks/testing/sql-fixture';
import { TestProject } from '../testing/test-project';
import { hover } from './hover';

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

const observed = await TestProject.open(files, await startShadow());

async function hoverOf(path: string, needle: string, test = observed): Promise<string> {
  const found = await hover(test.place(path), test.position(path, needle));
  return found && typeof found.contents === 'object' && 'value' in found.contents ? found.contents.value : '';
}

const held =
  '- Holds ACCESS EXCLUSIVE on `memories`, taken by `ALTER TABLE memories ADD COLUMN size bigint` (line 2), blocks reads and writes';

it("writes lock modes and tables as PostgreSQL's documentation does", async () => {
  const text = await hoverOf('migrations/0002_kind.up.sql', 'ADD COLUMN');
  expect(text).toContain('- `memories`: ACCESS EXCLUSIVE lock, blocks reads and writes');
  expect(text).toContain('- created: column memories.size');
  expect(text).toContain('Servers before PostgreSQL 18 may take stronger locks. The oldest supported server is PostgreSQL 15.');
  expect(text).not.toContain('Holds');
});

it.each(['DROP COLUMN', 'SELECT', 'CREATE INDEX'])('shows the lock that an earlier statement took: %s', async (needle) => {
  expect(await hoverOf('migrations/0002_kind.up.sql', needle)).toContain(held);
});

it('takes the lock of CREATE INDEX CONCURRENTLY from the syntax', async () => {
  expect(await hoverOf('migrations/0003_note.up.sql', 'CONCURRENTLY')).toContain(
    '- `memories`: SHARE UPDATE EXCLUSIVE lock by syntax, blocks only other schema changes and VACUUM',
  );
});

it('tells what the syntax lets expect of a down script', async () => {
  expect(await hoverOf('migrations/0003_note.down.sql', 'ALTER')).toBe(
    '**Expected from the syntax, not verified**\n- `memories`: ACCESS EXCLUSIVE lock, blocks reads and writes',
  );
});

it('tells what a key of a manifest means', async () => {
  expect(await hoverOf('upgrade.yaml', 'system', await TestProject.open())).toContain('The name of the system');
});

it('tells nothing of a place without a statement', async () => {
  expect(await hoverOf('migrations/0002_kind.up.sql', 'A comment')).toBe('');
});
