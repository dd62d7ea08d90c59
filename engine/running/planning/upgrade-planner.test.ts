import { expect, it } from 'vitest';
import { outcomeOf } from '../../core/problem';
import { memoryFiles } from '../../host/memory-files';
import { emptyJournal } from '../journal/journal-state';
import { readSources } from '../../inputs/sources';
import { UpgradePlanner, type UpgradeOptions } from './upgrade-planner';

async function plan(releases: string, options: Partial<UpgradeOptions> = {}) {
  const files = memoryFiles({ '/p/upgrade.yaml': `manifest: 1\nsystem: s\nreleases:\n${releases}` });
  const sources = await readSources(files, '/p/upgrade.yaml');
  if (!sources.ok) throw new Error(sources.problem.message);
  const target = { name: 't', description: 't', protected: false, serverVersion: '17.2', journal: emptyJournal };
  return outcomeOf(async () => (await new UpgradePlanner().createPlan(sources.value, target, { nodeVersion: '20.11.0', ...options })).plan);
}

const releases = '  - { version: 1.0.0 }\n  - { version: 1.1.0, yanked: It loses rows }\n';

it('goes to the newest release that was not yanked', async () => {
  expect(await plan(releases)).toMatchObject({ ok: true, value: { to: '1.0.0' } });
});

it('refuses a yanked release with its reason until it is accepted, and warns then', async () => {
  expect(await plan(releases, { to: '1.1.0' })).toMatchObject({
    ok: false,
    problem: {
      code: 'path-blocked',
      message: expect.stringContaining('1.1.0 was yanked: It loses rows.') as string,
      file: '/p/upgrade.yaml',
    },
  });
  expect(await plan(releases, { to: '1.1.0', accept: ['1.1.0'] })).toMatchObject({
    ok: true,
    value: { to: '1.1.0', warnings: ['1.1.0 is used although it was yanked: It loses rows.'] },
  });
});

it('says that repeatable scripts do not run, unless a release lists them', async () => {
  const files = (migrations: string) =>
    memoryFiles({
      '/p/upgrade.yaml': `manifest: 1\nsystem: s\nmigrations: { layout: flyway }\nreleases: [{ version: 1.0.0, migrations: [${migrations}] }]\n`,
      '/p/migrations/V1__item.sql': 'CREATE TABLE item (id bigint PRIMARY KEY);',
      '/p/migrations/R__items.sql': 'CREATE OR REPLACE VIEW items AS SELECT id FROM item;',
    });
  const warningsOf = async (migrations: string) => {
    const sources = await readSources(files(migrations), '/p/upgrade.yaml');
    if (!sources.ok) throw new Error(sources.problem.message);
    const target = { name: 't', description: 't', protected: false, serverVersion: '17.2', journal: emptyJournal };
    return (await new UpgradePlanner().createPlan(sources.value, target, { nodeVersion: '20.11.0' })).plan.warnings;
  };
  const said = 'Repeatable scripts are not run: R__items. Run them with Flyway, or list them under a release.';
  expect(await warningsOf('V1__item')).toContain(said);
  expect(await warningsOf('V1__item, R__items')).not.toContain(said);
});

it('shows each step without what only its execution needs', async () => {
  const text = 'manifest: 1\nsystem: s\nreleases: [{ version: 1.0.0, checks: { before: [{ sql: select 1, expect: 1 }] } }]\n';
  const sources = await readSources(memoryFiles({ '/p/upgrade.yaml': text }), '/p/upgrade.yaml');
  if (!sources.ok) throw new Error(sources.problem.message);
  const target = { name: 't', description: 't', protected: false, serverVersion: '17.2', journal: emptyJournal };
  const planned = await new UpgradePlanner().createPlan(sources.value, target, { nodeVersion: '20.11.0' });
  expect(planned.steps[0]?.payload).toEqual({ sql: 'select 1', expect: 1 });
  expect(planned.plan.steps.map(({ id }) => id)).toEqual(planned.steps.map(({ id }) => id));
  expect(JSON.stringify(planned.plan)).not.toContain('payload');
});
