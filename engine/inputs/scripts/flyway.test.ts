import { expect, test } from 'vitest';
import { scriptTemplate } from './index';
import { ids, problemsOf, readDirectory } from './testing/test-directories';

test('orders versions part by part, repeatable scripts last and by name', async () => {
  const read = await readDirectory({
    'R__b.sql': '',
    'R__a.sql': '',
    'V1.10__d.sql': '',
    'V1.9__c.sql': '',
    'V1__a.sql': '',
    'sub/V1_1__b.sql': '',
  });
  expect(read.layout).toBe('flyway');
  expect(ids(read)).toEqual(['V1__a', 'V1_1__b', 'V1.9__c', 'V1.10__d', 'R__a', 'R__b']);
  expect(read.migrations.map((migration) => migration.repeatable)).toEqual([false, false, false, false, true, true]);
  expect(read.migrations[3]).toMatchObject({ version: '1.10', name: 'd' });
});

test('takes undo scripts for downs, by version', async () => {
  const read = await readDirectory({ 'V1_1__a.sql': '', 'U1.1__other.sql': 'undo', 'U2__b.sql': '' });
  expect(read.migrations[0]?.down?.text).toBe('undo');
  expect(problemsOf(read)).toEqual(['orphan-down U2__b.sql']);
});

test('reports equal versions, bad names and code, but not callbacks', async () => {
  const read = await readDirectory({
    'V1.1__a.sql': '',
    'V1_1__b.sql': '',
    'Vx__c.sql': '',
    'beforeMigrate.sql': '',
    'afterEachMigrate__x.sql': '',
    'V3__code.java': '',
  });
  expect(problemsOf(read).sort()).toEqual(['duplicate-version V1_1__b.sql', 'opaque-script V3__code.java', 'unknown-file Vx__c.sql']);
});

test('reads prefixes and the transaction from flyway.toml and flyway.conf', async () => {
  const toml = await readDirectory({
    'M1-a.sql': '',
    '/p/flyway.toml': '[flyway]\nsqlMigrationPrefix = "M"\nsqlMigrationSeparator = "-"\n',
  });
  expect(toml.layout).toBe('flyway');
  expect(toml.reason).toContain('/p/flyway.toml');
  expect(toml.migrations[0]).toMatchObject({ version: '1', name: 'a' });
  const conf = await readDirectory({
    'V1__a.ddl': '',
    '/p/flyway.conf': '# x\nflyway.sqlMigrationSuffixes=.sql,.ddl\nflyway.executeInTransaction = false\n',
  });
  expect(ids(conf)).toEqual(['V1__a']);
  expect(conf.migrations[0]?.up.transaction).toBe('none');
});

test('reads executeInTransaction from the settings of a script', async () => {
  const read = await readDirectory({
    'V1__a.sql': '',
    'V1__a.sql.conf': 'executeInTransaction=false',
    'V2__b.sql': '',
    'V3__c.sql': '',
    'V3__c.sql.conf': 'executeInTransaction=no',
  });
  expect(read.migrations.map((migration) => migration.up.transaction)).toEqual(['none', 'script', 'script']);
  expect(problemsOf(read)).toEqual(['bad-directive V3__c.sql.conf']);
});

test('leaves a baseline out while scripts of its versions are there, and starts with it otherwise', async () => {
  expect(ids(await readDirectory({ 'V1__a.sql': '', 'V2__b.sql': '', 'B2__base.sql': '', 'V3__c.sql': '' }))).toEqual([
    'V1__a',
    'V2__b',
    'V3__c',
  ]);
  expect(ids(await readDirectory({ 'V2__b.sql': '', 'B2__base.sql': '' }))).toEqual(['V2__b']);
  expect(ids(await readDirectory({ 'B1__old.sql': '', 'B2__base.sql': '', 'V3__c.sql': '' }))).toEqual(['B2__base', 'V3__c']);
});

test('names the undo script of a versioned migration, and none of a repeatable one', async () => {
  const read = await readDirectory({ 'V1__a.sql': '', 'R__b.sql': '' });
  expect(read.migrations.map((migration) => scriptTemplate(read, migration, 'X;'))).toEqual([
    { kind: 'file', file: '/p/m/U1__a.sql', text: 'X;\n' },
    undefined,
  ]);
});

test('reads versions in folders that are versions as one directory', async () => {
  const read = await readDirectory({ '4.1/V4.1_01__b.sql': '', '4.0/V4.0_01__a.sql': '' });
  expect(read.layout).toBe('flyway');
  expect(ids(read)).toEqual(['V4.0_01__a', 'V4.1_01__b']);
});
