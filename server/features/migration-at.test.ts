import { expect, it } from 'vitest';
import { TestProject } from '../testing/test-project';
import { releaseOf, scriptsIn, startOf, statementAt } from './migration-at';

const test = await TestProject.open();

it('finds the release that lists a migration, with settings or without', () => {
  expect(releaseOf(test.project, '0001_memories')).toBe('1.0.0');
  expect(releaseOf(test.project, '0002_kind')).toBe('2.0.0');
  expect(releaseOf(test.project, '0003_none')).toBeUndefined();
});

it('finds the scripts of a file', () => {
  expect(scriptsIn(test.project, '/project/migrations/0001_memories.down.sql')).toMatchObject([
    { migration: '0001_memories', direction: 'down' },
  ]);
  expect(scriptsIn(test.project, '/project/upgrade.yaml')).toEqual([]);
});

it('finds no scripts for another database', async () => {
  const settings = { '.mem8-upgrade.yaml': 'dialect: mysql\n', 'migrations/1_a.sql': 'CREATE TABLE `a` (id int);\n' };
  const { project } = await TestProject.open({ ...settings, 'migrations/.mem8-upgrade.yaml': 'dialect: mysql\n' });
  expect(project.directory?.dialect).toBe('mysql');
  expect(scriptsIn(project, '/project/migrations/1_a.sql')).toEqual([]);
});

it('finds where a section of a file with both directions begins', async () => {
  const { project } = await TestProject.open({ 'migrations/00001_a.sql': '-- +goose Up\nSELECT 1;\n-- +goose Down\nSELECT 2;\n' });
  const starts = scriptsIn(project, '/project/migrations/00001_a.sql').map(({ script }) => startOf(script).range.start.line);
  expect(starts).toEqual([1, 3]);
});

it('finds the statement at an offset, and none in a comment', async () => {
  const path = 'migrations/0002_kind.up.sql';
  const analysis = await test.analysis();
  const found = statementAt(analysis, `/project/${path}`, test.offset(path, 'kind text'));
  expect(found).toMatchObject({ index: 0, statement: { text: 'ALTER TABLE memories ADD kind text' } });
  expect(statementAt(analysis, `/project/${path}`, 3)).toBeUndefined();
});
