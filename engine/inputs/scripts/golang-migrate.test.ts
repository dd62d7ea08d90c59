import { expect, test } from 'vitest';
import { scriptTemplate } from './index';
import { ids, problemsOf, readDirectory } from './testing/test-directories';

test('reads pairs by version, whatever the padding', async () => {
  const read = await readDirectory({
    '10_c.up.sql': 'C;',
    '2_b.up.sql': 'B;',
    '2_b.down.sql': 'b;',
    '001_a.up.sql': 'A;',
    '1_other.down.sql': 'a;',
  });
  expect(read.layout).toBe('golang-migrate');
  expect(ids(read)).toEqual(['001_a', '2_b', '10_c']);
  expect(read.migrations.map((migration) => migration.down?.text)).toEqual(['a;', 'b;', undefined]);
  expect(read.migrations[0]).toMatchObject({ version: '001', name: 'a', repeatable: false });
});

test('knows that the tool opens no transaction and sends a file at once', async () => {
  const read = await readDirectory({ '1_a.up.sql': 'A;' });
  expect(read.runner).toMatchObject({ transaction: 'none', sends: 'whole', hasDowns: true });
  expect(read.migrations[0]?.up.transaction).toBe('none');
  expect(read.migrations[0]?.up.sql).toBe('A;');
});

test('reports duplicates, orphans, files that the tool passes over and files that are not SQL', async () => {
  const read = await readDirectory({
    '1_a.up.sql': '',
    '1_b.up.sql': '',
    '3_c.down.sql': '',
    'notes.sql': '',
    'README.md': '',
    '18446744073709551616_big.up.sql': '',
    '4_d.up.sql.bak': '',
  });
  expect(problemsOf(read).sort()).toEqual([
    'duplicate-version 1_b.up.sql',
    'opaque-script 4_d.up.sql.bak',
    'orphan-down 3_c.down.sql',
    'unknown-file 18446744073709551616_big.up.sql',
    'unknown-file notes.sql',
  ]);
  expect(read.problems.find((problem) => problem.kind === 'duplicate-version')?.related?.[0]?.file).toBe('/p/m/1_a.up.sql');
  expect(ids(read)).toEqual(['1_a', '1_b']);
});

test('reads the other migrations when one file is not text', async () => {
  const read = await readDirectory({ '1_a.up.sql': Uint8Array.of(0xff, 0x41), '2_b.up.sql': 'B;', '2_b.down.sql': Uint8Array.of(0) });
  expect(ids(read)).toEqual(['2_b']);
  expect(read.migrations[0]?.down).toBeUndefined();
  expect(problemsOf(read).sort()).toEqual(['unreadable-script 1_a.up.sql', 'unreadable-script 2_b.down.sql']);
});

test('says that it is a guess when only the names speak for it, and that it is none beside a go.mod that requires it', async () => {
  const guess = await readDirectory({ '1_a.up.sql': '' });
  expect(guess.reason).toContain('sqlx');
  const sure = await readDirectory({ '1_a.up.sql': '', '/p/go.mod': 'require github.com/golang-migrate/migrate/v4 v4.17.0' });
  expect(sure.reason).toContain('/p/go.mod');
});

test('puts a new down beside the up', async () => {
  const read = await readDirectory({ '001_a.up.sql': 'A;' });
  const migration = read.migrations[0];
  expect(migration && scriptTemplate(read, migration, 'DROP TABLE a;')).toEqual({
    kind: 'file',
    file: '/p/m/001_a.down.sql',
    text: 'DROP TABLE a;\n',
  });
});

test('leaves a directory without down scripts, in which most names have no direction, to the plain layout', async () => {
  const scripts = { '1_a.up.sql': 'A;', '2_b.sql': 'B;', '3_c.sql': 'C;' };
  const mixed = await readDirectory(scripts);
  expect(mixed.layout).toBe('plain');
  expect(ids(mixed)).toEqual(['1_a', '2_b', '3_c']);
  expect(mixed.problems).toEqual([]);
  expect((await readDirectory({ ...scripts, '1_a.down.sql': '' })).layout).toBe('golang-migrate');
  expect((await readDirectory({ '1_a.up.sql': 'A;', '2_b.sql': 'B;' })).layout).toBe('golang-migrate');
  expect((await readDirectory({ ...scripts, '/p/go.mod': 'require github.com/golang-migrate/migrate/v4 v4.17.0' })).layout).toBe(
    'golang-migrate',
  );
});
