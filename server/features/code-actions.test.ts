import { afterEach, expect, it } from 'vitest';
import { CodeActionRequest, type WorkspaceEdit } from 'vscode-languageserver-protocol';
import { parseManifest } from '#engine/inputs/manifest/parse';
import { applyWorkspaceEdit } from '../testing/apply-workspace-edit';
import { TestEditor } from '../testing/test-editor';

const files = {
  'upgrade.yaml': `manifest: 1
system: mem8
releases:
  - version: 1.0.0
    migrations: [0001_memories] # the first
  - version: 2.0.0
    migrations:
      - { id: 0002_kind, phase: expand }
      - { id: 0003_gone, phase: contract }
      - 0009_new
`,
  'migrations/0001_memories.up.sql': 'CREATE TABLE memories (id bigint PRIMARY KEY, old text);\n',
  'migrations/0002_kind.up.sql': 'ALTER TABLE memories ADD kind text;\n',
  'migrations/0002_kind.down.sql': 'ALTER TABLE memories DROP kind;\n',
  'migrations/0003_gone.up.sql': 'ALTER TABLE memories DROP old;\n',
  'migrations/0004_more.up.sql': 'ALTER TABLE memories ADD more text;\n',
};

let editor: TestEditor;
afterEach(() => editor.stop());

async function actionsAt(needle: string) {
  editor = await TestEditor.start(files, { settings: { check: { shadow: false } } });
  await editor.open('upgrade.yaml');
  const position = editor.position('upgrade.yaml', needle);
  const found = await editor.connection.sendRequest(CodeActionRequest.type, {
    textDocument: { uri: editor.uri('upgrade.yaml') },
    range: { start: position, end: position },
    context: { diagnostics: [], only: ['refactor'] },
  });
  return new Map(
    (found ?? []).map((action): [string, WorkspaceEdit | undefined] => [action.title, 'edit' in action ? action.edit : undefined]),
  );
}

/** Applies one action and returns the manifest's values after it; it must parse without problems. */
async function after(needle: string, title: string) {
  const actions = await actionsAt(needle);
  expect([...actions.keys()]).toContain(title);
  await applyWorkspaceEdit(editor, actions.get(title));
  const { manifest, problems } = parseManifest('/project/upgrade.yaml', await editor.files.readText('/project/upgrade.yaml'));
  expect(problems).toEqual([]);
  return manifest?.releases.map(({ version, migrations }) => [version, migrations]);
}

it('offers the documentation of a check to clients that can show it', async () => {
  const sql = 'ALTER TABLE memories DROP old;\n';
  for (const showsChecks of [true, false]) {
    editor = await TestEditor.start(files, { settings: { check: { shadow: false } }, showsChecks });
    const path = 'migrations/0003_gone.up.sql';
    await editor.open(path);
    expect(await editor.files.readText(`/project/${path}`)).toBe(sql);
    const position = editor.position(path, 'DROP');
    const found = await editor.connection.sendRequest(CodeActionRequest.type, {
      textDocument: { uri: editor.uri(path) },
      range: { start: position, end: position },
      context: { diagnostics: [], only: ['quickfix'] },
    });
    const pages = (found ?? []).flatMap((action) => ('command' in action && typeof action.command === 'object' ? action.command : []));
    const shown = pages.map(({ command, arguments: [page] = [] }) => [command, page as unknown]);
    if (showsChecks) expect(shown).toContainEqual(['mem8Upgrade.showCheck', { page: 'file:///docs/checks/missing-down.md' }]);
    else expect(shown).toEqual([]);
    if (showsChecks) await editor.stop();
  }
});

it('offers what can be done with a release and a migration', async () => {
  expect([...(await actionsAt('0001_memories')).keys()]).toEqual([
    'Create the down script of 0001_memories',
    'Add 0004_more to release 1.0.0',
    'Add the phases of the migrations of 1.0.0',
    'Record the hashes of the migrations of 1.0.0, so that later edits are errors',
    'Make 1.0.0 a required stop',
  ]);
  await editor.stop();
  expect([...(await actionsAt('system')).keys()]).toEqual([]);
});

it('adds a migration to a release', async () => {
  const releases = await actionsAt('0001_memories').then((actions) =>
    applyWorkspaceEdit(editor, actions.get('Add 0004_more to release 1.0.0')),
  );
  expect(releases).toEqual(['upgrade.yaml']);
  expect(await editor.files.readText('/project/upgrade.yaml')).toContain('[0001_memories, 0004_more] # the first');
});

