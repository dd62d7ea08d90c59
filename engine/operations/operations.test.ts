import { readdir } from 'node:fs/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { makeProject, type TestProject } from '../running/testing/project';
import { CompatibilityChecker } from './compatibility-checker';
import { VersionManager } from './version-manager';

const manifest = `
manifest: 1
system: mem8
migrations: { layout: golang-migrate }
targets:
  local: { driver: pglite, path: data }
releases:
  - version: 1.0.0
    migrations: [0001_memories]
    checks: { after: [{ sql: "select count(*) from memories", expect: 3 }] }
  - version: 1.1.0
    requires: { postgresql: ">=15", node: ">=20" }
    migrations:
      - 0002_add_arousal
      - 0003_index
      - id: fill-arousal
        transform: { table: memories, key: id, set: { arousal: "raw / 255.0" }, where: "arousal is null", batch: 2, undo: { arousal: "null" } }
`;

const scripts: Record<string, string> = {
  '0001_memories.up.sql': `create table memories (id bigint primary key, raw integer not null);
insert into memories values (1, 0), (2, 51), (3, 255);`,
  '0001_memories.down.sql': 'drop table memories;',
  '0002_add_arousal.up.sql': 'alter table memories add column arousal double precision;',
  '0002_add_arousal.down.sql': 'alter table memories drop column arousal;',
  '0003_index.up.sql': 'create index concurrently memories_arousal on memories (arousal);',
  '0003_index.down.sql': 'drop index concurrently memories_arousal;',
};

const filled = [
  { id: 1, arousal: 0 },
  { id: 2, arousal: 0.2 },
  { id: 3, arousal: 1 },
];

let project: TestProject;
const noBackup = { backup: false };
afterEach(() => project.remove());

