import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startPostgres, type RunningPostgres } from './postgres';

let server: RunningPostgres;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

it('gives an empty database that outlives a crash of the server', async () => {
  const url = await server.createDatabase();
  await run(url, 'CREATE TABLE t (a int)');
  await run(url, 'INSERT INTO t VALUES (1)');
  await server.kill9();
  await expect(run(url, 'SELECT 1')).rejects.toThrow('ECONNREFUSED');
  await server.restart();
  expect(await run(url, 'SELECT a FROM t')).toEqual([{ a: 1 }]);
});

it('refuses a wrong password', async () => {
  await expect(run(server.url().replace(server.password, 'wrong'), 'SELECT 1')).rejects.toThrow('password authentication failed');
});

it('tells its version', () => {
  expect(server.serverVersion).toMatch(/^18\.\d+$/);
});

async function run(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(sql)).rows as unknown[];
  } finally {
    await client.end();
  }
}
