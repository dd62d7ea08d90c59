import { expect, it } from 'vitest';
import { refusal } from './refusal';

it.each([
  'COPY t FROM STDIN',
  'copy t (a, b) from stdin with (format csv)',
  "COPY t TO PROGRAM 'gzip'",
  "CREATE SUBSCRIPTION s CONNECTION 'host=x' PUBLICATION p",
  '/* seed */ COPY t\n-- rows follow\nFROM STDIN',
])('refuses %s wherever it stands', (sql) => {
  expect(refusal(sql, true)?.gaveUp).toBe('refused');
  expect(refusal(sql, false)?.gaveUp).toBe('refused');
});

it.each([
  "ALTER SYSTEM SET work_mem = '1MB'",
  'CREATE DATABASE d',
  'DROP DATABASE d',
  'ALTER DATABASE d RENAME TO e',
  "CREATE TABLESPACE s LOCATION '/x'",
])('leaves %s to the server inside a transaction block, which forbids it', (sql) => {
  expect(refusal(sql, false)?.gaveUp).toBe('refused');
  expect(refusal(sql, true)).toBeUndefined();
});

it.each([
  "COPY t FROM '/dev/null'",
  'COPY t TO STDOUT',
  "INSERT INTO t VALUES ('copy x from stdin')",
  'CREATE TABLE copy_from_stdin (a int)',
  'SELECT $$COPY t FROM STDIN$$',
])('runs %s', (sql) => {
  expect(refusal(sql, false)).toBeUndefined();
});
