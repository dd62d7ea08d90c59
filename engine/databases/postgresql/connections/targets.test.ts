import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startPostgres, type RunningPostgres } from '../../../../test/support/postgres';
import type { Clock } from '../../../core/host';
import { ProblemError, type Problem } from '../../../core/problem';
import { createTarget } from './create-target';
import { pgliteTarget } from './pglite-target';
import { postgresqlTarget } from './postgresql-target';
import { DatabaseFailure, type Target, type TargetSession } from '../../target';

const assets = resolve(import.meta.dirname, '../../../../dist/pglite');
const clock: Clock = { now: () => new Date(), sleep: (ms) => new Promise((done) => setTimeout(done, ms)) };

let server: RunningPostgres;
let folder: string;
const sessions: TargetSession[] = [];

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'targets-test-'));
});
afterEach(async () => {
  for (const session of sessions.splice(0)) await session.close();
  await rm(folder, { recursive: true, force: true });
});

async function opened(target: Target): Promise<TargetSession> {
  const session = await target.open();
  sessions.push(session);
  return session;
}

async function problemOf(work: Promise<unknown>): Promise<Problem> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ProblemError)) throw new Error(`Expected a problem, got ${String(error)}.`);
  return error.problem;
}

async function failureOf(work: Promise<unknown>): Promise<DatabaseFailure> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof DatabaseFailure)) throw new Error(`Expected a database failure, got ${String(error)}.`);
  return error;
}

const embedded = (name = 'data') =>
  pgliteTarget({ name: 'local', path: join(folder, name), assets, protected: false, clock, busyWaitMs: 100 });
const remote = async () => postgresqlTarget({ name: 'production', url: await server.createDatabase(), protected: true, clock });

