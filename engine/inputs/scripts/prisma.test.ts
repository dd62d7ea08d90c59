import { expect, test } from 'vitest';
import { scriptTemplate } from './index';
import { ids, problemsOf, readDirectory } from './testing/test-directories';

test('reads folders in the order of their names', async () => {
  const read = await readDirectory({
    'migration_lock.toml': 'provider = "postgresql"',
    '20240201000000_b/migration.sql': 'B;',
    '20240101000000_a/migration.sql': 'A;',
  });
  expect(read.layout).toBe('prisma');
  expect(ids(read)).toEqual(['20240101000000_a', '20240201000000_b']);
  expect(read.migrations[0]).toMatchObject({ version: '20240101000000', name: 'a', up: { transaction: 'none' } });
  expect(read.runner).toMatchObject({ transaction: 'none', sends: 'whole', hasDowns: false });
});

test('is recognised by folder names alone', async () => {
  expect((await readDirectory({ '20240101000000_a/migration.sql': '' })).layout).toBe('prisma');
});

test('reads a down.sql that is there but proposes none', async () => {
  const read = await readDirectory({
    'migration_lock.toml': '',
    '20240101000000_a/migration.sql': '',
    '20240101000000_a/down.sql': 'x',
    '20240102000000_b/migration.sql': '',
  });
  expect(read.migrations[0]?.down?.text).toBe('x');
  expect(read.migrations[1] && scriptTemplate(read, read.migrations[1])).toBeUndefined();
});

test('reports a folder without migration.sql and files beside the folders', async () => {
  const read = await readDirectory({ 'migration_lock.toml': '', '20240101000000_a/x.txt': '', 'b.sql': '' });
  expect(problemsOf(read).sort()).toEqual(['unknown-file b.sql', 'unreadable-script 20240101000000_a/migration.sql']);
});

test('tells a migration in code from a folder without one', async () => {
  const read = await readDirectory({ 'migration_lock.toml': '', '20240101000000_a/migration.ts': '', '20240102000000_b/notes.md': '' });
  expect(problemsOf(read)).toEqual(['opaque-script 20240101000000_a/migration.ts', 'unreadable-script 20240102000000_b/migration.sql']);
});
