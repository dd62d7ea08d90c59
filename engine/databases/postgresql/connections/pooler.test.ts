import pg from 'pg';
import { createServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startPostgres, type RunningPostgres } from '../../../../test/support/postgres';
import type { Clock } from '../../../core/host';
import { ProblemError } from '../../../core/problem';
import { postgresqlTarget } from './postgresql-target';

const clock: Clock = { now: () => new Date(), sleep: (ms) => new Promise((done) => setTimeout(done, ms)) };

let server: RunningPostgres;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

/** A message of the protocol: type, length, body. */
function message(type: string, ...parts: (number | string)[]): Buffer {
  const body = Buffer.concat(
    parts.map((part) => {
      if (typeof part === 'string') return Buffer.from(part);
      const bytes = Buffer.alloc(4);
      bytes.writeInt32BE(part);
      return bytes;
    }),
  );
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

const loggedIn = Buffer.concat([message('R', 0), message('S', 'server_version\0' + '18.4\0'), message('K', 4711, 1), message('Z', 'I')]);

/** Gives every client a server connection while it talks: one for all of them, or one for each. */
async function pooler(mode: 'transaction' | 'session'): Promise<{ url: string; stop(): Promise<void> }> {
  const upstreams: pg.Client[] = [];
  const connect = async () => {
    const client = new pg.Client({ connectionString: server.url() });
    client.on('error', () => undefined);
    await client.connect();
    upstreams.push(client);
    const stream = (client as unknown as { connection: { stream: Socket } }).connection.stream;
    stream.removeAllListeners('data');
    return stream;
  };
  const shared = await connect();
  let talking: Socket | undefined;
  shared.on('data', (data) => talking?.write(data));
  const listener: Server = createServer((socket) => {
    let upstream: Socket | undefined;
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      if (upstream) {
        talking = socket;
        if (data[0] !== 'X'.charCodeAt(0)) upstream.write(data);
        return;
      }
      if (mode === 'transaction') {
        upstream = shared;
        socket.write(loggedIn);
        return;
      }
      void connect().then((own) => {
        upstream = own;
        own.on('data', (answer) => socket.write(answer));
        socket.write(loggedIn);
      });
    });
  });
  await new Promise<void>((done) => listener.listen(0, '127.0.0.1', done));
  const { port } = listener.address() as { port: number };
  return {
    url: `postgresql://postgres@127.0.0.1:${port}/postgres`,
    async stop() {
      listener.close();
      for (const client of upstreams) (client as unknown as { connection: { stream: Socket } }).connection.stream.destroy();
    },
  };
}

it('refuses a pooler in transaction mode', async () => {
  const pool = await pooler('transaction');
  const error: unknown = await postgresqlTarget({ name: 'p', url: pool.url, protected: true, clock })
    .open()
    .catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ProblemError);
  expect((error as ProblemError).problem.message).toContain('pooler in transaction mode');
  await pool.stop();
});

it('accepts a pooler in session mode', async () => {
  const pool = await pooler('session');
  const session = await postgresqlTarget({ name: 'p', url: pool.url, protected: true, clock }).open();
  expect(await session.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await session.close();
  await pool.stop();
});