describe.each([
  { driver: 'pglite', make: async () => embedded() },
  { driver: 'postgresql', make: remote },
])('a target of driver $driver', ({ driver, make }) => {
  let target: Target;
  let session: TargetSession;
  beforeEach(async () => {
    target = await make();
    session = await opened(target);
  });

  it('tells its driver and the version of the server', () => {
    expect(target.driver).toBe(driver);
    expect(session.serverVersion).toMatch(/^18\.\d+$/);
  });

  it('returns values in the same types whatever the driver', async () => {
    const rows = await session.query(
      `SELECT true AS b, 1::int2 AS i2, 2 AS i4, 3::bigint AS i8, 9007199254740993 AS big, 1.5::float8 AS f8, 1.50::numeric AS n,
        'é😀'::text AS t, '{"a":[1]}'::jsonb AS j, '\\x00ff'::bytea AS bytes, '2026-01-02 03:04:05.123456+00'::timestamptz AS at,
        '2026-01-02'::date AS d, ARRAY['a','b,"c',NULL]::text[] AS ts, ARRAY[1,2] AS ns, NULL::int AS nothing`,
    );
    expect(rows).toEqual([
      {
        b: true,
        i2: 1,
        i4: 2,
        i8: 3,
        big: '9007199254740993',
        f8: 1.5,
        n: '1.50',
        t: 'é😀',
        j: { a: [1] },
        bytes: new Uint8Array([0, 255]),
        at: expect.stringMatching(/^2026-01-0\d \d\d:\d\d:05\.123456/) as string,
        d: '2026-01-02',
        ts: ['a', 'b,"c', null],
        ns: [1, 2],
        nothing: null,
      },
    ]);
  });

  it('sends parameters of every kind', async () => {
    const at = new Date('2026-01-02T03:04:05.678Z');
    const [row] = await session.query(
      'SELECT $1::int AS i, $2::text AS t, $3::jsonb AS j, $4::bytea AS b, $5::text[] AS a, $6::timestamptz = $7::timestamptz AS same, $8::bool AS flag, $9::text AS nothing',
      [7, 'it\'s "é"', { k: [1, 'x'] }, new Uint8Array([1, 0, 255]), ['a"b', null, 'c\\d'], at, at.toISOString(), false, undefined],
    );
    expect(row).toEqual({
      i: 7,
      t: 'it\'s "é"',
      j: { k: [1, 'x'] },
      b: new Uint8Array([1, 0, 255]),
      a: ['a"b', null, 'c\\d'],
      same: true,
      flag: false,
      nothing: null,
    });
  });

  it('counts the rows that the last statement changed', async () => {
    expect(await session.execute('CREATE TABLE t (a int)')).toBe(0);
    expect(await session.execute('INSERT INTO t VALUES (1), (2), (3)')).toBe(3);
    expect(await session.execute('UPDATE t SET a = 0; DELETE FROM t WHERE a = 0')).toBe(3);
    expect(await session.execute('INSERT INTO t VALUES (1); SELECT * FROM t')).toBe(0);
  });

  it('refuses several statements in a query', async () => {
    expect((await failureOf(session.query('SELECT 1; SELECT 2'))).error.sqlstate).toBe('42601');
  });

  it('maps the position of an error over characters that take two code units', async () => {
    const sql = `SELECT 'é😀😀', nowhere FROM pg_class`;
    for (const run of [() => session.query(sql), () => session.execute(sql)]) {
      const { error } = await failureOf(run());
      expect(error.sqlstate).toBe('42703');
      expect(error.offset).toBe(sql.indexOf('nowhere'));
    }
  });

  it('tells detail and hint and where of an error', async () => {
    const { error } = await failureOf(
      session.execute("DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = 'P0099', DETAIL = 'why', HINT = 'do'; END $$"),
    );
    expect(error).toMatchObject({ sqlstate: 'P0099', message: 'no', detail: 'why', hint: 'do' });
    expect(error.where).toContain('PL/pgSQL');
  });

  it('commits what a transaction did and rolls back when its work rejects', async () => {
    await session.execute('CREATE TABLE t (a int)');
    const value = await session.transaction(async () => {
      expect(session.inTransaction).toBe(true);
      await session.execute('INSERT INTO t VALUES (1)');
      return 'done';
    });
    expect(value).toBe('done');
    await expect(
      session.transaction(async () => {
        await session.execute('INSERT INTO t VALUES (2)');
        throw new Error('stop');
      }),
    ).rejects.toThrow('stop');
    expect(session.inTransaction).toBe(false);
    expect(await session.query('SELECT a FROM t')).toEqual([{ a: 1 }]);
  });

  it('fails a transaction whose statement failed even when the work hides it', async () => {
    const failure = await failureOf(
      session.transaction(async () => {
        await session.execute('SELECT nothing').catch(() => undefined);
      }),
    );
    expect(failure.error.sqlstate).toBe('25P02');
    expect(session.inTransaction).toBe(false);
  });

  it('fails a transaction that a script ended itself', async () => {
    const failure = await failureOf(session.transaction(() => session.execute('CREATE TABLE t (a int); COMMIT')));
    expect(failure.error.sqlstate).toBe('25P01');
  });

  it('keeps what was committed when it is opened again', async () => {
    await session.execute('CREATE TABLE t (a int); INSERT INTO t VALUES (1)');
    await session.close();
    expect(await (await opened(target)).query('SELECT a FROM t')).toEqual([{ a: 1 }]);
  });

  it('gives the lock to one run at a time', async () => {
    const lock = await session.lock({ waitMs: 0, holder: 'run 1' });
    const problem = await problemOf(session.lock({ waitMs: 0, holder: 'run 2' }));
    expect(problem.code).toBe('lock-held');
    await lock.release();
    await (await session.lock({ waitMs: 0, holder: 'run 3' })).release();
  });
});

