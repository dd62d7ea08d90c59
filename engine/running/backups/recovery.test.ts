import { appendFile, cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { startPostgres, type RunningPostgres } from '../../../test/support/postgres';
import { silentLogger, type Clock } from '../../core/host';
import { outcomeOf, type Outcome, type Problem } from '../../core/problem';
import type { AnyTarget } from '../../databases/postgresql/connections/create-target';
import { postgresql } from '../../databases/postgresql/index';
import { pgliteTarget } from '../../databases/postgresql/connections/pglite-target';
import { postgresqlTarget, type PostgresqlTarget } from '../../databases/postgresql/connections/postgresql-target';
import { stateFingerprint } from '../../databases/postgresql/catalogue/fingerprint';
import { TargetBackups } from './target-backups';
import { seed } from './testing/seed';

const assets = resolve(import.meta.dirname, '../../../dist/pglite');
const clock: Clock = { now: () => new Date(), sleep: (ms) => new Promise((done) => setTimeout(done, ms)) };

// Each test opens embedded databases a dozen times, which takes long on a busy machine.
vi.setConfig({ testTimeout: 240_000 });

let server: RunningPostgres;
let folder: string;
let backups: string;
let seeded: string;
beforeAll(async () => {
  server = await startPostgres();
  seeded = await mkdtemp(join(tmpdir(), 'recovery-seed-'));
  await run(embedded(seeded), seed);
});
afterAll(async () => {
  await server.stop();
  await rm(seeded, { recursive: true, force: true });
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recovery-test-'));
  backups = join(folder, '.mem8', 'backups');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function value<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.problem));
  return outcome.value;
}

function problem(outcome: Outcome<unknown>): Problem {
  if (outcome.ok) throw new Error('Expected a problem.');
  return outcome.problem;
}

const recoveryOf = (target: AnyTarget) => {
  const stored = new TargetBackups({
    target,
    database: postgresql,
    backupsFolder: backups,
    clock,
    logger: silentLogger,
    dumpProgram: false,
  });
  return {
    backup: (...request: Parameters<TargetBackups['create']>) => outcomeOf(() => stored.create(...request)),
    list: () => outcomeOf(() => stored.list()),
    async left() {
      const session = await target.open();
      return stored.leftovers(session).finally(() => session.close());
    },
    restore: (...request: Parameters<TargetBackups['restore']>) => outcomeOf(() => stored.restore(...request)),
    verify: (id: string) => outcomeOf(() => stored.verify(id)),
  };
};
const embedded = (place = folder) =>
  pgliteTarget({ name: 'store', path: join(place, 'data'), assets, protected: false, clock, durable: false, busyWaitMs: 0 });
async function seededEmbedded(): Promise<AnyTarget> {
  await cp(join(seeded, 'data'), join(folder, 'data'), { recursive: true });
  return embedded();
}

async function seededRemote(): Promise<PostgresqlTarget> {
  const target = await remote();
  await run(target, seed);
  return target;
}

const remote = async () => postgresqlTarget({ name: 'store', url: await server.createDatabase(), protected: true, clock });

async function run(target: AnyTarget, sql: string): Promise<void> {
  const session = await target.open();
  try {
    await session.execute(sql);
  } finally {
    await session.close();
  }
}

async function rowsOf(target: AnyTarget, sql: string): Promise<unknown[]> {
  const session = await target.open();
  try {
    return await session.query(sql);
  } finally {
    await session.close();
  }
}

async function fingerprintOf(target: AnyTarget) {
  const session = await target.open();
  try {
    return await stateFingerprint(session);
  } finally {
    await session.close();
  }
}

