import { expect, it } from 'vitest';
import { check } from '../postgresql/execution/duplicate-column';
import { check as missingDown } from '../postgresql/rollback/missing-down';
import { manifestCheck } from './manifest-check';
import { fileCheck, sqlCheck } from './sql-check';

const { reports, silentOn, afterFix } = sqlCheck(check, 'CREATE TABLE t (id int PRIMARY KEY, a int);');
const twice = 'UPDATE t SET a = 1, a = 1;\n';
const marked = `${twice}--                  ^ duplicate-column\n`;

it('compares findings with marker lines, of which there must be one', async () => {
  expect(await reports(marked)).toHaveLength(1);
  await expect(reports(twice)).rejects.toThrow('marker lines');
  await expect(reports(`${marked}${twice}`)).rejects.toThrow();
  await expect(reports(marked.replace('a = 1, a', 'id = 1, a'))).rejects.toThrow();
});

it('fails on findings where none are expected, also of other checks', async () => {
  await silentOn('UPDATE t SET a = 1;');
  await expect(silentOn(twice)).rejects.toThrow();
  const down = { '0001_base.down.sql': 'DROP TABLE t;' };
  await expect(
    sqlCheck(check, down).silentOn({ '0001_base.up.sql': 'CREATE TABLE t ();', '0002_b.up.sql': 'SELECT 1;' }, { also: [missingDown] }),
  ).rejects.toThrow();
});

it('applies a fix, after which nothing may be left', async () => {
  expect(await afterFix(twice)).toBe('UPDATE t SET a = 1;\n');
  await expect(afterFix('UPDATE t SET a = 1, a = 2;')).rejects.toThrow('there is no fix');
  await expect(afterFix(twice + twice)).rejects.toThrow();
  expect(await afterFix(twice + twice, { all: true })).toBe('UPDATE t SET a = 1;\nUPDATE t SET a = 1;\n');
  await expect(afterFix('SELECT 1;')).rejects.toThrow();
});

it('runs nothing for files, and refuses to call an invalid manifest silent', async () => {
  const [finding] = await fileCheck(check, 'CREATE TABLE t (a int);').findingsIn(twice);
  expect(finding?.verified).toBe(false);
  await expect(manifestCheck(check).silentOn('releases: 1\n')).rejects.toThrow();
});
