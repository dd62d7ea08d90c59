import { expect, it } from 'vitest';
import type { DocumentSymbol } from 'vscode-languageserver';
import { TestProject } from '../testing/test-project';
import { documentSymbols } from './document-symbols';

const names = (symbols: readonly DocumentSymbol[] = []): unknown[] =>
  symbols.map(({ name, children }) => (children ? [name, names(children)] : name));

it('outlines the releases of a manifest with their migrations', async () => {
  const test = await TestProject.open();
  const symbols = await documentSymbols(test.project, '/project/upgrade.yaml');
  expect(names(symbols)).toEqual([
    ['1.0.0', ['0001_memories']],
    ['2.0.0', ['0002_kind']],
  ]);
  expect(symbols.map(({ selectionRange }) => test.marked(selectionRange))).toEqual(['1.0.0', '2.0.0']);
});

it('outlines the statements of a script', async () => {
  const test = await TestProject.open();
  expect(names(await documentSymbols(test.project, '/project/migrations/0002_kind.up.sql'))).toEqual([
    'ALTER TABLE memories ADD COLUMN kind',
  ]);
});

it('outlines both directions of a file that holds both', async () => {
  const sql = '-- +goose Up\nCREATE TABLE a (id bigint);\nCREATE TABLE b (id bigint);\n-- +goose Down\nDROP TABLE b, a;\n';
  const { project } = await TestProject.open({ 'migrations/00001_a.sql': sql });
  const [up, down] = names(await documentSymbols(project, '/project/migrations/00001_a.sql'));
  expect(up).toEqual([expect.stringMatching(/ up$/), ['CREATE TABLE a', 'CREATE TABLE b']]);
  expect(down).toEqual([expect.stringMatching(/ down$/), [expect.stringContaining('DROP TABLE')]]);
});

it('has no outline of a file that is no script of the project', async () => {
  const { project } = await TestProject.open();
  expect(await documentSymbols(project, '/project/api/rest.yaml')).toEqual([]);
});