describe.each([
  { driver: 'pglite', make: seededEmbedded },
  { driver: 'postgresql', make: seededRemote as () => Promise<AnyTarget> },
])('recovery of a target of driver $driver', ({ driver, make }) => {
  let target: AnyTarget;
  beforeEach(async () => {
    target = await make();
  });

  it('brings back exactly what was backed up and keeps what was there before', async () => {
    const recovery = recoveryOf(target);
    const before = await fingerprintOf(target);
    const backup = value(await recovery.backup({ release: '1.0.0' }));
    expect(backup).toMatchObject({ target: 'store', release: '1.0.0', proven: true, fingerprint: before.combined });
    expect(backup.bytes).toBeGreaterThan(1000);
    await run(
      target,
      "DROP VIEW shop.rich; DELETE FROM shop.orders; SELECT nextval('shop.orders_id_seq'); DELETE FROM mem8_upgrade.journal",
    );
    const restored = value(await recovery.restore('latest'));
    expect(restored).toMatchObject({ backup: { id: backup.id }, verified: true });
    expect(restored.previous).toContain('before');
    expect(await fingerprintOf(target)).toEqual(before);
    expect(await rowsOf(target, 'SELECT note FROM mem8_upgrade.journal')).toEqual([{ note: 'kept' }]);
    expect(await rowsOf(target, 'INSERT INTO shop.orders (person, total) VALUES (1, 1) RETURNING id, t')).toEqual([
      { id: 201, t: 'touched' },
    ]);
  });

  it('backs up through a session that holds the lock', async () => {
    const session = await target.open();
    const lock = await session.lock({ waitMs: 0, holder: 'run 1' });
    const backup = value(await recoveryOf(target).backup({ release: null, session }));
    expect(backup.proven).toBe(true);
    expect(await session.query('SELECT count(*) AS n FROM shop.people')).toEqual([{ n: 50 }]);
    await lock.release();
    await session.close();
  });

  it('lists backups newest first and tells about entries that cannot be read', async () => {
    const recovery = recoveryOf(target);
    expect(value(await recovery.list())).toEqual({ backups: [], problems: [] });
    const first = value(await recovery.backup({ release: '1.0.0' }));
    const second = value(await recovery.backup({ release: '1.1.0' }));
    await mkdir(join(backups, 'store', 'broken'));
    await writeFile(join(backups, 'store', 'broken', 'backup.json'), '{"format": 1');
    const list = value(await recovery.list());
    expect(list.backups).toEqual([second, first].sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1)));
    expect(list.problems).toMatchObject([{ code: 'backup-damaged', file: join(backups, 'store', 'broken', 'backup.json') }]);
  });

  it('verifies a backup without touching the target', async () => {
    const recovery = recoveryOf(target);
    const { id } = value(await recovery.backup({ release: null }));
    await run(target, 'DROP SCHEMA shop CASCADE');
    expect(value(await recovery.verify(id))).toMatchObject({ passed: true, differences: [] });
    expect(await rowsOf(target, "SELECT to_regclass('shop.people')::text AS t")).toEqual([{ t: null }]);
  });

  it('says when there is no such backup', async () => {
    for (const id of ['latest', '20200101T000000Z-000000', '../elsewhere'])
      expect(problem(await recoveryOf(target).restore(id)).code).toBe('backup-not-found');
  });

  it('leaves nothing behind when the folder cannot be written', async () => {
    await writeFile(join(folder, '.mem8'), 'a file in the way');
    const failed = problem(await recoveryOf(target).backup({ release: null }));
    expect(failed.code).toBe('backup-failed');
    expect(failed.cause).toContain('ENOTDIR');
    expect(await rowsOf(target, 'SELECT count(*) AS n FROM shop.people')).toEqual([{ n: 50 }]);
  });

  it('leaves nothing behind when it is cancelled and removes what a crash left', async () => {
    const stop = new AbortController();
    const cancelled = await recoveryOf(target).backup({
      release: null,
      signal: stop.signal,
      onProgress: ({ step }) => step === 2 && stop.abort(),
    });
    expect(problem(cancelled).code).toBe('cancelled');
    expect(await readdir(join(backups, 'store'))).toEqual([]);
    const half = join(backups, 'store', '20260101T000000Z-abcdef.half');
    await mkdir(half);
    await writeFile(join(half, 'started.json'), JSON.stringify({ kind: 'database', content: 'mem8_backup_no_more' }));
    const { id } = value(await recoveryOf(target).backup({ release: null }));
    expect(await readdir(join(backups, 'store'))).toEqual([id]);
    if (driver === 'postgresql') {
      const left = await rowsOf(target, "SELECT datname::text AS name FROM pg_database WHERE datname ~ 'mem8_scratch|restoring'");
      expect(left).toEqual([]);
    }
  });

  it('refuses a backup whose record was changed to other rows', async () => {
    const recovery = recoveryOf(target);
    const { id } = value(await recovery.backup({ release: null }));
    const file = join(backups, 'store', id, 'backup.json');
    const record = JSON.parse(await readFile(file, 'utf8')) as { fingerprint: { tables: { name: string; rows: number }[] } };
    for (const table of record.fingerprint.tables) if (table.name === 'shop.people') table.rows = 51;
    await writeFile(file, JSON.stringify(record));
    const before = await fingerprintOf(target);
    const failed = problem(await recovery.restore(id));
    expect(failed.code).toBe('backup-damaged');
    expect(failed.message).toContain('shop.people has 50 rows instead of 51');
    expect(await fingerprintOf(target)).toEqual(before);
    expect(value(await recovery.verify(id)).passed).toBe(false);
  });

  it('gives another fingerprint for each kind of change and the same one for another order of rows', async () => {
    const session = await target.open();
    const before = await stateFingerprint(session);
    const path = await session.query("SELECT current_setting('search_path') AS path");
    const changes: Record<string, string> = {
      'a value': 'UPDATE shop.people SET ratio = ratio + 1e-9 WHERE id = 7',
      'a row that is there twice': "INSERT INTO events VALUES ('2026-03-04', 'happened')",
      'a sequence': "SELECT nextval('shop.orders_id_seq')",
      'a function body': 'CREATE OR REPLACE FUNCTION shop.touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$',
      'a default': "ALTER TABLE shop.people ALTER mood SET DEFAULT 'sad'",
      'an enum value': "ALTER TYPE shop.mood RENAME VALUE 'sad' TO 'blue'",
      'a check': 'ALTER DOMAIN shop.share DROP CONSTRAINT share_check',
      'an index': 'DROP INDEX shop.orders_by_total',
      'a comment': "COMMENT ON TABLE shop.people IS 'other'",
      'a right': 'GRANT SELECT ON shop.people TO PUBLIC',
      'a trigger': 'ALTER TABLE shop.orders DISABLE TRIGGER orders_touch',
      'a large object': "SELECT lo_from_bytea(0, 'x')",
    };
    for (const [what, sql] of Object.entries(changes)) {
      await session.execute('BEGIN');
      await session.execute(sql);
      expect((await stateFingerprint(session)).combined, what).not.toBe(before.combined);
      expect(await session.query("SELECT current_setting('search_path') AS path")).toEqual(path);
      await session.execute('ROLLBACK');
      await session.execute("SELECT setval('shop.orders_id_seq', 200)");
    }
    await session.execute('BEGIN; CREATE TEMP TABLE copy AS SELECT * FROM shop.orders; TRUNCATE shop.orders');
    await session.execute(
      'ALTER TABLE shop.orders DISABLE TRIGGER ALL; INSERT INTO shop.orders SELECT * FROM copy ORDER BY id DESC; ALTER TABLE shop.orders ENABLE TRIGGER ALL',
    );
    await session.execute("INSERT INTO mem8_upgrade.journal VALUES ('more')");
    expect((await stateFingerprint(session)).combined).toBe(before.combined);
    await session.execute('ROLLBACK');
    await session.close();
  });
});

