import { expect, test } from 'vitest';
import { splitStatements } from '../../databases/postgresql/sql/splitter';
import { splitGoose } from './goose';
import { scriptTemplate } from './index';
import { directedScripts } from './sections';
import { ids, problemsOf, readDirectory, shownOn } from './testing/test-directories';

const simple = '-- +goose Up\nCREATE TABLE a (x int);\n-- +goose Down\nDROP TABLE a;\n';

function problemLines(text: string): string[] {
  return splitGoose(text).problems.map((problem) => text.slice(problem.range.start, problem.range.end));
}

test('reads up and down of one file, blanking the other direction in place', async () => {
  const read = await readDirectory({ '00001_a.sql': simple });
  const [migration] = read.migrations;
  expect(read.layout).toBe('goose');
  expect(read.problems).toEqual([]);
  expect(migration?.up.sql.trim()).toBe('CREATE TABLE a (x int);');
  expect(migration?.down?.sql.trim()).toBe('DROP TABLE a;');
  expect(migration?.down?.sql.indexOf('DROP')).toBe(simple.indexOf('DROP'));
  expect(read.runner).toMatchObject({ transaction: 'script', sends: 'statements' });
});

test('orders sequences and timestamps by value, reports Go migrations and names without a number', async () => {
  const read = await readDirectory({
    '20240101000000_c.sql': simple,
    '10_b.sql': simple,
    '9_a.sql': simple,
    '11_code.go': 'package m',
    '12_code_test.go': '',
    '0_zero.sql': simple,
    'seed.sql': '',
    '9_again.sql': simple,
  });
  expect(ids(read)).toEqual(['9_a', '9_again', '10_b', '20240101000000_c']);
  expect(problemsOf(read).sort()).toEqual([
    'duplicate-version 9_again.sql',
    'opaque-script 11_code.go',
    'unknown-file 0_zero.sql',
    'unknown-file seed.sql',
  ]);
});

test('takes a line for a directive only when it starts the line and holds nothing else', () => {
  const text = "-- +goose Up\nSELECT 'Down';\n-- going Down\n/* \n-- +goose Downwards */\nSELECT 'markdown text';\n";
  const directed = splitGoose(text);
  expect(directed.down).toBeUndefined();
  expect(directed.up).toEqual([{ start: text.indexOf('SELECT'), end: text.length }]);
  expect(problemLines(text)).toEqual(['-- +goose Downwards */']);
});

test('accepts CRLF, other case and more spaces in directives', () => {
  const text = '--  +goose   up  \r\nSELECT 1;\r\n-- +goose DOWN\r\nSELECT 2;\r\n';
  const { up, down } = directedScripts('/f', text, splitGoose(text));
  expect([up.sql.trim(), down?.sql.trim()]).toEqual(['SELECT 1;', 'SELECT 2;']);
  expect(problemLines(text)).toEqual([]);
});

test('turns the transaction off for both directions and shows where', async () => {
  const text = `-- +goose NO TRANSACTION\n${simple}`;
  const read = await readDirectory({ '1_a.sql': text });
  const migration = read.migrations[0];
  expect([migration?.up.transaction, migration?.down?.transaction]).toEqual(['none', 'none']);
  const header = migration?.up.transactionHeader;
  expect(text.slice(header?.start, header?.end)).toBe('-- +goose NO TRANSACTION');
});

test('ends the statement of a block where the block ends, with or without a semicolon', () => {
  const text =
    '-- +goose Up\n-- +goose StatementBegin\nDO $$ BEGIN\n  PERFORM 1;\nEND $$\n-- +goose StatementEnd\nSELECT 2;\n-- +goose StatementBegin\nSELECT 3;\n-- +goose StatementEnd\n';
  const { up } = directedScripts('/f', text, splitGoose(text));
  expect(up.sql).toHaveLength(text.length);
  expect(splitStatements(up.sql).map((statement) => statement.text.split(/\s/)[0])).toEqual(['DO', 'SELECT', 'SELECT']);
  expect(problemLines(text)).toEqual([]);
});

test('reports a statement that goose cuts at a semicolon inside of it', () => {
  const text = '-- +goose Up\nCREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$\nBEGIN\n  RETURN 1;\nEND\n$$;\n';
  expect(problemLines(text)).toEqual(['  RETURN 1;']);
});

test('reports what makes goose refuse a file', () => {
  expect(problemLines('SELECT 1;\n')).toContain('SELECT 1;');
  expect(problemLines('-- +goose Down\nSELECT 1;\n')).toEqual(['-- +goose Down']);
  expect(problemLines('-- +goose Up\n-- +goose Up\n')).toEqual(['-- +goose Up']);
  expect(problemLines('-- +goose Up\nSELECT 1\n-- +goose Down\n')).toEqual(['SELECT 1']);
  expect(problemLines('-- +goose Up\n-- +goose StatementBegin\nSELECT 1;\n')).toEqual(['-- +goose StatementBegin']);
  expect(problemLines('-- +goose Up\n-- +goose StatementEnd\n')).toEqual(['-- +goose StatementEnd']);
  expect(problemLines('-- +goose Up\n-- see +goose Down\n')).toEqual(['-- see +goose Down']);
  expect(problemLines('-- +goose Up\n  -- +goose Down\n')).toEqual(['  -- +goose Down']);
});

test('shows problems of a file on their line', async () => {
  const text = '-- +goose Up\n-- +goose Sideways\n';
  const read = await readDirectory({ '1_a.sql': text });
  expect(shownOn(read.problems[0], text)).toBe('-- +goose Sideways');
});

test('adds a new down at the end of the file, with the line ends of the file', async () => {
  const text = '-- +goose Up\r\nSELECT 1;';
  const read = await readDirectory({ '1_a.sql': text });
  const migration = read.migrations[0];
  const template = migration && scriptTemplate(read, migration, 'SELECT 2;');
  if (template?.kind !== 'edit') throw new Error('no edit');
  const edited = text.slice(0, template.edit.range.start) + template.edit.newText + text.slice(template.edit.range.end);
  expect(edited).toBe('-- +goose Up\r\nSELECT 1;\r\n\r\n-- +goose Down\r\nSELECT 2;\r\n');
  const again = await readDirectory({ '1_a.sql': edited });
  expect(again.problems).toEqual([]);
  expect(again.migrations[0]?.down?.sql.trim()).toBe('SELECT 2;');
});
