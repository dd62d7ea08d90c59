import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startPostgres, type RunningPostgres } from '../../test/support/postgres';
import type { Progress } from '../core/host';
import { makeProject, type TestProject } from '../running/testing/project';
import { RollbackManager } from './rollback-manager';
import { UpgradeManager } from './upgrade-manager';

const minutes = 60_000;

const manifest = `
manifest: 1
system: shop
migrations: { layout: golang-migrate }
targets:
  local: { driver: postgresql, url: '\${env:SHOP_URL}', protected: false }
releases:
  - version: 1.0.0
    migrations: [1_orders]
  - version: 1.1.0
    migrations: [2_note]
  - version: 1.2.0
    migrations: [3_index]
`;

const scripts = {
  '1_orders.up.sql': 'CREATE TABLE orders (id int PRIMARY KEY);',
  '1_orders.down.sql': 'DROP TABLE orders;',
  '2_note.up.sql': "SET LOCAL lock_timeout = '60s'; ALTER TABLE orders ADD COLUMN note text;",
  '2_note.down.sql': 'ALTER TABLE orders DROP COLUMN note;',
  '3_index.up.sql': 'CREATE INDEX CONCURRENTLY orders_note ON orders (note);',
  '3_index.down.sql': 'DROP INDEX orders_note;',
};

const noBackup = { backup: false };
let server: RunningPostgres;
let project: TestProject;

beforeAll(async () => {
  server = await startPostgres();
}, 2 * minutes);
afterAll(() => server.stop());
afterEach(() => project.remove());

async function projectAt(release: string | undefined): Promise<void> {
  project = await makeProject({ manifest, scripts, environment: { SHOP_URL: await server.createDatabase() } });
  if (release !== undefined) expect(await project.upgrades.perform({ ...noBackup, to: release })).toMatchObject({ ok: true });
}

/** Does the work while another session reads a table in an open transaction; `work` ends the transaction. */
function whileRead<T>(work: (end: () => Promise<void>) => Promise<T>): Promise<T> {
  return project.inTarget(async (reader) => {
    await reader.execute("SET application_name = 'report'; BEGIN; SELECT count(*) FROM orders");
    return work(async () => void (await reader.execute('COMMIT')));
  });
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await project.host.clock.sleep(50);
}

/** The upgrade, and what it reported as progress. */
function upgrading(to: string): { outcome: ReturnType<UpgradeManager['perform']>; waits: NonNullable<Progress['waiting']>[] } {
  const waits: NonNullable<Progress['waiting']>[] = [];
  const onProgress = ({ waiting }: Progress) => void (waiting && waits.push(waiting));
  return { outcome: new UpgradeManager({ ...project, onProgress }).perform({ ...noBackup, to }), waits };
}

describe('a target on which another run is in progress', { timeout: 2 * minutes }, () => {
  test('is running, with the step, its start and who runs it, and no plan is made of it', async () => {
    await projectAt('1.0.0');
    await whileRead(async (end) => {
      const { outcome, waits } = upgrading('1.1.0');
      await until(() => waits.length > 0);
      const status = await project.upgrades.status();
      expect(status.ok && status.value.interrupted).toBe(undefined);
      expect(status).toMatchObject({
        value: { running: { direction: 'upgrade', from: '1.0.0', to: '1.1.0', title: 'Apply 2_note', done: 0, total: 2 } },
      });
      expect(status.ok && status.value.running).toMatchObject({
        since: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as string,
        by: expect.stringMatching(/^mem8-upgrade: the test, connection \d+ of postgres from 127\.0\.0\.1$/) as string,
      });
      const verified = await project.recovery.verify();
      expect(verified.ok && verified.value.checks[0]?.message).toMatch(
        /^The upgrade from 1\.0\.0 to 1\.1\.0 is in progress, by mem8-upgrade: the test, connection/,
      );
      const refused = await new UpgradeManager({ ...project, waitMs: 0 }).plan(noBackup);
      expect(refused).toMatchObject({ ok: false, problem: { code: 'lock-held', remedy: expect.stringContaining('--wait') as string } });
      expect(!refused.ok && refused.problem.message).toMatch(
        /the test, connection .* It carries out the upgrade from 1\.0\.0 to 1\.1\.0, step 1 of 2 \("Apply 2_note"\) since \d{4}-/,
      );
      await end();
      expect(await outcome).toMatchObject({ ok: true });
    });
    const status = await project.upgrades.status();
    expect(status.ok && status.value.running).toBe(undefined);
  });

  test('is waited for, and nothing is left to do when it did the work', async () => {
    await projectAt('1.0.0');
    await whileRead(async (end) => {
      const [first, second] = [upgrading('1.1.0'), upgrading('1.1.0')];
      await until(() => first.waits.length > 0 && second.waits.length > 0);
      expect([...first.waits, ...second.waits].map(({ what }) => what).join('\n')).toMatch(/^mem8-upgrade: the test, connection/m);
      await end();
      const outcomes = await Promise.all([first.outcome, second.outcome]);
      expect(outcomes).toMatchObject([{ ok: true }, { ok: true }]);
      expect(outcomes.map((outcome) => outcome.ok && outcome.value.steps.length).sort()).toEqual([0, 2]);
    });
  });

  test('is not rolled back one release more by a rollback that waited for another one', async () => {
    await projectAt('1.1.0');
    await whileRead(async (end) => {
      const first = project.rollbacks.perform(noBackup);
      await until(async () => {
        const status = await project.upgrades.status();
        return status.ok && status.value.running !== undefined;
      });
      const waits: unknown[] = [];
      const onProgress = ({ waiting }: Progress) => void (waiting && waits.push(waiting));
      const [again, upgrade] = [new RollbackManager({ ...project, onProgress }), new UpgradeManager({ ...project, onProgress })];
      const outcomes = [again.perform(noBackup), again.perform({ ...noBackup, to: '1.0.0' }), upgrade.perform(noBackup)];
      await until(() => waits.length >= 3);
      await end();
      expect(await first).toMatchObject({ ok: true, value: { release: '1.0.0' } });
      expect(await Promise.all(outcomes)).toMatchObject([
        { ok: false, problem: { code: 'plan-stale', message: expect.stringContaining('the rollback from 1.1.0 to 1.0.0 by') as string } },
        { ok: true, value: { release: '1.0.0', steps: [] } },
        { ok: false, problem: { code: 'plan-stale' } },
      ]);
    });
  });
});

