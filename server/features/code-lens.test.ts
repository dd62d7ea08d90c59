import { expect, it } from 'vitest';
import { commands } from '#protocol';
import { example, TestProject } from '../testing/test-project';
import { codeLenses, LastCodeLenses } from './code-lens';

const test = await TestProject.open();
const manifest = 'file:///project/upgrade.yaml';
const titles = (path: string, { project } = test) => codeLenses(project, `/project/${path}`)?.map(({ command }) => command?.title);

it('puts lenses on a manifest, its releases and its migrations', () => {
  const lenses = codeLenses(test.project, '/project/upgrade.yaml') ?? [];
  expect(lenses.map(({ range, command }) => `${range.start.line} ${command?.title}`)).toEqual([
    '1 Plan upgrade',
    '1 Show status',
    '5 Plan to 1.0.0',
    '5 Run upgrade...',
    '5 Roll back to here...',
    '8 Run...',
    '8 Roll back...',
    '9 Plan to 2.0.0',
    '9 Run upgrade...',
    '9 Roll back to here...',
    '13 Run...',
    '13 Roll back...',
  ]);
  expect(lenses.find(({ command }) => command?.command === commands.runMigration)?.command?.arguments).toEqual([
    { manifest, release: '1.0.0', migration: '0001_memories' },
  ]);
});

it('puts a lens on each direction of a script that a release lists', async () => {
  expect(titles('migrations/0001_memories.up.sql')).toEqual(['Run 0001_memories...']);
  expect(titles('migrations/0001_memories.down.sql')).toEqual(['Roll back 0001_memories...']);
  const unlisted = await TestProject.open({ ...example, 'migrations/0003_more.up.sql': 'SELECT 1;\n' });
  expect(titles('migrations/0003_more.up.sql', unlisted)).toEqual([]);
});

it('has none without a manifest', async () => {
  expect(titles('migrations/1_a.sql', await TestProject.open({ 'migrations/1_a.sql': 'SELECT 1;\n' }))).toEqual([]);
});

it('keeps the last lenses of a file while its manifest does not parse or its project cannot be read', async () => {
  const lenses = new LastCodeLenses();
  const broken = await TestProject.open({ ...example, 'upgrade.yaml': '- manifest' });
  const path = '/project/upgrade.yaml';
  expect(codeLenses(broken.project, path)).toBeUndefined();
  expect(lenses.of(broken.project, path)).toEqual([]);
  const good = lenses.of(test.project, path);
  expect(good).toHaveLength(12);
  expect(lenses.of(broken.project, path)).toEqual(good);
  expect(lenses.of(undefined, path)).toEqual(good);
});
