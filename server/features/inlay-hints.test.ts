import { expect, it } from 'vitest';
import { startShadow } from '#engine/checking/checks/testing/sql-fixture';
import { TestProject } from '../testing/test-project';
import { inlayHints } from './inlay-hints';

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

/** Hints as `line of text | hint`. */
async function hints(path: string, texts: Readonly<Record<string, string>> = files): Promise<string[]> {
  const test = await TestProject.open(texts, await startShadow());
  const text = texts[path] ?? '';
  const range = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };
  const lines = text.split('\n');
  return inlayHints(await test.analysis(), `/project/${path}`, text, range).map(
    ({ position, label }) => `${lines[position.line]?.slice(0, position.character).trim()} | ${String(label)}`,
  );
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

it('hints at a held lock behind statements that need it again, and not behind queries', async () => {
  const sql = `-- A comment
ALTER TABLE memories ADD COLUMN size bigint;
ALTER TABLE memories DROP COLUMN old;
SELECT count(*) FROM memories;
CREATE INDEX memories_kind ON memories (kind);
`;
  const first = 'CREATE TABLE memories (id bigint PRIMARY KEY, kind text, old text);\n';
  expect(
    await hints('migrations/0002_kind.up.sql', { 'migrations/0001_memories.up.sql': first, 'migrations/0002_kind.up.sql': sql }),
  ).toEqual([
    'ALTER TABLE memories ADD COLUMN size bigint; | ACCESS EXCLUSIVE on memories',
    'ALTER TABLE memories DROP COLUMN old; | ACCESS EXCLUSIVE on memories (held)',
    'CREATE INDEX memories_kind ON memories (kind); | ACCESS EXCLUSIVE on memories (held)',
  ]);
});

it('takes the lock of CREATE INDEX CONCURRENTLY from the syntax', async () => {
  const sql = 'CREATE INDEX CONCURRENTLY memories_kind ON memories (kind);\n';
  const scripts = { 'migrations/0001_memories.up.sql': 'CREATE TABLE memories (kind text);\n', 'migrations/0002_kind.up.sql': sql };
  expect(await hints('migrations/0002_kind.up.sql', scripts)).toEqual([`${sql.trim()} | SHARE UPDATE EXCLUSIVE on memories (by syntax)`]);
});

it('hints only within a range, and at no text but the one that was analysed', async () => {
  const test = await TestProject.open(files, await startShadow());
  const analysis = await test.analysis();
  const text = files['upgrade.yaml'];
  const line = { start: { line: 7, character: 0 }, end: { line: 8, character: 0 } };
  expect(inlayHints(analysis, '/project/upgrade.yaml', text, line)).toMatchObject([{ label: 'ACCESS EXCLUSIVE on memories' }]);
  expect(inlayHints(analysis, '/project/upgrade.yaml', `${text}\n`, line)).toEqual([]);
});
