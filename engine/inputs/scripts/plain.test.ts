import { expect, test } from 'vitest';
import { ids, problemsOf, readDirectory } from './testing/test-directories';

test('reads numbered files with the downs and verifications beside them', async () => {
  const read = await readDirectory({
    '0010_c.sql': '',
    '0002_b.sql': 'B;',
    '0002_b.down.sql': 'b;',
    '0002_b.verify.sql': 'v;',
    '1.sql': '',
    'seed.sql': '',
  });
  expect(read.layout).toBe('plain');
  expect(ids(read)).toEqual(['1', '0002_b', '0010_c']);
  expect(read.migrations[1]).toMatchObject({
    version: '0002',
    name: 'b',
    up: { text: 'B;' },
    down: { text: 'b;' },
    verify: { text: 'v;' },
  });
  expect(problemsOf(read)).toEqual(['unknown-file seed.sql']);
});

test('runs a script in a transaction unless its first line says otherwise', async () => {
  const read = await readDirectory({ '1_a.sql': 'A;', '2_b.sql': '-- no-transaction\nB;' });
  expect(read.migrations.map((migration) => migration.up.transaction)).toEqual(['script', 'none']);
});

test('compares dates, times and numbers with parts as one version', async () => {
  const read = await readDirectory({
    '20220329-030000.sql': '',
    '20220329-020000.sql': '',
    '20220329_010000_c.sql': '',
  });
  expect(read.migrations.map(({ version }) => version)).toEqual(['20220329_010000', '20220329-020000', '20220329-030000']);
  expect(problemsOf(read)).toEqual([]);
  expect(ids(await readDirectory({ '1.10_b.sql': '', '1.9_a.sql': '', '2017-08-22_a.sql': '' }))).toEqual([
    '1.9_a',
    '1.10_b',
    '2017-08-22_a',
  ]);
});

test('orders files that share a number by their whole names', async () => {
  const two = await readDirectory({ '1_a.sql': '', '2_c.sql': '', '2_b.sql': '' });
  expect([problemsOf(two), ids(two)]).toEqual([[], ['1_a', '2_b', '2_c']]);
  const own = { '15_a.sql': '', '15_b.sql': '', '15_c.sql': '', '16_d.sql': '' };
  expect(problemsOf(await readDirectory(own))).toEqual([]);
  expect(ids(await readDirectory(own))).toEqual(['15_a', '15_b', '15_c', '16_d']);
});

test('reads scripts in folders that are versions, by folder', async () => {
  const read = await readDirectory({
    '0.10/00_b.sql': 'B;',
    '0.9/01_c.sql': '',
    '0.9/00_a.sql': '',
    '0.9/00_a.down.sql': '',
    'LATEST.sql': '',
  });
  expect(ids(read)).toEqual(['0.9/00_a', '0.9/01_c', '0.10/00_b']);
  expect(read.migrations[0]?.down?.file).toBe('/p/m/0.9/00_a.down.sql');
  expect(problemsOf(read)).toEqual([]);
});

test.each([
  ['a letter', ['V0001.Name.up.sql', 'V0001.Name.down.sql'], 'V0001.Name'],
  ['words', ['0001_name_up.sql', '0001_name_down.sql'], '0001_name'],
  ['postgrator', ['001.do.name.sql', '001.undo.name.sql'], '001.name'],
  ['rollbacks', ['0001.name.sql', '0001.name.rollback.sql'], '0001.name'],
  ['twenty digits', ['20150100000001000000_n.up.sql', '20150100000001000000_n.down.sql'], '20150100000001000000_n'],
  ['databases', ['1_n.postgres.up.sql', '1_n.mysql.up.sql', '1_n.up.sql', '1_n.mysql.down.sql', '1_n.down.sql'], '1_n'],
])('finds the pairs of names with %s', async (_what, [up = '', ...others], id) => {
  const read = await readDirectory(Object.fromEntries([up, ...others].map((name) => [name, `-- ${name}`])));
  expect(read.layout).toBe('plain');
  expect(read.migrations.map((migration) => [migration.id, migration.up.text, migration.down?.text])).toEqual([
    [id, `-- ${up}`, `-- ${others.at(-1)}`],
  ]);
  expect(problemsOf(read)).toEqual([]);
});

test('reads files for one database beside those for every database', async () => {
  const read = await readDirectory({
    '72/01_a.sql': 'A;',
    '72/02_b.sql.postgres': 'B;',
    '72/02_b.sql.sqlite': 'PRAGMA b;',
    '73/01_c.sql': 'C;',
    '73/01_c.sql.postgres': 'C2;',
    '73/02_d.sql.sqlite': 'D;',
  });
  expect(read.migrations.map(({ id, up }) => `${id} ${up.text}`)).toEqual([
    '72/01_a A;',
    '72/02_b.sql.postgres B;',
    '73/01_c C;',
    '73/01_c.sql.postgres C2;',
  ]);
  expect(problemsOf(read)).toEqual([]);
});

test('leaves a name that ends in down alone', async () => {
  expect(ids(await readDirectory({ '1_scale_up.sql': '', '2_scale_down.sql': '' }))).toEqual(['1_scale_up', '2_scale_down']);
});

test('runs what is named autocommit outside a transaction', async () => {
  const read = await readDirectory({ '1_a.postgres.autocommit.up.sql': 'A;', '1_a.sqlite.up.sql': '' });
  expect(read.migrations[0]).toMatchObject({ id: '1_a', up: { text: 'A;', transaction: 'none' } });
});

test.each([
  ['sql-migrate', '-- +migrate Up\nA;\n-- +migrate Down\nB;\n'],
  ['tern', 'A;\n---- create above / drop below ----\nB;\n'],
  ['Play', '# --- !Ups\nA;\n# --- !Downs\nB;\n'],
  ['MyBatis', '-- // title\nA;\n-- //@UNDO\nB;\n'],
])('parts a file as %s does', async (_tool, text) => {
  const [migration] = (await readDirectory({ '1_a.sql': text })).migrations;
  expect(migration?.up.sql.trim().replace(/^-- .*\n/, '')).toBe('A;');
  expect(migration?.down?.sql.trim()).toBe('B;');
});

test('says which migrations are in code', async () => {
  const read = await readDirectory({ '1_a.up.sql': '', '2_b.up.go': '', '2_b.down.sql': '', '3_c.py': '', '3_test.spec.ts': '' });
  expect(problemsOf(read).sort()).toEqual(['opaque-script 2_b.up.go', 'opaque-script 3_c.py']);
});

test('knows the header of postgres-migrations', async () => {
  const read = await readDirectory({ '1_a.sql': '-- postgres-migrations disable-transaction\nSELECT 1;\n', '2_b.sql': 'SELECT 1;\n' });
  expect(read.migrations.map(({ up }) => up.transaction)).toEqual(['none', 'script']);
});