describe('an embedded target', () => {
  it('names the process that has the folder open', async () => {
    await opened(embedded());
    const problem = await problemOf(embedded().open());
    expect(problem.code).toBe('target-busy');
    expect(problem.message).toContain(`process ${process.pid}`);
  });

  it('waits for the process that has the folder open, until it is cancelled', async () => {
    const session = await opened(embedded());
    const holders: string[] = [];
    const stop = new AbortController();
    const cancelled = problemOf(embedded().open({ waitMs: Infinity, signal: stop.signal }));
    const waiting = embedded().open({ waitMs: Infinity, onWait: (holder) => holders.push(holder) });
    while (holders.length === 0) await clock.sleep(50);
    expect(holders[0]).toBe(`process ${process.pid}`);
    stop.abort();
    expect((await cancelled).code).toBe('cancelled');
    await session.close();
    await (await waiting).close();
  });

  it('takes over the lock of a process that is gone or whose id was given to another', async () => {
    const session = await embedded().open();
    const content = JSON.parse(await readFile(join(folder, 'data.lock'), 'utf8')) as object;
    await session.close();
    for (const gone of [
      { ...content, pid: 2 ** 22 + 1 },
      { ...content, started: 'another boot 1' },
    ]) {
      await writeFile(join(folder, 'data.lock'), JSON.stringify(gone));
      await (await embedded().open()).close();
      expect(await readdir(folder)).toEqual(['data']);
    }
  });

  it('does not take over the lock of a process on another machine', async () => {
    await writeFile(join(folder, 'data.lock'), JSON.stringify({ pid: 1, host: 'elsewhere', started: '', token: 'x' }));
    const problem = await problemOf(embedded().open());
    expect(problem.code).toBe('target-busy');
    expect(problem.message).toContain('on elsewhere');
    expect(problem.remedy).toContain('data.lock');
  });

  it('refuses to open what is not a database', async () => {
    await mkdir(join(folder, 'data'));
    await writeFile(join(folder, 'data', 'notes.txt'), 'mine');
    const problem = await problemOf(embedded().open());
    expect(problem.code).toBe('target-damaged');
    expect(await readdir(join(folder, 'data'))).toEqual(['notes.txt']);
  });

  it('refuses a database that another major version made', async () => {
    await (await embedded().open()).close();
    await writeFile(join(folder, 'data', 'PG_VERSION'), '17\n');
    expect((await problemOf(embedded().open())).message).toContain('PostgreSQL 17');
  });

  it('tells that a database is damaged and gives the lock back', async () => {
    await (await embedded().open()).close();
    await writeFile(join(folder, 'data', 'global', 'pg_control'), 'broken');
    const problem = await problemOf(embedded().open());
    expect(problem.code).toBe('target-damaged');
    expect(problem.remedy).toContain('Restore the newest backup');
    expect(await readdir(folder)).toEqual(['data']);
  });

  it('tells that a folder cannot be written', async () => {
    await writeFile(join(folder, 'file'), '');
    expect((await problemOf(embedded('file/data').open())).code).toBe('file-unwritable');
  });

  it('opens a database that uses an extension without being told', async () => {
    const path = join(folder, 'data');
    const first = await opened(pgliteTarget({ name: 'local', path, assets, protected: false, clock, extensions: ['pg_trgm'] }));
    await first.execute('CREATE EXTENSION pg_trgm');
    await first.close();
    const again = await opened(embedded());
    expect(await again.query("SELECT similarity('word', 'word') AS s")).toEqual([{ s: 1 }]);
  });
});

