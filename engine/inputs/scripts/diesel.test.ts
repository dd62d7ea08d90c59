import { expect, test } from 'vitest';
import { scriptTemplate } from './index';
import { ids, problemsOf, readDirectory } from './testing/test-directories';

test('orders folders by version without dashes, the initial setup first', async () => {
  const read = await readDirectory({
    '2017-01-01-000000_b/up.sql': 'B;',
    '2017-01-01-000000_b/down.sql': 'b;',
    '20160101000000_a/up.sql': 'A;',
    '00000000000000_diesel_initial_setup/up.sql': 'S;',
    '.hidden/up.sql': '',
  });
  expect(read.layout).toBe('diesel');
  expect(ids(read)).toEqual(['00000000000000_diesel_initial_setup', '20160101000000_a', '2017-01-01-000000_b']);
  expect(read.migrations[2]).toMatchObject({ version: '2017-01-01-000000', name: 'b', down: { text: 'b;' } });
  expect(read.migrations[1]?.down).toBeUndefined();
});

test('wraps scripts in a transaction unless metadata.toml says otherwise', async () => {
  const read = await readDirectory({
    '1_a/up.sql': '',
    '1_a/down.sql': '',
    '1_a/metadata.toml': '# reason\nrun_in_transaction = false\n',
    '2_b/up.sql': '',
    '2_b/metadata.toml': 'run_in_transaction = true',
    '3_c/up.sql': '',
  });
  expect(read.runner).toMatchObject({ transaction: 'script', sends: 'whole' });
  expect(read.migrations.map((migration) => migration.up.transaction)).toEqual(['none', 'script', 'script']);
  expect(read.migrations[0]?.down?.transaction).toBe('none');
});

test('reports settings that Diesel ignores, strays, duplicates and downs without up', async () => {
  const read = await readDirectory({
    '1_a/up.sql': '',
    '1_a/metadata.toml': 'run_in_transaction = ',
    '1_a/extra.sql': '',
    '2020-01_b/up.sql': '',
    '202001_c/up.sql': '',
    '3_d/down.sql': '',
    'dump.sql': '',
  });
  expect(problemsOf(read).sort()).toEqual([
    'bad-directive 1_a/metadata.toml',
    'duplicate-version 202001_c/up.sql',
    'orphan-down 3_d/down.sql',
    'unknown-file 1_a/extra.sql',
    'unknown-file dump.sql',
  ]);
});

test('puts a new down into the folder of the up', async () => {
  const read = await readDirectory({ '1_a/up.sql': '' });
  const migration = read.migrations[0];
  expect(migration && scriptTemplate(read, migration)).toEqual({ kind: 'file', file: '/p/m/1_a/down.sql', text: '-- Undoes 1_a.\n' });
});