it('writes a down script that undoes the migration', async () => {
  const actions = await actionsAt('0001_memories');
  await applyWorkspaceEdit(editor, actions.get('Create the down script of 0001_memories'));
  expect(await editor.files.readText('/project/migrations/0001_memories.down.sql')).toBe('DROP TABLE memories;\n');
});

it('creates the scripts of a migration that is only named', async () => {
  const actions = await actionsAt('0009_new');
  await applyWorkspaceEdit(editor, actions.get('Create the scripts of 0009_new'));
  expect(Object.keys(editor.files.texts())).toEqual(
    expect.arrayContaining(['/project/migrations/0009_new.up.sql', '/project/migrations/0009_new.down.sql']),
  );
});

it('moves what contracts into a release of its own', async () => {
  const releases = await after('version: 2.0.0', 'Move the contract migrations of 2.0.0 to a new release 2.1.0');
  expect(releases?.slice(1)).toEqual([
    ['2.0.0', [{ id: '0002_kind', phase: 'expand' }, '0009_new']],
    ['2.1.0', [{ id: '0003_gone', phase: 'contract' }]],
  ]);
});

it('writes phases and hashes of migrations', async () => {
  const [first] = (await after('0001_memories', 'Add the phases of the migrations of 1.0.0')) ?? [];
  expect(first).toEqual(['1.0.0', [{ id: '0001_memories', phase: 'expand' }]]);
  await editor.stop();
  const title = 'Record the hashes of the migrations of 2.0.0, so that later edits are errors';
  const [, second] = (await after('0002_kind', title)) ?? [];
  expect(second?.[1]).toMatchObject([{ hash: expect.stringMatching(/^sha256:/) }, { hash: expect.stringMatching(/^sha256:/) }, '0009_new']);
});

it('adds a stop', async () => {
  await after('version: 2.0.0', 'Make 2.0.0 a required stop');
  expect(await editor.files.readText('/project/upgrade.yaml')).toMatch(/\nstops: \[2\.0\.0\]\n$/);
});

it('offers fixes at every place of a finding that stands for several', async () => {
  const script = 'db/migrations/0002_more.up.sql';
  editor = await TestEditor.start(
    {
      'db/migrations/0001_item.up.sql': 'CREATE TABLE item (id bigint PRIMARY KEY, a int, b int);\n',
      [script]: 'ALTER TABLE item DROP COLUMN a;\nALTER TABLE item DROP COLUMN b;\n',
    },
    { settings: { check: { shadow: false } } },
  );
  await editor.open(script);
  const titles = async (needle: string) => {
    const position = editor.position(script, needle);
    const found = await editor.connection.sendRequest(CodeActionRequest.type, {
      textDocument: { uri: editor.uri(script) },
      range: { start: position, end: position },
      context: { diagnostics: [], only: ['quickfix'] },
    });
    return (found ?? []).map(({ title }) => title);
  };
  expect(await titles('a;')).toContain('Ignore drop-column for this statement');
  expect(await titles('b;')).toContain('Ignore drop-column for this statement');
});

it('offers the fixes of a whole statement, those of errors first, before the comments that ignore findings', async () => {
  const script = 'db/migrations/0002_more.up.sql';
  editor = await TestEditor.start(
    {
      'db/migrations/0001_item.up.sql': 'CREATE TABLE item (id bigint PRIMARY KEY);\nINSERT INTO item VALUES (1);\n',
      [script]: 'ALTER TABLE item ADD COLUMN body json, ADD COLUMN kind text NOT NULL;\n',
    },
    { settings: { check: { shadow: false } } },
  );
  await editor.open(script);
  const position = editor.position(script, 'ALTER');
  const titles = await editor.connection
    .sendRequest(CodeActionRequest.type, {
      textDocument: { uri: editor.uri(script) },
      range: { start: position, end: position },
      context: { diagnostics: [], only: ['quickfix'] },
    })
    .then((found) => (found ?? []).map(({ title }) => title));
  expect(titles).toEqual([
    'Add kind without NOT NULL',
    'Create the down script',
    "Insert SET LOCAL lock_timeout = '5s'",
    'Use jsonb',
    'Ignore missing-down for this statement',
    'Ignore lock-timeout-missing for this statement',
  ]);
});
