import { beforeAll, expect, it } from 'vitest';
import { dataLosses } from './data-losses';
import { loadSqlParser } from './library';
import { parseStatements } from './parser';

beforeAll(() => loadSqlParser());

const lossesOf = (...scripts: string[]) => dataLosses(scripts.map((sql) => parseStatements(sql)));

it('names tables, columns and rows', () => {
  expect(
    lossesOf(
      'DROP TABLE a, app."B"; ALTER TABLE public.t DROP COLUMN x, DROP "Y";',
      'TRUNCATE a; DELETE FROM t WHERE x; DROP SCHEMA s CASCADE;',
    ),
  ).toEqual([
    ['table a', 'table app."B"', 'column t.x', 'column t."Y"'],
    ['rows of a', 'rows of t', 'schema s'],
  ]);
});

it('looks into DO blocks, and not into functions that are only created', () => {
  expect(lossesOf('DO $$ BEGIN DELETE FROM t; END $$;')).toEqual([['rows of t']]);
  expect(lossesOf('CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN DELETE FROM t; END $$;')).toEqual([[]]);
});

it('leaves out what the scripts made themselves', () => {
  expect(
    lossesOf(
      'CREATE TABLE a (id int); ALTER TABLE t ADD COLUMN x int;',
      'DROP TABLE a; ALTER TABLE t DROP COLUMN x; DROP INDEX i; DROP VIEW v;',
    ),
  ).toEqual([[], []]);
});
