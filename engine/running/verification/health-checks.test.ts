import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DatabaseFailure, type TargetSession } from '../../databases/target';
import { describeCheck, runHealthCheck } from './health-checks';

/** Answers every query with the given rows and remembers what was executed. */
function sessionWith(rows: Record<string, unknown>[] | Error) {
  const executed: string[] = [];
  const session = {
    executed,
    query: async () => {
      if (rows instanceof Error) throw rows;
      return rows;
    },
    execute: async (sql: string) => {
      executed.push(sql);
      return 0;
    },
    transaction: async (work: () => Promise<unknown>) => {
      executed.push('begin');
      try {
        return await work();
      } catch (error) {
        executed.push('rollback');
        throw error;
      }
    },
  };
  return session as unknown as TargetSession & { executed: string[] };
}

const context = (session: TargetSession) => ({ session, folder: process.cwd(), environment: { PATH: process.env.PATH } });

describe('a query as health check', () => {
  test('passes on the expected value and leaves nothing behind', async () => {
    const session = sessionWith([{ count: 3 }]);
    expect(await runHealthCheck({ sql: 'select 3', expect: '3' }, context(session))).toMatchObject({ result: 'passed' });
    expect(session.executed).toEqual(['begin', 'set transaction read only', 'rollback']);
  });

  test('fails on another value, tells null from the text "null", and is in error without one value', async () => {
    expect(await runHealthCheck({ sql: 's', expect: 0 }, context(sessionWith([{ n: 2 }])))).toMatchObject({
      result: 'failed',
      message: 'The query returned 2, expected 0.',
    });
    expect(await runHealthCheck({ sql: 's', expect: null }, context(sessionWith([{ n: 'null' }])))).toMatchObject({ result: 'failed' });
    expect(await runHealthCheck({ sql: 's', expect: 1 }, context(sessionWith([])))).toMatchObject({ result: 'error' });
    const refused = new DatabaseFailure({ sqlstate: '42P01', message: 'relation "x" does not exist' });
    expect(await runHealthCheck({ sql: 's', expect: 1 }, context(sessionWith(refused)))).toMatchObject({ result: 'error' });
  });
});

describe('an address as health check', () => {
  let server: Server;
  let address: string;
  beforeAll(async () => {
    server = createServer((_, response) => {
      response.statusCode = 503;
      response.end('busy');
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/health`;
  });
  afterAll(() => server.close());

  test('compares the status, and is in error when nobody answers', async () => {
    const session = sessionWith([]);
    expect(await runHealthCheck({ http: address, status: 503 }, context(session))).toMatchObject({ result: 'passed' });
    expect(await runHealthCheck({ http: address, status: 200 }, context(session))).toMatchObject({ result: 'failed' });
    expect(await runHealthCheck({ http: 'http://127.0.0.1:1/', status: 200 }, context(session))).toMatchObject({ result: 'error' });
  });

  test('is described without the password in it', () => {
    expect(describeCheck({ http: 'https://me:secret@example.com/x', status: 200 })).toBe('GET https://example.com/x returns 200');
  });
});

describe('a program as health check', () => {
  const run = (...command: string[]) => runHealthCheck({ command, timeout: 1 }, context(sessionWith([])));

  test('must exit with 0, gets its arguments as they are, and is ended when it takes too long', async () => {
    expect(await run(process.execPath, '-e', 'process.exit(process.argv[1] === "$HOME; x" ? 0 : 1)', '$HOME; x')).toMatchObject({
      result: 'passed',
    });
    expect(await run(process.execPath, '-e', 'console.error("no luck"); process.exit(3)')).toMatchObject({
      result: 'failed',
      message: expect.stringContaining('exited with 3: no luck'),
    });
    expect(await run(process.execPath, '-e', 'setTimeout(() => {}, 60000)')).toMatchObject({ result: 'error' });
    expect(await run('/no/such/program')).toMatchObject({ result: 'error' });
  });
});
