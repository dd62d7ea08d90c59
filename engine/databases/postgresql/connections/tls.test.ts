import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPostgres, type RunningPostgres } from '../../../../test/support/postgres';
import type { Clock } from '../../../core/host';
import { ProblemError } from '../../../core/problem';
import { postgresqlTarget } from './postgresql-target';
import { certificate, key, otherCertificate } from './testing/certificates';

const clock: Clock = { now: () => new Date(), sleep: (ms) => new Promise((done) => setTimeout(done, ms)) };

let server: RunningPostgres;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mem8-tls-'));
  await writeFile(join(folder, 'root.crt'), certificate);
  await writeFile(join(folder, 'other.crt'), otherCertificate);
  server = await startPostgres({ tls: { certificate, key } });
  await setTls('on', 'encrypted');
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

async function setTls(state: 'on' | 'off', expected: string): Promise<void> {
  const session = await postgresqlTarget({ name: 'p', url: server.url(), protected: true, clock }).open();
  await session.execute(`ALTER SYSTEM SET ssl = ${state}`);
  await session.query('SELECT pg_reload_conf()');
  await session.close();
  for (let tries = 0; tries < 100 && (await connect({})) !== expected; tries++) await clock.sleep(50);
}

/** `encrypted`, `plain`, or the code and the cause of the problem. */
async function connect(parameters: Readonly<Record<string, string>>, host = '127.0.0.1', sslmode?: string): Promise<string> {
  const url = new URL(server.url());
  url.hostname = host;
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  try {
    const session = await postgresqlTarget({ name: 'p', url: url.href, sslmode, protected: true, clock }).open();
    const [row] = await session.query('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()');
    await session.close();
    return row?.ssl === true ? 'encrypted' : 'plain';
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return `${error.problem.code}: ${error.problem.cause ?? error.problem.message}`;
  }
}

const file = (name: string) => ({ sslrootcert: join(folder, name) });

describe('sslmode means what it means to libpq, on a server with TLS', () => {
  it.each([
    ['no mode', {}, 'encrypted'],
    ['disable', { sslmode: 'disable' }, 'plain'],
    ['allow', { sslmode: 'allow' }, 'plain'],
    ['prefer', { sslmode: 'prefer' }, 'encrypted'],
    ['require', { sslmode: 'require' }, 'encrypted'],
  ])('%s', async (_, parameters, expected) => {
    expect(await connect(parameters)).toBe(expected);
  });

  it('verifies the authority, and with verify-full the name of the host', async () => {
    expect(await connect({ sslmode: 'verify-full', ...file('root.crt') })).toBe('encrypted');
    expect(await connect({ sslmode: 'verify-full', ...file('root.crt') }, 'localhost')).toMatch(
      /^target-unreachable: ERR_TLS_CERT_ALTNAME/,
    );
    expect(await connect({ sslmode: 'verify-ca', ...file('root.crt') }, 'localhost')).toBe('encrypted');
    expect(await connect({ sslmode: 'verify-ca', ...file('other.crt') })).toMatch(/^target-unreachable: \w*CERT/);
    expect(await connect({ sslmode: 'require', ...file('other.crt') })).toMatch(/^target-unreachable: \w*CERT/);
    expect(await connect({ sslmode: 'verify-full' })).toMatch(/^target-unreachable: \w*CERT/);
    expect(await connect({ sslmode: 'verify-ca' })).toMatch(/^target-unreachable: .*sslrootcert/);
  });

  it('says so where a file is missing', async () => {
    expect(await connect({ sslmode: 'verify-full', ...file('missing.crt') })).toMatch(/^target-unreachable: ENOENT.*missing\.crt/);
  });

  it('takes the mode of the environment where the address has none, and refuses one that does not exist', async () => {
    expect(await connect({}, undefined, 'disable')).toBe('plain');
    expect(await connect({ sslmode: 'prefer' }, undefined, 'disable')).toBe('encrypted');
    expect(await connect({ sslmode: 'needed' })).toBe(
      'manifest-invalid: The sslmode of target p is needed; one of disable, allow, prefer, require, verify-ca, verify-full was expected.',
    );
  });

  it('is told to the programs for backups', () => {
    const environment = (url: string) => postgresqlTarget({ name: 'p', url, protected: true, clock }).libpqEnvironment();
    expect(environment('postgresql://db/notes').PGSSLMODE).toBe('prefer');
    expect(environment('postgresql://db/notes?sslmode=verify-ca').PGSSLMODE).toBe('verify-ca');
  });
});

describe('on a server without TLS', () => {
  beforeAll(() => setTls('off', 'plain'));

  it.each(['allow', 'prefer', 'disable'])('%s connects', async (sslmode) => {
    expect(await connect({ sslmode })).toBe('plain');
  });

  it('require does not', async () => {
    expect(await connect({ sslmode: 'require' })).toMatch(/^target-unreachable: .*does not support SSL/);
  });
});
