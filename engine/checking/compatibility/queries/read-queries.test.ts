import { expect, it } from 'vitest';
import { memoryFiles } from '../../../host/memory-files';
import { readQueries } from './read-queries';

const select = (table: string): string => `SELECT a FROM ${table};\n`;

it('reads files and folders in the order of the paths and tells which are not there', async () => {
  const files = memoryFiles({
    '/project/queries/b.sql': select('b'),
    '/project/queries/deep/a.sql': select('a'),
    '/project/queries/deep/read.me': select('none'),
    '/project/one.sql': select('one'),
  });
  const { release, queries, missing, unusable } = await readQueries(
    '1.1.0',
    ['./one.sql', 'gone', 'queries/', 'one.sql'],
    '/project',
    files,
  );
  expect([release, missing, unusable]).toEqual(['1.1.0', ['gone'], []]);
  expect(queries.map(({ name, file }) => [name, file])).toEqual([
    ['one.sql:1', '/project/one.sql'],
    ['b.sql:1', '/project/queries/b.sql'],
    ['a.sql:1', '/project/queries/deep/a.sql'],
  ]);
});

it('leaves dependencies, build results, migrations and tests out of folders, but not what is named itself', async () => {
  const skipped = [
    'node_modules/pg/index.js',
    '.git/hook.sql',
    'target/a.sql',
    'dist/a.js',
    'vendor/a.go',
    'build/a.sql',
    'migrations/1.sql',
    'tests/a.sql',
    'src/a_test.go',
    'src/a.test.ts',
    'src/test_a.py',
    'src/ATest.java',
  ];
  const code = 'db.Query("SELECT 1"); db.query("SELECT 1"); @SqlQuery("SELECT 1")';
  const texts = Object.fromEntries(skipped.map((name) => [`/project/${name}`, name.endsWith('.sql') ? 'SELECT 1' : code]));
  const files = memoryFiles({ ...texts, '/project/src/contest.sql': 'SELECT 1' });
  const whole = await readQueries('1', ['.'], '/project', files);
  expect(whole.queries.map(({ file }) => file)).toEqual(['/project/src/contest.sql']);
  const named = await readQueries('1', ['migrations', 'src/a.test.ts'], '/project', files);
  expect(named.queries.map(({ file }) => file)).toEqual(['/project/migrations/1.sql', '/project/src/a.test.ts']);
});

it('follows the files that code includes, from the folder of the package', async () => {
  const code = 'fn f() {\n  query_file!("queries/list.sql", 1);\n  query_file_as!(Row, "queries/gone.sql");\n}\n';
  const files = memoryFiles({
    '/project/server/Cargo.toml': '',
    '/project/server/src/deep/list.rs': code,
    '/project/server/queries/list.sql': 'SELECT a FROM t WHERE b = $1',
  });
  const { queries, unusable } = await readQueries('1', ['server/src'], '/project', files);
  expect(queries.map(({ name, sql }) => [name, sql])).toEqual([['list.sql:1', 'SELECT a FROM t WHERE b = $1']]);
  expect(unusable.map(({ range, reason }) => [code.slice(range.start, range.end), reason])).toEqual([
    ['"queries/gone.sql"', 'There is no file gone.sql at queries/gone.sql in the package.'],
  ]);
});

it('tells what is too large or no text, and reads the rest', async () => {
  const files = memoryFiles({
    '/project/a.sql': `${select('a')}${'-- x\n'.repeat(500_000)}`,
    '/project/b.sql': new Uint8Array([0x53, 0, 0, 0xff, 0xfe]),
    '/project/c.sql': select('c'),
  });
  const { queries, unusable } = await readQueries('1', ['.'], '/project', files);
  expect(queries.map(({ name }) => name)).toEqual(['c.sql:1']);
  expect(unusable.map(({ file }) => file)).toEqual(['/project/a.sql', '/project/b.sql']);
  expect(unusable[0]?.reason).toBe('It is larger than 2 MB and was not read.');
});

it('stops after 5,000 files and says so', async () => {
  const files = memoryFiles(Object.fromEntries(Array.from({ length: 5003 }, (_, index) => [`/p/${index}.sql`, ''])));
  const { unusable } = await readQueries('1', ['.'], '/p', { ...files, readText: async () => '' });
  expect(unusable.map(({ file, reason }) => [file, reason])).toEqual([
    ['/p', 'It contains more than 5,000 files that may have queries; the rest was not read.'],
  ]);
});

it('looks again at a file whose text changed', async () => {
  const files = memoryFiles({ '/project/a.sql': select('a') });
  const first = await readQueries('1', ['a.sql'], '/project', files);
  expect((await readQueries('2', ['a.sql'], '/project', files)).queries[0]).toBe(first.queries[0]);
  await files.write('/project/a.sql', select('other'));
  expect((await readQueries('1', ['a.sql'], '/project', files)).queries[0]?.sql).toBe('SELECT a FROM other');
});
