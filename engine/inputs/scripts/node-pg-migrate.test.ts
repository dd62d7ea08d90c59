import { expect, test } from 'vitest';
import { scriptTemplate } from './index';
import { splitNodePgMigrate } from './node-pg-migrate';
import { directedScripts } from './sections';
import { ids, problemsOf, readDirectory } from './testing/test-directories';

const scripts = (text: string) => directedScripts('/f', text, splitNodePgMigrate(text));

test('reads both directions of one file, in either order', () => {
  const upFirst = scripts('-- Up Migration\nA;\n-- Down Migration\na;\n');
  expect([upFirst.up.sql.trim(), upFirst.down?.sql.trim()]).toEqual(['A;', 'a;']);
  const downFirst = scripts('\r\n--- down migration\r\na;\r\n  -- UP   Migration here\r\nA;\r\n');
  expect([downFirst.up.sql.trim(), downFirst.down?.sql.trim()]).toEqual(['A;', 'a;']);
});

test('takes a file without lines for the tool as up', () => {
  const { up, down } = scripts('A;\n-- tear down the migration\n');
  expect(up.sql).toBe('A;\n-- tear down the migration\n');
  expect(down).toBeUndefined();
});

test('runs all of a file that has only a down line, as the tool does, and says so', () => {
  const text = 'A;\n-- Down Migration\na;\n';
  const directed = splitNodePgMigrate(text);
  expect(directed.problems.map((problem) => text.slice(problem.range.start, problem.range.end))).toEqual(['-- Down Migration']);
  expect(scripts(text).up.sql).toBe(text);
  expect(scripts(text).down?.sql.trim()).toBe('a;');
});

test('turns at the first line of each kind only and reports SQL before them', () => {
  const text = 'X;\n-- Up Migration\nA;\n-- Down Migration\na;\n-- Up Migration\nb;\n';
  const { up, down } = scripts(text);
  expect(up.sql.trim()).toBe('A;');
  expect(down?.sql.replace(/\s+/g, ' ').trim()).toBe('a; -- Up Migration b;');
  expect(splitNodePgMigrate(text).problems).toHaveLength(1);
});

test('orders times of 13 and 17 digits together, reads pairs and reports code', async () => {
  const read = await readDirectory({
    '/p/package.json': '{ "devDependencies": { "node-pg-migrate": "^7.0.0" } }',
    '1591000000000_b.sql': '-- Up Migration\nB;\n',
    '20200513070724505_a.up.sql': 'A;',
    '20200513070724505_a.down.sql': 'a;',
    '1700000000000_c.ts': '',
    '1700000000001_d.down.sql': '',
    '.hidden.sql': '',
  });
  expect(read.layout).toBe('node-pg-migrate');
  expect(ids(read)).toEqual(['20200513070724505_a', '1591000000000_b']);
  expect(read.migrations[0]?.down?.text).toBe('a;');
  expect(problemsOf(read).sort()).toEqual(['opaque-script 1700000000000_c.ts', 'orphan-down 1700000000001_d.down.sql']);
});

test('adds a new down to the file, or a file to a pair', async () => {
  const read = await readDirectory({ '1_a.sql': '-- Up Migration\nA;\n', '2_b.up.sql': 'B;' }, 'node-pg-migrate');
  const [first, second] = read.migrations.map((migration) => scriptTemplate(read, migration, 'X;'));
  expect(first).toMatchObject({ kind: 'edit', edit: { newText: '\n-- Down Migration\nX;\n' } });
  expect(second).toEqual({ kind: 'file', file: '/p/m/2_b.down.sql', text: 'X;\n' });
});
