import { expect, test } from 'vitest';
import { splitDbmate } from './dbmate';
import { directedScripts } from './sections';
import { ids, problemsOf, readDirectory } from './testing/test-directories';

const simple = '-- migrate:up\nCREATE TABLE a (x int);\n\n-- migrate:down\nDROP TABLE a;\n';

function problemLines(text: string): string[] {
  return splitDbmate(text).problems.map((problem) => text.slice(problem.range.start, problem.range.end));
}

test('reads up and down of one file', async () => {
  const read = await readDirectory({ '20240101_a.sql': simple });
  expect(read.layout).toBe('dbmate');
  expect(read.problems).toEqual([]);
  expect(read.migrations[0]).toMatchObject({ id: '20240101_a', version: '20240101', name: 'a' });
  expect(read.migrations[0]?.up.sql.trim()).toBe('CREATE TABLE a (x int);');
  expect(read.migrations[0]?.down?.sql.trim()).toBe('DROP TABLE a;');
});

test('collects several pairs of one file into one migration', () => {
  const text = '-- migrate:up\nA;\n-- migrate:down\na;\n-- migrate:up\nB;\n-- migrate:down\nb;\n';
  const { up, down } = directedScripts('/f', text, splitDbmate(text));
  expect(up.sections.map((section) => text.slice(section.start, section.end))).toEqual(['A;\n', 'B;\n']);
  expect(down?.sections.map((section) => text.slice(section.start, section.end))).toEqual(['a;\n', 'b;\n']);
  expect(up.sql.replace(/\s+/g, '')).toBe('A;B;');
});

test('reads transaction:false of each direction', () => {
  const text = '-- migrate:up transaction:false\nA;\n-- migrate:down\na;\n';
  const { up, down } = directedScripts('/f', text, splitDbmate(text));
  expect([up.transaction, down?.transaction]).toEqual(['none', 'script']);
  expect(text.slice(up.transactionHeader?.start, up.transactionHeader?.end)).toBe('-- migrate:up transaction:false');
});

test('does not take lines that merely hold the words for directives', () => {
  const text = "--migrate:up\nINSERT INTO t VALUES ('\nmarkdown text,\n--migrate:downs\n');\n-- down\n";
  const directed = splitDbmate(text);
  expect(directed.down).toBeUndefined();
  expect(directed.up).toEqual([{ start: text.indexOf('INSERT'), end: text.length }]);
});

test('reports what dbmate refuses, ignores or misreads', () => {
  expect(problemLines('SELECT 1;\n-- migrate:up\n')).toEqual(['SELECT 1;']);
  expect(problemLines('-- a comment\n\n-- migrate:up\n')).toEqual([]);
  expect(problemLines('SELECT 1;')).toEqual(['SELECT 1;', 'SELECT 1;']);
  expect(problemLines('-- migrate:down\n-- migrate:up\n')).toEqual(['-- migrate:down']);
  expect(problemLines('-- migrate:up transaction: false\n')).toHaveLength(2);
  expect(problemLines('-- migrate:up\n -- migrate:down\n')).toEqual([' -- migrate:down']);
});

test('runs files in the order of their names as text and says where that is not the order of the numbers', async () => {
  const read = await readDirectory({ '10_b.sql': simple, '9_a.sql': simple, 'x.sql': '' });
  expect(ids(read)).toEqual(['10_b', '9_a']);
  expect(problemsOf(read).sort()).toEqual(['order 9_a.sql', 'unknown-file x.sql']);
});
