import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startPostgres, type RunningPostgres } from '../../../../test/support/postgres';
import { silentLogger, type Clock } from '../../../core/host';
import { postgresqlTarget, type PostgresqlTarget } from '../connections/postgresql-target';
import { seed } from '../../../running/backups/testing/seed';
import { TargetBackups } from '../../../running/backups/target-backups';
import { postgresql } from '../index';
import { findDumpTools, runTool } from './dump-tools';

const clock: Clock = { now: () => new Date(), sleep: (ms) => new Promise((done) => setTimeout(done, ms)) };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dump-test-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function program(name: string, script: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  return path;
}

describe('the programs for dumps', () => {
  it('are found with the lower of their versions', async () => {
    const dump = await program('pg_dump', 'echo "pg_dump (PostgreSQL) 18.4 (Debian 18.4-1.pgdg12+1)"');
    const restore = await program('pg_restore', 'echo "pg_restore (PostgreSQL) 17beta2"');
    expect(await findDumpTools(dump)).toEqual({ dump, restore, major: 17 });
  });

  it('are not found when one of them is missing', async () => {
    expect(await findDumpTools(await program('pg_dump', 'echo "pg_dump (PostgreSQL) 18.4"'))).toBeUndefined();
  });

  it('get the password in the environment only, and what they complain about does not show it', async () => {
    const failing = await program('pg_dump', 'echo "$0 $*" > "$OUT"; echo "login with $PGPASSWORD failed" >&2; exit 1');
    const environment = { PGPASSWORD: 'hidden-secret', OUT: join(folder, 'out') };
    const failed = runTool(failing, ['--no-password'], {
      environment,
      code: 'backup-failed',
      redact: (text) => text.replaceAll('hidden-secret', '***'),
    });
    await expect(failed).rejects.toMatchObject({ problem: { code: 'backup-failed', cause: 'login with *** failed' } });
    expect(await readFile(join(folder, 'out'), 'utf8')).not.toContain('hidden-secret');
  });

  it('are ended when the work is cancelled', async () => {
    const slow = await program('pg_dump', 'exec sleep 30');
    const stop = new AbortController();
    const running = runTool(slow, [], { environment: {}, code: 'backup-failed', redact: (text) => text, signal: stop.signal });
    setTimeout(() => stop.abort(), 50);
    await expect(running).rejects.toMatchObject({ problem: { code: 'cancelled' } });
  });
});

/** The npm package has no pg_dump: where the system has a whole PostgreSQL, the real programs are tried on its own server. */
const installed = ['18', '17', '16', '15', '14']
  .map((major) => `/usr/lib/postgresql/${major}/bin`)
  .find((bin) => ['initdb', 'postgres', 'pg_dump', 'pg_restore'].every((name) => existsSync(join(bin, name))));

if (installed) {
  describe('a backup by pg_dump', () => {
    let server: RunningPostgres;
    let target: PostgresqlTarget;
    beforeAll(async () => {
      server = await startPostgres({ binaries: installed });
    });
    afterAll(() => server.stop());
    beforeEach(async () => {
      target = postgresqlTarget({ name: 'store', url: await server.createDatabase(), protected: true, clock });
    });

    it('is taken and proven while others are connected and a sequence moves on, and restores', async () => {
      const session = await target.open();
      await session.execute(seed);
      // A dump closes the gap of a dropped column, so the column of the sequence has another number.
      await session.execute('CREATE TABLE worn (a int, id serial); ALTER TABLE worn DROP COLUMN a');
      const other = await target.open();
      const recovery = new TargetBackups({
        target,
        database: postgresql,
        backupsFolder: folder,
        clock,
        logger: silentLogger,
        dumpProgram: join(installed, 'pg_dump'),
      });
      const backup = await recovery.create({
        release: '1.0.0',
        session,
        onProgress: ({ step }) => void (step === 2 && other.query("SELECT nextval('shop.orders_id_seq')")),
      });
      expect(backup).toMatchObject({ proven: true, location: expect.stringMatching(/data\.dump$/) as string });
      await session.execute('DELETE FROM shop.orders');
      await session.close();
      await other.close();
      await recovery.restore('latest');
      const again = await target.open();
      expect(await again.query('SELECT count(*) AS n FROM shop.orders')).toEqual([{ n: 200 }]);
      expect(await again.query('SELECT note FROM mem8_upgrade.journal')).toEqual([{ note: 'kept' }]);
      await again.close();
      expect(await readdir(join(folder, 'store'))).toEqual([backup.id]);
    });
  });
}