describe('on an embedded database', { timeout: 300_000 }, () => {
  test('goes up to the newest release and back to nothing, with the rows as they should be at each', async () => {
    project = await makeProject({ manifest, scripts });
    const planned = await project.upgrades.plan(noBackup);
    expect(planned).toMatchObject({ ok: true, value: { from: null, to: '1.1.0', releases: ['1.0.0', '1.1.0'] } });
    expect(await project.upgrades.status()).toMatchObject({ ok: true, value: { release: null } });
    expect(await readdir(project.folder)).toEqual(['migrations', 'upgrade.yaml']);
    expect(await new CompatibilityChecker(project).check('1.1.0')).toMatchObject({ ok: true, value: { compatible: true } });
    const applied = await project.upgrades.perform({ ...noBackup, planId: planned.ok ? planned.value.id : undefined });
    expect(applied).toMatchObject({ ok: true, value: { release: '1.1.0', verified: true } });
    expect(await project.query('select id, arousal from memories order by id')).toEqual(filled);
    expect(await project.upgrades.status()).toMatchObject({ ok: true, value: { release: '1.1.0', newest: '1.1.0' } });
    expect(await project.recovery.verify()).toMatchObject({ ok: true, value: { passed: true } });
    expect(await new VersionManager(project).versions()).toMatchObject({ ok: true, value: { current: '1.1.0', updates: [] } });
    expect(await project.upgrades.perform(noBackup)).toMatchObject({ ok: true, value: { steps: [] } });

    expect(await project.rollbacks.perform(noBackup)).toMatchObject({ ok: true, value: { release: '1.0.0', verified: true } });
    expect(await project.query('select * from memories order by id')).toEqual([
      { id: 1, raw: 0 },
      { id: 2, raw: 51 },
      { id: 3, raw: 255 },
    ]);
    expect(await project.rollbacks.perform(noBackup)).toMatchObject({ ok: true, value: { release: null, verified: true } });
    expect(await project.query("select to_regclass('memories') is null as gone")).toEqual([{ gone: true }]);
  });

  test('a failed step names the line, leaves the release, and apply goes on once it is mended', async () => {
    project = await makeProject({
      manifest,
      scripts: { ...scripts, '0003_index.up.sql': '-- an index\ncreate index concurrently memories_arousal on memories (arousl);' },
    });
    const failed = await project.upgrades.perform(noBackup);
    expect(failed).toMatchObject({
      ok: false,
      problem: { code: 'step-failed', line: 2, file: expect.stringContaining('0003_index.up.sql') },
      report: { release: '1.0.0' },
    });
    if (!failed.ok) expect(failed.problem.message).toContain('Apply 0002_add_arousal');
    expect(await project.upgrades.status()).toMatchObject({ ok: true, value: { release: '1.0.0', interrupted: { state: 'failed' } } });
    await project.write('migrations/0003_index.up.sql', scripts['0003_index.up.sql'] ?? '');
    expect(await project.upgrades.perform(noBackup)).toMatchObject({ ok: true, value: { release: '1.1.0', verified: true } });
    expect(await project.query('select id, arousal from memories order by id')).toEqual(filled);
  });

  test('an upgrade that failed is rolled back to where it began', async () => {
    project = await makeProject({ manifest, scripts });
    expect(await project.upgrades.perform({ ...noBackup, to: '1.0.0' })).toMatchObject({ ok: true });
    const before = await project.fingerprint();
    await project.write('migrations/0003_index.up.sql', 'create index concurrently memories_arousal on memories (arousl);');
    expect(await project.upgrades.perform(noBackup)).toMatchObject({ ok: false });
    expect(await project.rollbacks.perform(noBackup)).toMatchObject({ ok: true, value: { release: '1.0.0', verified: true } });
    expect(await project.fingerprint()).toBe(before);
    const after = await project.upgrades.status();
    expect(after).toMatchObject({ ok: true, value: { release: '1.0.0' } });
    expect(after.ok && after.value.interrupted).toBe(undefined);
  });

  test('refuses an edited migration, a stale plan and a way backwards by upgrade', async () => {
    project = await makeProject({ manifest, scripts });
    const old = await project.upgrades.plan(noBackup);
    expect(await project.upgrades.perform({ ...noBackup, to: '1.0.0' })).toMatchObject({ ok: true });
    expect(await project.upgrades.perform({ ...noBackup, planId: old.ok ? old.value.id : '' })).toMatchObject({
      ok: false,
      problem: { code: 'plan-stale' },
    });
    await project.write('migrations/0001_memories.up.sql', 'create table memories (id bigint primary key);');
    expect(await project.upgrades.plan(noBackup)).toMatchObject({ ok: false, problem: { code: 'migration-edited' } });
    expect(await project.recovery.verify()).toMatchObject({ ok: true, value: { passed: false } });
  });

  test('runs and undoes single migrations, the next and the last only', async () => {
    project = await makeProject({ manifest, scripts });
    expect(await project.upgrades.perform({ ...noBackup, migration: '0002_add_arousal' })).toMatchObject({
      ok: false,
      problem: { code: 'migration-not-next' },
    });
    expect(await project.upgrades.perform({ ...noBackup, migration: '0001_memories' })).toMatchObject({
      ok: true,
      value: { release: '1.0.0' },
    });
    expect(await project.upgrades.perform({ ...noBackup, migration: '0002_add_arousal' })).toMatchObject({
      ok: true,
      value: { release: '1.0.0' },
    });
    expect(await project.rollbacks.perform({ ...noBackup, migration: '0001_memories' })).toMatchObject({
      ok: false,
      problem: { code: 'migration-not-next' },
    });
    expect(await project.rollbacks.perform({ ...noBackup, migration: '0002_add_arousal' })).toMatchObject({
      ok: true,
      value: { release: '1.0.0' },
    });
    expect(await project.upgrades.perform(noBackup)).toMatchObject({ ok: true, value: { release: '1.1.0' } });
  });

  test('shows the plan of a protected target before it touches it, and restores its backup where there is no down', async () => {
    const restoring = manifest
      .replace('path: data', 'path: data, protected: true')
      .replace('- version: 1.1.0', '- version: 1.1.0\n    rollback: restore');
    project = await makeProject({ manifest: restoring, scripts });
    const shown = await project.upgrades.perform({ ...noBackup, to: '1.0.0' });
    expect(shown).toMatchObject({
      ok: false,
      problem: { code: 'confirmation-needed', message: expect.stringContaining('Apply 0001_memories') },
    });
    expect(await project.upgrades.perform({ ...noBackup, to: '1.0.0', confirmed: true })).toMatchObject({ ok: true });
    const before = await project.fingerprint();
    const applied = await project.upgrades.perform({ ...noBackup, backup: undefined, confirmed: true });
    expect(applied).toMatchObject({ ok: true, value: { release: '1.1.0', backup: { proven: true, release: '1.0.0' } } });
    expect(await project.rollbacks.perform({ ...noBackup, confirmed: true })).toMatchObject({
      ok: true,
      value: { release: '1.0.0', verified: true },
    });
    expect(await project.fingerprint()).toBe(before);
    const after = await project.upgrades.status();
    expect(after.ok && after.value.interrupted).toBe(undefined);
    expect(await project.upgrades.perform({ ...noBackup, confirmed: true })).toMatchObject({ ok: true, value: { release: '1.1.0' } });
  });
});
