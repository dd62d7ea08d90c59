import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { ids, problemsOf, readDirectory } from './testing/test-directories';

const sum = { 'atlas.sum': 'h1:x=\n' };

test('reads files in the order of their names', async () => {
  const read = await readDirectory({ ...sum, '20240201_b.sql': 'B;', '20240101.sql': 'A;' });
  expect(read.layout).toBe('atlas');
  expect(ids(read)).toEqual(['20240101', '20240201_b']);
  expect(read.migrations[1]).toMatchObject({ version: '20240201', name: 'b', down: undefined, up: { transaction: 'script', sql: 'B;' } });
});

test('reads txmode only from a head that a blank line ends', async () => {
  const read = await readDirectory({
    ...sum,
    '1.sql': '-- atlas:txmode none\n\nX;',
    '2.sql': '-- atlas:txmode none\nX;',
    '3.sql': '-- a\r\n-- atlas:txmode none\r\n\r\nX;',
    '4.sql': '-- atlas:txmode sometimes\n\nX;',
    '5.sql': 'X;\n\n-- atlas:txmode none\n\n',
  });
  expect(read.migrations.map((migration) => migration.up.transaction)).toEqual(['none', 'script', 'none', 'script', 'script']);
  expect(problemsOf(read)).toEqual(['bad-directive 2.sql', 'bad-directive 4.sql']);
});

test('takes up and down from a txtar file and leaves its checks out', async () => {
  const text = '-- atlas:txtar\n\n-- checks.sql --\nSELECT 1;\n-- migration.sql --\nA;\n-- down.sql --\na;\n';
  const read = await readDirectory({ ...sum, '1.sql': text });
  expect(read.migrations[0]?.up.sql.trim()).toMatch(/^-- atlas:txtar\s+A;$/);
  expect(read.migrations[0]?.down?.sql.trim()).toBe('a;');
});

test('leaves a checkpoint out behind the files that it repeats', async () => {
  const checkpoint = '-- atlas:checkpoint\n\nALL;';
  expect(ids(await readDirectory({ ...sum, '1.sql': 'A;', '2_check.sql': checkpoint, '3.sql': 'C;' }))).toEqual(['1', '3']);
  expect(ids(await readDirectory({ ...sum, '2_check.sql': checkpoint, '3.sql': 'C;' }))).toEqual(['2_check', '3']);
});

test('leaves directories of other tools that only have an atlas.sum to those tools', async () => {
  expect((await readDirectory({ ...sum, '1_a.up.sql': '' })).layout).toBe('golang-migrate');
  expect((await readDirectory({ ...sum, '1_a.sql': '-- +goose Up\n' })).layout).toBe('goose');
  expect((await readDirectory({ ...sum, 'V1__a.sql': '' })).layout).toBe('flyway');
});

test('says where the directory is not what its sum says', async () => {
  const files = { '1_a.sql': 'CREATE TABLE a (id int);\n', '2_b.sql': 'CREATE TABLE b (id int);\n' };
  const line = (name: string, ...parts: string[]) => `${name} h1:${createHash('sha256').update(parts.join('')).digest('base64')}\n`;
  const texts = Object.entries(files).flat();
  const whole = `h1:x=\n${line('1_a.sql', ...texts.slice(0, 2))}${line('2_b.sql', ...texts)}`;
  const problems = async (entries: Record<string, string>) => problemsOf(await readDirectory(entries));
  expect(await problems({ ...files, 'atlas.sum': whole })).toEqual([]);
  expect(await problems({ '1_a.sql': files['1_a.sql'].replace('\n', '\r\n'), '2_b.sql': files['2_b.sql'], 'atlas.sum': whole })).toEqual(
    [],
  );
  expect(await problems({ ...files, '1_a.sql': 'CREATE TABLE a (id bigint);\n', 'atlas.sum': whole })).toEqual(['checksum 1_a.sql']);
  expect(await problems({ ...files, '3_c.sql': 'SELECT 1;', 'atlas.sum': whole })).toEqual(['checksum 3_c.sql']);
  expect(await problems({ '2_b.sql': files['2_b.sql'], 'atlas.sum': whole })).toEqual(['checksum atlas.sum']);
  expect(await problems({ '1_a.sql': files['1_a.sql'], 'atlas.sum': whole })).toEqual(['checksum atlas.sum']);
  const ignored = { '0_seed.sql': '-- atlas:sum ignore\n\nSELECT 1;' };
  expect(
    await problems({ ...ignored, '1_a.sql': files['1_a.sql'], 'atlas.sum': line('1_a.sql', '0_seed.sql', ...texts.slice(0, 2)) }),
  ).toEqual([]);
});
