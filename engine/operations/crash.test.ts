import { spawn } from 'node:child_process';
import { cp, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startPostgres, type RunningPostgres } from '../../test/support/postgres';
import type { RunOutcome } from './installation';
import { RollbackManager } from './rollback-manager';
import { UpgradeManager } from './upgrade-manager';
import { assets, bundleCrashChild, runUntilKilled } from '../running/testing/crash';
import { makeProject, projectAt, type TestProject } from '../running/testing/project';

const minutes = 60_000;

const manifest = (target: string) => `
manifest: 1
system: mem8
migrations: { layout: golang-migrate }
targets:
  local: ${target}
releases:
  - version: 1.0.0
    migrations: [0001_memories]
  - version: 1.1.0
    migrations:
      - 0002_add_arousal
      - 0003_index
      - id: fill-arousal
        transform: { table: memories, key: id, set: { arousal: "coalesce(arousal, 0) + raw" }, batch: 2, undo: { arousal: "null" } }
`;

/** The transform is not idempotent on purpose: a row that is changed twice shows. */
const scripts = {
  '0001_memories.up.sql': `create table memories (id bigint primary key, raw integer not null);
insert into memories select n, n * 10 from generate_series(1, 3) n;`,
  '0001_memories.down.sql': 'drop table memories;',
  '0002_add_arousal.up.sql': `alter table memories add column arousal double precision;
create table log (at integer primary key);
insert into log values (1);`,
  '0002_add_arousal.down.sql': 'drop table log; alter table memories drop column arousal;',
  '0003_index.up.sql': 'create index concurrently memories_raw on memories (raw);',
  '0003_index.down.sql': 'drop index concurrently memories_raw;',
};

const noBackup = { backup: false };

function succeeded(outcome: RunOutcome): void {
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.problem));
}

/** Names of the fault points that an uninterrupted run passes, in order. */
async function passedPoints(project: TestProject, Manager: typeof UpgradeManager | typeof RollbackManager): Promise<string[]> {
  const points: string[] = [];
  const host = { ...project.host, faultPoint: async (name: string) => void points.push(name) };
  succeeded(await new Manager({ ...project, host }).perform(noBackup));
  return points;
}

let bundle: string;
beforeAll(async () => {
  bundle = await bundleCrashChild();
}, 2 * minutes);
afterAll(() => rm(bundle, { force: true }));

