import fc from 'fast-check';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { memoryFiles } from '../../host/memory-files';
import { systemClock } from '../../host/node-host';
import { outcomeOf } from '../../core/problem';
import { readJournal } from '../journal/journal-reading';
import { RollbackExecutor } from './rollback-executor';
import { RollbackPlanner } from '../planning/rollback-planner';
import { pgliteTarget } from '../../databases/postgresql/connections/pglite-target';
import type { TargetSession } from '../../databases/target';
import type { Backups } from '../backups/backups';
import { readSources, type UpgradeSources } from '../../inputs/sources';
import { assets } from '../testing/crash';
import { testHost } from '../testing/project';
import { UpgradeExecutor } from './upgrade-executor';
import { UpgradePlanner } from '../planning/upgrade-planner';

const noBackups: Backups = {
  take: () => Promise.reject(new Error('no backup was asked for')),
  leftovers: async () => [],
  list: () => Promise.resolve([]),
  restore: () => Promise.reject(new Error('no restore was asked for')),
};

/** Releases with the number of migrations in each; migration n makes table tn. */
function projectOf(sizes: readonly number[]): { manifest: string; files: Record<string, string>; tables: string[][] } {
  const files: Record<string, string> = {};
  const tables: string[][] = [];
  const releases: string[] = [];
  let number = 0;
  for (const [index, size] of sizes.entries()) {
    const ids: string[] = [];
    const own: string[] = [];
    for (let i = 0; i < size; i++) {
      number++;
      const id = `${String(number).padStart(4, '0')}_t${number}`;
      const concurrent = number % 3 === 0 ? `create index concurrently t${number}_i on t${number} (a);` : '';
      files[`/p/migrations/${id}.up.sql`] = `create table t${number} (a int);${concurrent}`;
      files[`/p/migrations/${id}.down.sql`] = `drop table t${number};`;
      ids.push(id);
      own.push(`t${number}`);
    }
    tables.push(own);
    releases.push(`  - version: ${index + 1}.0.0\n    migrations: [${ids.join(', ')}]\n    from: ">=0.0.1"`);
  }
  const targets = 'targets: { local: { driver: pglite, path: data } }';
  const manifest = `manifest: 1\nsystem: s\nmigrations: { layout: golang-migrate }\n${targets}\nreleases:\n${releases.join('\n')}\n`;
  return { manifest, files: { ...files, '/p/upgrade.yaml': manifest }, tables };
}

describe('random ways up and down', () => {
  let folder: string;
  let session: TargetSession;
  beforeAll(async () => {
    folder = await mkdtemp(join(await realpath(tmpdir()), 'mem8-ways-'));
    const target = pgliteTarget({
      name: 'local',
      path: join(folder, 'data'),
      assets,
      protected: false,
      clock: systemClock,
      durable: false,
    });
    session = await target.open();
  });
  afterAll(async () => {
    await session.close();
    await rm(folder, { recursive: true, force: true });
  });

  const host = testHost(memoryFiles());
  /** As an embedded target does. */
  const watchWaits = () => () => Promise.resolve();

  async function go(sources: UpgradeSources, step: { up: boolean; to: number }, failAt?: string): Promise<boolean> {
    const state = await readJournal(session);
    const facts = { name: 'local', description: 'memory', protected: false, serverVersion: '18.0', journal: state };
    const to = step.to === 0 ? null : `${step.to}.0.0`;
    const signal = new AbortController();
    const faultPoint = async (name: string): Promise<void> => {
      if (name === failAt) signal.abort();
    };
    const context = { host: { ...host, faultPoint }, sources, session, backups: noBackups, watchWaits, accept: [], signal: signal.signal };
    if (step.up) {
      const options = { to: to ?? '1.0.0', backup: false, nodeVersion: host.nodeVersion };
      const planned = await outcomeOf(() => new UpgradePlanner().createPlan(sources, facts, options));
      if (!planned.ok || (planned.value.steps.length === 0 && !state.openRun)) return false;
      const again = await new UpgradePlanner().createPlan(sources, facts, options);
      expect(again.plan.id).toBe(planned.value.plan.id);
      return (await new UpgradeExecutor().executePlan(planned.value, context)).problem === undefined;
    }
    const planned = await outcomeOf(() =>
      new RollbackPlanner().createPlan(sources, { ...facts, backups: [], session }, { to, backup: false }),
    );
    if (!planned.ok || (planned.value.steps.length === 0 && !state.openRun)) return false;
    return (await new RollbackExecutor().executePlan(planned.value, context)).problem === undefined;
  }

  async function tablesNow(): Promise<string[]> {
    const rows = await session.query("select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace");
    return rows.map((row) => String(row.relname)).sort();
  }

  test('end at exactly the tables of the release that the journal names, cancelled runs included', async () => {
    const moves = fc.array(
      fc.record({ up: fc.boolean(), to: fc.integer({ min: 0, max: 4 }), cancel: fc.option(fc.integer({ min: 1, max: 8 })) }),
      {
        minLength: 1,
        maxLength: 6,
      },
    );
    const sizes = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 4, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(sizes, moves, async (chosen, walk) => {
        const project = projectOf(chosen);
        const sources = await readSources(memoryFiles(project.files), '/p/upgrade.yaml');
        if (!sources.ok) throw new Error(sources.problem.message);
        await session.execute('drop schema if exists mem8_upgrade cascade; drop schema public cascade; create schema public');
        for (const move of walk) {
          const migration = sources.value.migrations[(move.cancel ?? 0) - 1];
          const failAt = move.cancel && migration ? `done ${migration.release}/${move.up ? 'up' : 'down'}/${migration.id}` : undefined;
          await go(sources.value, move, failAt);
          const open = (await readJournal(session)).openRun;
          if (open) {
            const to = Number((open.to ?? '0').split('.')[0]);
            expect(await go(sources.value, { up: open.direction === 'upgrade', to })).toBe(true);
          }
          const state = await readJournal(session);
          expect(state.openRun).toBe(undefined);
          const reached = state.releases.length;
          expect(state.releases.map((release) => release.release)).toEqual(chosen.slice(0, reached).map((_, index) => `${index + 1}.0.0`));
          expect(await tablesNow()).toEqual(project.tables.slice(0, reached).flat().sort());
          expect(state.migrations.map((stored) => stored.id)).toEqual(
            sources.value.migrations.slice(0, state.migrations.length).map((m) => m.id),
          );
        }
      }),
      { numRuns: 15 },
    );
  }, 300_000);
});
