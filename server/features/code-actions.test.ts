import { expect, it } from 'vitest';
import { LineIndex } from '#engine/core/text';
import { applyWorkspaceEdit } from '../testing/apply-workspace-edit';
import { example, TestProject } from '../testing/test-project';
import { codeActions } from './code-actions';

const first = 'migrations/0001_item.up.sql';
const script = 'migrations/0002_more.up.sql';

/** The actions of one kind at the first occurrence of `needle`. */
async function actionsAt(test: TestProject, path: string, needle: string, kind = 'quickfix', pages?: string) {
  const position = test.position(path, needle, 0);
  return codeActions(test.place(path), { range: { start: position, end: position }, context: { diagnostics: [], only: [kind] } }, pages);
}

async function titles(...at: Parameters<typeof actionsAt>): Promise<string[]> {
  return (await actionsAt(...at)).map(({ title }) => title);
}

it('offers the documentation of a check to clients that can show it', async () => {
  const test = await TestProject.open();
  const path = 'migrations/0002_kind.up.sql';
  const shown = (await actionsAt(test, path, 'ALTER', 'quickfix', '/docs')).flatMap(({ command }) => command ?? []);
  expect(shown).toContainEqual({
    title: 'Why? Show the documentation of missing-down',
    command: 'mem8Upgrade.showCheck',
    arguments: [{ page: 'file:///docs/missing-down.md' }],
  });
  expect((await actionsAt(test, path, 'ALTER')).filter(({ command }) => command)).toEqual([]);
});

it('offers what can be done with a release as refactorings, and only when they are wanted', async () => {
  const test = await TestProject.open({ ...example, 'migrations/0003_more.up.sql': 'SELECT 1;\n' });
  const title = 'Add 0003_more to release 1.0.0';
  expect(await titles(test, 'upgrade.yaml', '0001_memories', 'quickfix')).not.toContain(title);
  const added = (await actionsAt(test, 'upgrade.yaml', '0001_memories', 'refactor')).find((action) => action.title === title);
  expect(added?.kind).toBe('refactor.rewrite');
  expect(await applyWorkspaceEdit(test, added?.edit)).toEqual(['upgrade.yaml']);
  expect(await test.files.readText('/project/upgrade.yaml')).toContain('[0001_memories, 0003_more]');
  expect(await titles(test, 'upgrade.yaml', 'system', 'refactor')).toEqual([]);
});

it('creates a file that an action writes', async () => {
  const test = await TestProject.open();
  const create = (await actionsAt(test, 'migrations/0002_kind.up.sql', 'ALTER')).find(({ title }) => title === 'Create the down script');
  const down = 'migrations/0002_kind.down.sql';
  expect(await applyWorkspaceEdit(test, create?.edit)).toEqual([down]);
  expect(await test.files.readText(`/project/${down}`)).toContain('ALTER TABLE memories DROP COLUMN kind;');
});

it('offers fixes at every place of a finding that stands for several', async () => {
  const test = await TestProject.open({
    [first]: 'CREATE TABLE item (id bigint PRIMARY KEY, a int, b int);\n',
    [script]: 'ALTER TABLE item DROP COLUMN a;\nALTER TABLE item DROP COLUMN b;\n',
  });
  for (const needle of ['a;', 'b;']) expect(await titles(test, script, needle)).toContain('Ignore drop-column for this statement');
});

it('offers the fixes of a whole statement, those of errors first, before the comments that ignore findings', async () => {
  const test = await TestProject.open({
    [first]: 'CREATE TABLE item (id bigint PRIMARY KEY);\nINSERT INTO item VALUES (1);\n',
    [script]: 'ALTER TABLE item ADD COLUMN body json, ADD COLUMN kind text NOT NULL;\n',
  });
  expect(await titles(test, script, 'ALTER')).toEqual([
    'Add kind without NOT NULL',
    'Create the down script',
    "Insert SET LOCAL lock_timeout = '5s'",
    'Use jsonb',
    'Ignore missing-down for this statement',
    'Ignore lock-timeout-missing for this statement',
  ]);
});

it('writes an ignore comment that silences the finding, with the line ends of the file', async () => {
  const texts = {
    [first]: 'CREATE TABLE item (id bigint PRIMARY KEY, kind text);\n',
    [script]: '-- 😀 a build that blocks\r\nSET lock_timeout = 1000;  CREATE INDEX item_kind ON item (kind);\r\n',
    'migrations/0002_more.down.sql': 'DROP INDEX item_kind;\n',
  };
  const test = await TestProject.open(texts);
  const title = 'Ignore index-not-concurrent for this statement';
  const ignore = (await actionsAt(test, script, 'CREATE INDEX')).find((action) => action.title === title);
  const [edit] = Object.values(ignore?.edit?.changes ?? {}).flat();
  if (!edit) throw new Error('there is no edit');
  const index = new LineIndex(texts[script]);
  const sql = texts[script].slice(0, index.offsetAt(edit.range.start)) + edit.newText + texts[script].slice(index.offsetAt(edit.range.end));
  expect(sql).toContain('\r\n-- mem8-upgrade: ignore index-not-concurrent reason:\r\nCREATE INDEX');
  const { findings } = await (await TestProject.open({ ...texts, [script]: sql })).analysis();
  expect(findings.map(({ id }) => id)).not.toContain('index-not-concurrent');
});
