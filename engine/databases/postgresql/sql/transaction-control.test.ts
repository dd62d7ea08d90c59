import { beforeAll, describe, expect, it } from 'vitest';
import { loadSqlParser } from './library';
import { parseStatements } from './parser';
import type { ParsedStatement } from './statement';
import { openedAfter, openedAtStart, transactionControl, transactionStatement } from './transaction-control';

beforeAll(loadSqlParser);

function parsed(sql: string): ParsedStatement {
  const [statement] = parseStatements(sql);
  if (!statement?.node) throw new Error(`does not parse: ${sql}: ${statement?.error?.message}`);
  return statement;
}

describe('transactionControl', () => {
  it.each([
    ['BEGIN', 'begin'],
    ['START TRANSACTION READ ONLY', 'begin'],
    ['COMMIT', 'commit'],
    ['END', 'commit'],
    ["PREPARE TRANSACTION 'x'", 'commit'],
    ['ROLLBACK', 'rollback'],
    ['ABORT', 'rollback'],
    ['SAVEPOINT a', 'savepoint'],
    ['RELEASE a', 'savepoint'],
    ['ROLLBACK TO SAVEPOINT a', 'savepoint'],
    ["COMMIT PREPARED 'x'", undefined],
    ['SELECT 1', undefined],
  ])('reads %s as %s', (sql, control) => {
    const statement = parsed(sql);
    expect(statement.node && transactionControl(statement.node)).toBe(control);
    expect(transactionStatement(statement)?.control).toBe(control);
  });
});

it('reads what a statement of transaction control states', () => {
  expect(transactionStatement(parsed('BEGIN WORK ISOLATION LEVEL SERIALIZABLE'))).toMatchObject({ modes: 'ISOLATION LEVEL SERIALIZABLE' });
  expect(transactionStatement(parsed('START TRANSACTION READ ONLY'))).toMatchObject({ modes: 'READ ONLY' });
  expect(transactionStatement(parsed('COMMIT AND CHAIN'))).toMatchObject({ control: 'commit', modes: '', chains: true, prepares: false });
  expect(transactionStatement(parsed("PREPARE TRANSACTION 'x'"))).toMatchObject({ control: 'commit', chains: false, prepares: true });
});

it('tells who opened the transaction that a statement finds', () => {
  expect(openedAtStart({ transaction: 'script', sends: 'whole' }, 2)).toBe('runner');
  expect(openedAtStart({ transaction: 'none', sends: 'whole' }, 2)).toBe('message');
  expect(openedAtStart({ transaction: 'none', sends: 'whole' }, 1)).toBe('none');
  expect(openedAtStart({ transaction: 'none', sends: 'statements' }, 2)).toBe('none');
  expect(openedAfter('none', { control: 'begin' }, 'none')).toBe('script');
  expect(openedAfter('message', { control: 'begin' }, 'message')).toBe('script');
  expect(openedAfter('runner', { control: 'begin' }, 'none')).toBe('runner');
  expect(openedAfter('script', { control: 'commit' }, 'message')).toBe('message');
  expect(openedAfter('script', { control: 'commit', chains: true }, 'none')).toBe('script');
  expect(openedAfter('message', { control: 'rollback', chains: true }, 'message')).toBe('message');
  expect(openedAfter('script', { control: 'savepoint' }, 'none')).toBe('script');
});
