import { afterEach, expect, it } from 'vitest';
import { CodeLensRequest } from 'vscode-languageserver-protocol';
import { commands } from '#protocol';
import { TestEditor } from './testing/test-editor';

let editor: TestEditor;
afterEach(() => editor.stop());

const project = {
  'upgrade.yaml': `manifest: 1
system: mem8
targets:
  local: { driver: pglite, path: .mem8/local }
checks: { lock-timeout-missing: off }
releases:
  - version: 1.0.0
    migrations: [0001_memories]
  - version: 1.1.0
    migrations:
      - 0002_kind
`,
  'migrations/0001_memories.up.sql': 'CREATE TABLE memories (id bigint PRIMARY KEY, kind text);\n',
  'migrations/0001_memories.down.sql': 'DROP TABLE memories;\n',
  'migrations/0002_kind.up.sql': '-- 😀 a build that blocks\r\nCREATE INDEX memories_kind ON memories (kind);\r\n',
  'migrations/0002_kind.down.sql': 'DROP INDEX memories_kind;\n',
};

it('answers a pull with findings that the embedded database saw', async () => {
  editor = await TestEditor.start(project);
  await editor.open('migrations/0002_kind.up.sql');
  expect(await editor.findings('migrations/0002_kind.up.sql')).toEqual([
    'index-not-concurrent: CREATE INDEX memories_kind ON memories (kind)',
  ]);
  const [diagnostic] = await editor.diagnostics('migrations/0002_kind.up.sql');
  expect(diagnostic?.codeDescription?.href).toBe('file:///docs/checks/index-not-concurrent.md');
});

it('pushes findings to a client that cannot pull', async () => {
  editor = await TestEditor.start(project, { pull: false });
  await editor.open('migrations/0002_kind.up.sql');
  const diagnostics = await editor.published('migrations/0002_kind.up.sql', ({ length }) => length > 0);
  expect(diagnostics[0]?.code).toBe('index-not-concurrent');
});

it('checks the project of an open script without a workspace folder', async () => {
  const script = 'db/migrations/0002_kind.up.sql';
  editor = await TestEditor.start(
    {
      ...project,
      'db/migrations/0001_memories.up.sql': project['migrations/0001_memories.up.sql'],
      [script]: project['migrations/0002_kind.up.sql'],
      'notes/report.sql': 'SELECT 1;\n',
      'notes/other.sql': 'SELECT 2;\n',
    },
    { hasFolder: false },
  );
  await editor.open('migrations/0002_kind.up.sql');
  expect(await editor.findings('migrations/0002_kind.up.sql')).toEqual([
    'index-not-concurrent: CREATE INDEX memories_kind ON memories (kind)',
  ]);
  await editor.open(script);
  expect(await editor.findings(script)).toContain('index-not-concurrent: CREATE INDEX memories_kind ON memories (kind)');
  expect(editor.logged).toEqual([]);
  for (const path of ['notes/report.sql', 'notes/other.sql']) {
    await editor.open(path);
    expect(await editor.findings(path)).toEqual([]);
  }
  expect(editor.logged).toEqual([
    '/project/notes/report.sql is not checked: its folder was not recognised as migrations. Open the folder that contains the migrations.',
  ]);
});

it('checks an open manifest without a workspace folder', async () => {
  editor = await TestEditor.start(project, { pull: false, hasFolder: false });
  await editor.open('upgrade.yaml');
  await editor.type('upgrade.yaml', '0002_kind', '0002_kindd');
  const diagnostics = await editor.published('upgrade.yaml', ({ length }) => length > 0);
  expect(diagnostics.map(({ code }) => code)).toContain('migration-file-missing');
});

it('keeps other findings while a statement is half typed', async () => {
  editor = await TestEditor.start(project);
  await editor.open('migrations/0002_kind.up.sql');
  await editor.findings('migrations/0002_kind.up.sql');
  await editor.type('migrations/0002_kind.up.sql', '-- 😀 a build', 'ALTER TABEL memories;\n-- 😀 a build');
  expect(await editor.findings('migrations/0002_kind.up.sql')).toEqual([
    'syntax-error: TABEL',
    'index-not-concurrent: CREATE INDEX memories_kind ON memories (kind)',
  ]);
});

it('reports in a later migration what an edit of an earlier one breaks', async () => {
  editor = await TestEditor.start(project);
  await editor.open('migrations/0001_memories.up.sql');
  await editor.open('migrations/0002_kind.up.sql');
  await editor.findings('migrations/0001_memories.up.sql');
  await editor.type('migrations/0001_memories.up.sql', ', kind text', '');
  expect(await editor.findings('migrations/0002_kind.up.sql')).toEqual(['unknown-object: kind']);
});

it('marks a manifest whose migration has no script', async () => {
  editor = await TestEditor.start(project);
  await editor.open('upgrade.yaml');
  await editor.type('upgrade.yaml', '0002_kind', '0002_kindd');
  expect(await editor.findings('upgrade.yaml')).toContain('migration-file-missing: 0002_kindd');
});

it('finds nothing in SQL files that no project owns', async () => {
  editor = await TestEditor.start({ ...project, 'queries/report.sql': 'DROP TABLE memories;\n' });
  await editor.open('queries/report.sql');
  expect(await editor.findings('queries/report.sql')).toEqual([]);
});

it('checks nothing against the database when that is switched off', async () => {
  editor = await TestEditor.start(project, { settings: { check: { shadow: false } } });
  await editor.open('migrations/0002_kind.up.sql');
  const [diagnostic] = await editor.diagnostics('migrations/0002_kind.up.sql');
  expect(diagnostic?.message).toContain('Not verified: the statement did not run in the embedded database.');
});

it('puts lenses on releases and migrations of a manifest and keeps them while it does not parse', async () => {
  editor = await TestEditor.start(project);
  await editor.open('upgrade.yaml');
  const lenses = async () =>
    (await editor.connection.sendRequest(CodeLensRequest.type, { textDocument: { uri: editor.uri('upgrade.yaml') } })) ?? [];
  const first = await lenses();
  expect(first.map(({ command }) => command?.title)).toContain('Roll back to here...');
  expect(first.find(({ command }) => command?.command === commands.runMigration)?.command?.arguments).toEqual([
    { manifest: editor.uri('upgrade.yaml'), release: '1.0.0', migration: '0001_memories' },
  ]);
  await editor.type('upgrade.yaml', 'manifest: 1', 'manifest: [');
  expect((await lenses()).length).toBe(first.length);
});