describe('recovery of an embedded target', () => {
  it('refuses an archive that was changed and leaves the target as it is', async () => {
    const target = await seededEmbedded();
    const recovery = recoveryOf(target);
    const backup = value(await recovery.backup({ release: null }));
    await appendFile(backup.location, 'x');
    for (const outcome of [await recovery.restore(backup.id), await recovery.verify(backup.id)]) {
      expect(problem(outcome)).toMatchObject({ code: 'backup-damaged', file: backup.location });
    }
    await rm(backup.location);
    expect(problem(await recovery.restore(backup.id)).message).toContain('is missing');
    expect(await readdir(folder)).toEqual(['.mem8', 'data']);
  });

  it('restores when the database is damaged or gone', async () => {
    const target = await seededEmbedded();
    const before = await fingerprintOf(target);
    const recovery = recoveryOf(target);
    value(await recovery.backup({ release: null }));
    await writeFile(join(folder, 'data', 'global', 'pg_control'), 'broken');
    expect(value(await recovery.restore('latest')).previous).toContain('data.before-restore-');
    expect(await fingerprintOf(target)).toEqual(before);
    await rm(join(folder, 'data'), { recursive: true });
    expect(value(await recovery.restore('latest')).previous).toBe('');
    expect(await fingerprintOf(target)).toEqual(before);
  });

  it('refuses to restore while the database is open', async () => {
    const target = await seededEmbedded();
    const recovery = recoveryOf(target);
    value(await recovery.backup({ release: null }));
    const session = await target.open();
    expect(problem(await recovery.restore('latest')).code).toBe('target-busy');
    await session.close();
  });

  it.each(['before the first rename', 'between the renames'])('finishes a restore that a crash interrupted %s', async (moment) => {
    const target = embedded();
    await run(target, 'CREATE TABLE t AS SELECT 1 AS a');
    const path = join(folder, 'data');
    const source = pgliteTarget({ name: 'copy', path: `${path}.restoring`, assets, protected: false, clock, durable: false });
    await run(source, 'CREATE TABLE t AS SELECT 2 AS a');
    await writeFile(`${path}.restore.json`, JSON.stringify({ previous: `${path}.before` }));
    if (moment === 'between the renames') await rename(path, `${path}.before`);
    expect(await rowsOf(target, 'SELECT a FROM t')).toEqual([{ a: 2 }]);
    expect(await readdir(folder)).toEqual(['data', 'data.before']);
  });
});

