import { describe, expect, test } from 'vitest';
import { parseSql } from './parse-sql';
import type { UnitsOptions } from '../../execution';
import { unitsOf } from './script-units';

const inTransaction: UnitsOptions = { transaction: 'script', sends: 'whole' };
const oneByOne: UnitsOptions = { transaction: 'none', sends: 'statements' };
const asMessage: UnitsOptions = { transaction: 'none', sends: 'whole' };

async function units(sql: string, options: UnitsOptions) {
  const outcome = unitsOf(sql, await parseSql(sql), options);
  return outcome.ok ? outcome.value.map(({ sql: text, transactional }) => ({ sql: text, transactional })) : outcome.problem.code;
}

describe('cutting a script into what is journaled on its own', () => {
  test('keeps a script in one transaction whole, byte for byte', async () => {
    const sql = '-- first\r\ncreate table a ();\r\ncreate table b ();';
    expect(await units(sql, inTransaction)).toEqual([{ sql, transactional: true }]);
  });

  test('keeps a script that is sent as one message whole, because the server makes it one transaction', async () => {
    const sql = 'create table a (); create table b ();';
    expect(await units(sql, asMessage)).toEqual([{ sql, transactional: true }]);
  });

  test('gives each statement of a tool without transactions a transaction of its own', async () => {
    expect(await units('create table a (); create table b ();', oneByOne)).toEqual([
      { sql: 'create table a ()', transactional: true },
      { sql: 'create table b ()', transactional: true },
    ]);
  });

  test('takes a concurrent index out of the transaction whatever the tool does', async () => {
    expect(await units('create table a (b int); create index concurrently i on a (b);', inTransaction)).toEqual([
      { sql: 'create table a (b int)', transactional: true },
      { sql: 'create index concurrently i on a (b)', transactional: false },
    ]);
  });

  test('makes one unit of a BEGIN ... COMMIT block, with its isolation level', async () => {
    const sql = 'begin isolation level serializable; create table a (); savepoint s; create table b (); commit; vacuum a;';
    expect(await units(sql, oneByOne)).toEqual([
      {
        sql: 'SET TRANSACTION isolation level serializable;\ncreate table a ();\nsavepoint s;\ncreate table b ();',
        transactional: true,
      },
      { sql: 'vacuum a', transactional: false },
    ]);
  });

  test('knows a procedure and a DO block that may commit', async () => {
    expect(await units('call p(); do $$ begin commit; end $$; do $$ begin perform 1; end $$;', oneByOne)).toMatchObject([
      { transactional: false },
      { transactional: false },
      { transactional: true },
    ]);
  });

  test('refuses what only psql can run and a transaction that the script rolls back', async () => {
    expect(await units('\\connect other\n', oneByOne)).toBe('plan-invalid');
    expect(await units('begin; create table a (); rollback;', oneByOne)).toBe('plan-invalid');
    expect(await units('begin; create index concurrently i on a (b); commit;', oneByOne)).toBe('plan-invalid');
  });
});