describe('a target on a server', () => {
  it('names the run that holds the lock and waits for its end', async () => {
    const target = await remote();
    const [first, second] = [await opened(target), await opened(target)];
    const lock = await first.lock({ waitMs: 0, holder: 'run 42' });
    const problem = await problemOf(second.lock({ waitMs: 0, holder: 'run 43' }));
    expect(problem.code).toBe('lock-held');
    expect(problem.message).toContain('run 42');
    expect(problem.message).toContain('127.0.0.1');
    const waiting = second.lock({ waitMs: 10_000, holder: 'run 43' });
    await lock.release();
    await (await waiting).release();
  });

  it('frees the lock when the holder is gone', async () => {
    const target = await remote();
    const first = await opened(target);
    await first.lock({ waitMs: 0, holder: 'run 1' });
    await first.close();
    await (await (await opened(target)).lock({ waitMs: 5000, holder: 'run 2' })).release();
  });

  it('takes the lock again after it was disconnected', async () => {
    const target = await remote();
    const [first, second] = [await target.open(), await opened(target)];
    sessions.push(first);
    await first.lock({ waitMs: 0, holder: 'run 1' });
    expect(await first.disconnectedWhile(async () => 5)).toBe(5);
    expect((await problemOf(second.lock({ waitMs: 0, holder: 'run 2' }))).code).toBe('lock-held');
    const stolen = first.disconnectedWhile(() => second.lock({ waitMs: 0, holder: 'run 2' }));
    expect((await problemOf(stolen)).code).toBe('lock-lost');
  });

  it('tells what is wrong with an address and never shows its password', async () => {
    const { password, port } = server;
    const cases = [
      { url: server.url().replace(password, 'wrong-secret'), code: 'target-refused-login' },
      { url: server.url('no_such_database'), code: 'target-unreachable' },
      { url: `postgresql://u:wrong-secret@127.0.0.1:1/db`, code: 'target-unreachable' },
      { url: `postgresql://u:wrong-secret@no-such-host.invalid:${port}/db`, code: 'target-unreachable' },
    ];
    for (const { url, code } of cases) {
      const target = postgresqlTarget({ name: 'production', url, protected: true, clock });
      const problem = await problemOf(target.open());
      expect(problem.code).toBe(code);
      expect(JSON.stringify([problem, target.description])).not.toMatch(new RegExp(`wrong-secret|${password}`));
      expect(problem.remedy).not.toBe('');
    }
    expect(() => postgresqlTarget({ name: 'p', url: 'postgresql://u:sec#ret@x:y/z', protected: true, clock })).toThrow(
      /^manifest-invalid((?!sec#ret).)*$/,
    );
  });

  it.each(['12/secret', '12?secret', '12?a=secret', '12#secret', '12/a@secret', 'a@12/secret', '12?secret@b', '12#a/secret@b'])(
    'refuses an address with the password %s, which is not escaped, and shows no part of it',
    (password) => {
      const url = `postgresql://u:${password}@127.0.0.1:5432/db`;
      expect(() => postgresqlTarget({ name: 'p', url, protected: true, clock })).toThrow(/^manifest-invalid((?!secret).)*$/);
    },
  );

  it.each([
    'postgresql://u:12%2Fa%40b@db/notes',
    'postgresql://db:5432/notes?user=me@server&password=a@b',
    'postgresql:///notes?host=/run/postgresql',
    'postgresql://db/notes?sslmode=require',
  ])('takes %s', (url) => {
    expect(postgresqlTarget({ name: 'p', url, protected: true, clock }).database).toBe('notes');
  });

  it('tells that the connection was lost, once a backend is killed', async () => {
    const target = await remote();
    const [victim, killer] = [await opened(target), await opened(target)];
    const [row] = await victim.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const sleeping = problemOf(victim.execute('SELECT pg_sleep(20)'));
    await killer.query('SELECT pg_terminate_backend($1)', [row?.pid]);
    expect((await sleeping).code).toBe('target-unreachable');
    expect((await problemOf(victim.query('SELECT 1'))).code).toBe('target-unreachable');
    expect(victim.inTransaction).toBe(false);
  });

  it('can be cancelled while it connects', async () => {
    const target = await remote();
    expect((await problemOf(target.open({ signal: AbortSignal.abort() }))).code).toBe('cancelled');
  });
});

describe('createTarget', () => {
  const host = { manifestFolder: '/srv/project', assets, environment: { MEM8_URL: 'postgresql://me:pw@db:5433/mem8', EMPTY: '' }, clock };

  it('expands the environment and hides the password', () => {
    const target = createTarget('production', { driver: 'postgresql', url: '${env:MEM8_URL}', protected: true }, host);
    expect(target.ok && target.value.description).toBe('PostgreSQL db:5433/mem8');
  });

  it('names the variable and the manifest key when a variable is missing or empty', () => {
    for (const variable of ['NOT_SET', 'EMPTY']) {
      const target = createTarget('production', { driver: 'postgresql', url: `\${env:${variable}}`, protected: true }, host);
      expect(target).toMatchObject({ ok: false, problem: { code: 'environment-variable-missing' } });
      expect(!target.ok && target.problem.message).toMatch(new RegExp(`targets\\.production\\.url.*${variable}`));
    }
  });

  it('resolves a path from the folder of the manifest', () => {
    const target = createTarget('local', { driver: 'pglite', path: '.mem8/local', protected: false }, host);
    expect(target).toMatchObject({ ok: true, value: { path: resolve('/srv/project/.mem8/local'), description: 'PGlite .mem8/local' } });
  });
});