describe('copies that interrupted backups and restores left', () => {
  it('are listed, and removed by the next backup of an embedded database', async () => {
    const target = await seededEmbedded();
    const half = join(backups, 'store', '20260101T000000Z-abcdef.half');
    for (const place of [half, join(folder, 'data.restoring', 'base')]) {
      await mkdir(place, { recursive: true });
      await writeFile(join(place, '1'), 'four');
    }
    const recovery = recoveryOf(target);
    expect(await recovery.left()).toEqual([
      { location: half, bytes: 4 },
      { location: join(folder, 'data.restoring'), bytes: 4 },
    ]);
    value(await recovery.backup({ release: null }));
    expect(await recovery.left()).toEqual([]);
    expect(await readdir(folder)).toEqual(['.mem8', 'data']);
  });

  it('are listed, and removed by the next backup of a database on a server, even with a subscription', async () => {
    const target = await remote();
    const { database } = target;
    const stamp = '20260101T000000Z';
    const left = [`mem8_backup_${database}_x`, `mem8_restoring_${database}_${stamp}`, `mem8_scratch_${database}_abcdef`];
    const others = [`${database}_restoring`, `mem8_backup_${database}_y`, `mem8_scratch_${database}x_abcdef`];
    for (const name of [...left, ...others]) await run(target, `CREATE DATABASE "${name}"`);
    const copy = postgresqlTarget({ name: 'copy', url: server.url(left[2]), protected: true, clock });
    await run(copy, "CREATE SUBSCRIPTION s CONNECTION 'host=127.0.0.1 port=1' PUBLICATION p WITH (connect = false)");
    await mkdir(join(backups, 'store', `${stamp}-abcdef.half`), { recursive: true });
    const announced = JSON.stringify({ kind: 'database', content: left[0] });
    await writeFile(join(backups, 'store', `${stamp}-abcdef.half`, 'started.json'), announced);

    const recovery = recoveryOf(target);
    expect((await recovery.left()).slice(1)).toEqual(left.map((location) => ({ location, bytes: expect.any(Number) as number })));
    value(await recovery.backup({ release: null }));
    expect(await recovery.left()).toEqual([]);
    const kept = await rowsOf(target, `SELECT datname::text AS name FROM pg_database WHERE datname LIKE '%${database}%_%' ORDER BY 1`);
    expect(kept).toEqual(expect.arrayContaining(others.map((name) => ({ name }))));
  });
});

describe('recovery of a target on a server', () => {
  it('names who is connected when the database cannot be copied', async () => {
    const target = await seededRemote();
    const other = await target.open();
    const failed = problem(await recoveryOf(target).backup({ release: null }));
    expect(failed.code).toBe('backup-failed');
    expect(failed.message).toContain('mem8-upgrade as postgres from 127.0.0.1');
    expect(await readdir(join(backups, 'store'))).toEqual([]);
    await other.close();
  });

  it('ends the connections of others only when it may', async () => {
    const target = await seededRemote();
    const recovery = recoveryOf(target);
    value(await recovery.backup({ release: null }));
    const other = await target.open();
    const failed = problem(await recovery.restore('latest'));
    expect(failed.code).toBe('restore-failed');
    expect(failed.message).toContain('Connected: mem8-upgrade');
    expect(await other.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    value(await recovery.restore('latest', { terminateOthers: true }));
    await other.close();
  });

  it('keeps the owner, the settings, the rights and the comment of the database', async () => {
    const target = await remote();
    const name = target.database;
    await run(target, `CREATE ROLE ${name}_owner; ALTER DATABASE ${name} OWNER TO ${name}_owner`);
    await run(target, `ALTER DATABASE ${name} SET search_path = 'my schema', public; ALTER DATABASE ${name} SET work_mem = '5MB'`);
    await run(
      target,
      `REVOKE ALL ON DATABASE ${name} FROM PUBLIC; GRANT CONNECT ON DATABASE ${name} TO ${name}_owner; COMMENT ON DATABASE ${name} IS 'it''s ours'`,
    );
    const properties =
      "SELECT pg_get_userbyid(datdba) AS owner, datacl::text AS acl, datconnlimit AS connections, shobj_description(d.oid, 'pg_database') AS comment, setconfig AS settings" +
      ' FROM pg_database d LEFT JOIN pg_db_role_setting ON setdatabase = d.oid WHERE datname = current_database()';
    const before = await rowsOf(target, properties);
    value(await recoveryOf(target).backup({ release: null }));
    value(await recoveryOf(target).restore('latest'));
    expect(await rowsOf(target, properties)).toEqual(before);
  });

  it('says when the copy on the server is gone', async () => {
    const target = await seededRemote();
    const backup = value(await recoveryOf(target).backup({ release: null }));
    await run(target, `DROP DATABASE "${backup.location}"`);
    expect(problem(await recoveryOf(target).restore(backup.id)).code).toBe('backup-damaged');
  });
});