describe('a plan that another run made stale', { timeout: 2 * minutes }, () => {
  test('says which run that was, and what else was changed when it was no run', async () => {
    await projectAt(undefined);
    const seen = await project.upgrades.plan(noBackup);
    if (!seen.ok) throw new Error(seen.problem.message);
    const { id: planId, basis } = seen.value;
    expect(await project.upgrades.perform({ ...noBackup, to: '1.0.0' })).toMatchObject({ ok: true });
    const stale = await project.upgrades.perform({ ...noBackup, planId, basis });
    expect(!stale.ok && stale.problem.message).toMatch(
      /since it was made, another run changed the target: the test upgraded it from empty to 1\.0\.0, finished \d{4}-.*Z\.$/,
    );
    const next = await project.upgrades.plan(noBackup);
    if (!next.ok) throw new Error(next.problem.message);
    await project.write('migrations/2_note.up.sql', 'ALTER TABLE orders ADD COLUMN remark text;');
    const edited = await project.upgrades.perform({ ...noBackup, planId: next.value.id, basis: next.value.basis });
    expect(!edited.ok && edited.problem.message).toMatch(/since it was made, a migration was changed\.$/);
  });
});

describe('a step that waits for a lock', { timeout: 2 * minutes }, () => {
  const blocked = /blocked by process \d+ \(application report, user postgres, idle in transaction, query started \d{4}-[^)]*Z\)/;

  test('names the table and the session that blocks it while it waits, and after its last attempt', async () => {
    await projectAt('1.0.0');
    await project.write('migrations/2_note.up.sql', "SET LOCAL lock_timeout = '800ms'; ALTER TABLE orders ADD COLUMN note text;");
    const { clock } = project.host;
    const quick = { ...project.host, clock: { ...clock, sleep: (ms: number, signal?: AbortSignal) => clock.sleep(ms / 10, signal) } };
    project = { ...project, host: quick };
    await whileRead(async (end) => {
      const { outcome, waits } = upgrading('1.1.0');
      const failed = await outcome;
      expect(waits[0]?.what).toMatch(new RegExp(`^the AccessExclusive lock on orders, ${blocked.source}$`));
      expect(waits.map(({ what }) => what).join()).toContain('(attempt 2 of 5)');
      expect(!failed.ok && failed.problem.message).toMatch(
        new RegExp(
          `lock timeout \\(55P03\\)\\. It was tried 5 times in \\d+ s\\. It waited for the AccessExclusive lock on orders, ${blocked.source}\\. `,
        ),
      );
      expect(!failed.ok && failed.problem.remedy).toMatch(/terminate the session: SELECT pg_terminate_backend\(\d+\); Fix the cause/);
      await end();
    });
  });

  test('names an old transaction that CREATE INDEX CONCURRENTLY waits for', async () => {
    await projectAt('1.1.0');
    await project.inTarget(async (old) => {
      await old.execute("SET application_name = 'report'; BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1");
      const { outcome, waits } = upgrading('1.2.0');
      await until(() => waits.length > 1);
      expect(waits[0]?.what).toMatch(new RegExp(`^earlier transactions to end, ${blocked.source}$`));
      expect(waits[1]?.ms).toBeGreaterThan(500);
      await old.execute('COMMIT');
      expect(await outcome).toMatchObject({ ok: true });
    });
  });
});
