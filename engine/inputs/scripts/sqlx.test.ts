import { expect, test } from 'vitest';
import { ids, problemsOf, readDirectory } from './testing/test-directories';

const cargo = { '/p/Cargo.toml': '[dependencies]\nsqlx = { version = "0.8", features = ["postgres"] }\n' };

test('is chosen over golang-migrate where a Cargo.toml or offline data show it', async () => {
  expect((await readDirectory({ '1_a.up.sql': '', ...cargo })).layout).toBe('sqlx');
  expect((await readDirectory({ '1_a.sql': '', '/p/Cargo.toml': '[dependencies.sqlx]\nversion = "0.8"' })).layout).toBe('sqlx');
  expect((await readDirectory({ '1_a.sql': '', '/p/.sqlx/query-1.json': '{}' })).layout).toBe('sqlx');
  expect((await readDirectory({ '1_a.up.sql': '', '/p/Cargo.toml': '[dependencies]\ndiesel = "2"' })).layout).toBe('golang-migrate');
});

test('reads simple and reversible migrations together', async () => {
  const read = await readDirectory({ '2_b.sql': 'B;', '1_a.up.sql': 'A;', '1_a.down.sql': 'a;', ...cargo });
  expect(ids(read)).toEqual(['1_a', '2_b']);
  expect(read.migrations.map((migration) => migration.down?.text)).toEqual(['a;', undefined]);
  expect(read.migrations[0]?.up.transaction).toBe('script');
});

test('turns the transaction off by the very first characters only', async () => {
  const read = await readDirectory({
    '1_a.sql': '-- no-transaction\r\nX;',
    '2_b.sql': '\n-- no-transaction\nX;',
    '3_c.sql': '\uFEFF-- no-transaction\nX;',
    ...cargo,
  });
  expect(read.migrations.map((migration) => migration.up.transaction)).toEqual(['none', 'script', 'none']);
  const up = read.migrations[0]?.up;
  expect(up?.text.slice(up.transactionHeader?.start, up.transactionHeader?.end)).toBe('-- no-transaction');
});

test('reports versions that make sqlx fail and names that it passes over', async () => {
  const read = await readDirectory({ '1_a.sql': '', 'x_b.sql': '', 'c.sql': '', '9223372036854775808_d.sql': '', ...cargo });
  expect(problemsOf(read).sort()).toEqual(['unknown-file 9223372036854775808_d.sql', 'unknown-file c.sql', 'unknown-file x_b.sql']);
});

test.each([
  ['names', '/p/sqlx.toml', '[migrate]\ncreate-schemas = ["accounts"]\n', ['accounts']],
  ['names nothing', '/p/sqlx.toml', '[migrate]\n', []],
  ['is no TOML', '/p/sqlx.toml', '[migrate', []],
  ['is of another crate', '/sqlx.toml', '[migrate]\ncreate-schemas = ["accounts"]\n', []],
])('makes the schemas that a sqlx.toml %s', async (_what, path, text, schemas) => {
  expect((await readDirectory({ '1_a.sql': '', ...cargo, [path]: text })).runner.schemas).toEqual(schemas);
});