describe('a process that is killed at any transition of the journal', () => {
  interface Place {
    /** A target that is at 1.0.0 and nothing else. */
    fresh(): Promise<TestProject>;
    environment(project: TestProject): Record<string, string>;
  }

  async function dies(place: Place, project: TestProject, operation: 'apply' | 'rollback', killAt: number): Promise<void> {
    const order = { manifestPath: project.manifestPath, assets, environment: place.environment(project), operation, backup: false, killAt };
    const child = await runUntilKilled(bundle, order);
    if (!child.killed) throw new Error(`was not killed at ${killAt}: ${child.output}`);
  }

  async function resumesEverywhere(place: Place, every: number): Promise<void> {
    const model = await place.fresh();
    const start = await model.fingerprint();
    const points = await passedPoints(model, UpgradeManager);
    const goal = await model.fingerprint();
    const back = await passedPoints(model, RollbackManager);
    expect(await model.fingerprint()).toBe(start);
    await model.remove();
    expect(points.length).toBeGreaterThan(15);

    for (const [index, point] of points.entries()) {
      if (index % every !== 0) continue;
      const project = await place.fresh();
      await dies(place, project, 'apply', index + 1);
      succeeded(await project.upgrades.perform(noBackup));
      expect(await project.fingerprint(), `resumed after a kill at "${point}"`).toBe(goal);
      expect((await project.upgrades.status()).ok).toBe(true);
      await project.remove();
    }
    for (const [index, point] of points.slice(0, -1).entries()) {
      if (index % every !== 0) continue;
      const project = await place.fresh();
      await dies(place, project, 'apply', index + 1);
      succeeded(await project.rollbacks.perform(noBackup));
      expect(await project.fingerprint(), `rolled back after a kill at "${point}"`).toBe(start);
      await project.remove();
    }
    for (const [index, point] of back.entries()) {
      if (index % every !== 0) continue;
      const project = await place.fresh();
      succeeded(await project.upgrades.perform(noBackup));
      await dies(place, project, 'rollback', index + 1);
      // After the last point the rollback is complete, and another one would go on to the release before.
      if (index < back.length - 1) succeeded(await project.rollbacks.perform(noBackup));
      expect(await project.fingerprint(), `rollback resumed after a kill at "${point}"`).toBe(start);
      await project.remove();
    }
  }

  describe('of a PostgreSQL server', () => {
    let server: RunningPostgres;
    beforeAll(async () => {
      server = await startPostgres();
    }, 3 * minutes);
    afterAll(() => server.stop());

    const onServer = (): Place => ({
      async fresh() {
        const environment = { DATABASE: await server.createDatabase() };
        const target = '{ driver: postgresql, url: "${env:DATABASE}", protected: false }';
        const project = await makeProject({ manifest: manifest(target), scripts, environment });
        succeeded(await project.upgrades.perform({ ...noBackup, to: '1.0.0' }));
        return project;
      },
      environment: (project) => project.host.environment as Record<string, string>,
    });

    test('resumes and rolls back to exactly what an uninterrupted run leaves', () => resumesEverywhere(onServer(), 1), 20 * minutes);

    test(
      'drops and rebuilds the invalid index of a build that was killed half way',
      async () => {
        const place = onServer();
        const project = await place.fresh();
        succeeded(await project.upgrades.perform({ ...noBackup, migration: '0002_add_arousal' }));
        await project.inTarget((blocker) =>
          blocker.transaction(async () => {
            await blocker.execute('update memories set raw = raw where id = 1');
            const order = {
              manifestPath: project.manifestPath,
              assets,
              environment: place.environment(project),
              operation: 'apply',
              backup: false,
              killAt: 1e9,
            };
            const child = spawn(process.execPath, [bundle, JSON.stringify(order)]);
            const ended = new Promise((done) => child.on('close', done));
            await project.inTarget(async (watcher) => {
              const building = "select 1 from pg_stat_activity where state = 'active' and query like 'create index concurrently%'";
              while ((await watcher.query(building)).length === 0) await project.host.clock.sleep(50);
              child.kill('SIGKILL');
              await ended;
              while ((await watcher.query(building)).length > 0) await project.host.clock.sleep(50);
            });
          }),
        );
        const valid = "select indisvalid as valid from pg_index where indexrelid = 'memories_raw'::regclass";
        expect(await project.query(valid)).toEqual([{ valid: false }]);
        succeeded(await project.upgrades.perform(noBackup));
        expect(await project.query(valid)).toEqual([{ valid: true }]);
        await project.remove();
      },
      3 * minutes,
    );

    test(
      'stops a statement at once when the run is cancelled, and goes on later',
      async () => {
        const project = await onServer().fresh();
        succeeded(await project.upgrades.perform({ ...noBackup, migration: '0002_add_arousal' }));
        const stop = new AbortController();
        const outcome = await project.inTarget((blocker) =>
          blocker.transaction(async () => {
            await blocker.execute('update memories set raw = raw where id = 1');
            const running = new UpgradeManager({ ...project, signal: stop.signal }).perform(noBackup);
            await project.inTarget(async (watcher) => {
              const building = "select 1 from pg_stat_activity where state = 'active' and query like 'create index concurrently%'";
              while ((await watcher.query(building)).length === 0) await project.host.clock.sleep(50);
            });
            stop.abort();
            return running;
          }),
        );
        expect(outcome).toMatchObject({ ok: false, problem: { code: 'cancelled' }, report: { release: '1.0.0' } });
        succeeded(await project.upgrades.perform(noBackup));
        expect(await project.query("select indisvalid as valid from pg_index where indexrelid = 'memories_raw'::regclass")).toEqual([
          { valid: true },
        ]);
        await project.remove();
      },
      3 * minutes,
    );

    test(
      'lets one of two runs that start together work and makes the other find it done',
      async () => {
        const project = await onServer().fresh();
        const outcomes = await Promise.all([project.upgrades.perform(noBackup), project.upgrades.perform(noBackup)]);
        expect(outcomes.map((outcome) => (outcome.ok ? 'ok' : outcome.problem.code))).toEqual(['ok', 'ok']);
        expect(await project.query('select id, arousal from memories order by id')).toEqual([
          { id: 1, arousal: 10 },
          { id: 2, arousal: 20 },
          { id: 3, arousal: 30 },
        ]);
        await project.remove();
      },
      2 * minutes,
    );
  });

  test(
    'of an embedded database resumes and rolls back to exactly what an uninterrupted run leaves',
    async () => {
      const model = await makeProject({ manifest: manifest('{ driver: pglite, path: data }'), scripts });
      succeeded(await model.upgrades.perform({ ...noBackup, to: '1.0.0' }));
      const place: Place = {
        async fresh() {
          const folder = await mkdtemp(join(await realpath(tmpdir()), 'mem8-project-'));
          await cp(model.folder, folder, { recursive: true });
          return projectAt(folder);
        },
        environment: () => ({}),
      };
      await resumesEverywhere(place, 5);
      await model.remove();
    },
    20 * minutes,
  );
});
