import { beforeAll, describe, expect, it } from 'vitest';
import { memoryFiles } from '../../../../host/memory-files';
import { readMigrations } from '../../../../inputs/scripts/index';
import type { LayoutName, RunnerProfile } from '../../../../core/scripts';
import { loadSqlParser } from '../../../../databases/postgresql/sql/library';
import { parseStatements } from '../../../../databases/postgresql/sql/parser';
import { transactionsOf } from './transactions';

beforeAll(loadSqlParser);

/** Each transaction of the last script of a directory, as who opens it and the statements in it. */
async function transactionsIn(layout: LayoutName, files: Readonly<Record<string, string>>): Promise<string[]> {
  const paths = Object.fromEntries(Object.entries(files).map(([name, text]) => [`/migrations/${name}`, text]));
  const read = await readMigrations(memoryFiles(paths), '/migrations', layout);
  if (!read.ok) throw new Error(read.problem.message);
  const script = read.value.migrations.at(-1)?.up;
  if (!script) throw new Error('there is no script');
  return described(transactionsOf({ script, statements: parseStatements(script.sql) }, { directory: read.value }));
}

/** The same of a text, whoever runs it. */
function transactionsWith(runner: Pick<RunnerProfile, 'transaction' | 'sends'>, sql: string): string[] {
  const script = { file: '/a.sql', direction: 'up', text: sql, sections: [], sql, transaction: runner.transaction } as const;
  const directory = {
    path: '/',
    layout: 'plain',
    runner: { ...runner, hasDowns: true },
    migrations: [],
    problems: [],
    reason: '',
    dialect: 'postgresql',
  } as const;
  return described(transactionsOf({ script, statements: parseStatements(sql) }, { directory }));
}

function described(transactions: ReturnType<typeof transactionsOf>): string[] {
  return transactions.map(
    ({ openedBy, statements }) => `${openedBy}: ${statements.map(({ text }) => text.replace('SELECT ', '')).join(' ')}`,
  );
}

describe('transactionsOf', () => {
  it('takes the whole script for one transaction where the runner opens it', () => {
    const runner = { transaction: 'script', sends: 'statements' } as const;
    expect(transactionsWith(runner, 'SELECT 1; SELECT 2;')).toEqual(['runner: 1 2']);
  });

  it('takes a message of several statements for one transaction, and of one statement for none', () => {
    const runner = { transaction: 'none', sends: 'whole' } as const;
    expect(transactionsWith(runner, 'SELECT 1; SELECT 2;')).toEqual(['message: 1 2']);
    expect(transactionsWith(runner, '-- alone\nSELECT 1;')).toEqual(['none: 1']);
  });

  it('makes each statement a transaction of its own where nobody opens one', () => {
    const runner = { transaction: 'none', sends: 'statements' } as const;
    expect(transactionsWith(runner, 'SELECT 1; BEGIN; SELECT 2; SELECT 3; COMMIT; SELECT 4;')).toEqual([
      'none: 1',
      'script: 2 3',
      'none: 4',
    ]);
  });

  it('takes what stands before a BEGIN in a message into its transaction, and what follows the COMMIT into another', () => {
    const runner = { transaction: 'none', sends: 'whole' } as const;
    expect(transactionsWith(runner, 'SELECT 1; BEGIN; SELECT 2; COMMIT; SELECT 3;')).toEqual(['script: 1 2', 'message: 3']);
  });

  it('opens no second transaction at a BEGIN inside the one of the runner', () => {
    const runner = { transaction: 'script', sends: 'statements' } as const;
    expect(transactionsWith(runner, 'SELECT 1; BEGIN; SELECT 2; SAVEPOINT a; SELECT 3;')).toEqual(['runner: 1 2 3']);
  });

  it('ends the transaction of the runner at a stray COMMIT or ROLLBACK', () => {
    const statements = { transaction: 'script', sends: 'statements' } as const;
    expect(transactionsWith(statements, 'SELECT 1; COMMIT; SELECT 2; SELECT 3;')).toEqual(['runner: 1', 'none: 2', 'none: 3']);
    const whole = { transaction: 'script', sends: 'whole' } as const;
    expect(transactionsWith(whole, 'SELECT 1; ROLLBACK; SELECT 2; SELECT 3;')).toEqual(['runner: 1', 'message: 2 3']);
  });

  it('goes on in a new transaction after COMMIT AND CHAIN', () => {
    const runner = { transaction: 'none', sends: 'statements' } as const;
    expect(transactionsWith(runner, 'BEGIN; SELECT 1; COMMIT AND CHAIN; SELECT 2; COMMIT; SELECT 3;')).toEqual([
      'script: 1',
      'script: 2',
      'none: 3',
    ]);
  });

  it('follows goose and its header', async () => {
    const body = '-- +goose Up\nSELECT 1;\nSELECT 2;\n-- +goose Down\nSELECT 3;\n';
    expect(await transactionsIn('goose', { '00001_a.sql': body })).toEqual(['runner: 1 2']);
    expect(await transactionsIn('goose', { '00001_a.sql': `-- +goose NO TRANSACTION\n${body}` })).toEqual(['none: 1', 'none: 2']);
  });

  it('follows dbmate and its option', async () => {
    expect(await transactionsIn('dbmate', { '1_a.sql': '-- migrate:up\nSELECT 1;\nSELECT 2;\n' })).toEqual(['runner: 1 2']);
    expect(await transactionsIn('dbmate', { '1_a.sql': '-- migrate:up transaction:false\nSELECT 1;\nSELECT 2;\n' })).toEqual([
      'message: 1 2',
    ]);
  });

  it('follows flyway and the settings of a script', async () => {
    const scripts = { 'V1__a.sql': 'SELECT 1; SELECT 2;' };
    expect(await transactionsIn('flyway', scripts)).toEqual(['runner: 1 2']);
    expect(await transactionsIn('flyway', { ...scripts, 'V1__a.sql.conf': 'executeInTransaction=false' })).toEqual(['none: 1', 'none: 2']);
  });

  it('follows golang-migrate, which sends a file as one message', async () => {
    expect(await transactionsIn('golang-migrate', { '1_a.up.sql': 'SELECT 1; SELECT 2;' })).toEqual(['message: 1 2']);
    expect(await transactionsIn('golang-migrate', { '1_a.up.sql': 'BEGIN; SELECT 1; COMMIT;' })).toEqual(['script: 1']);
  });
});
