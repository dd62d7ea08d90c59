import { afterEach, describe, expect, test } from 'vitest';
import { makeProject, type TestProject } from '../running/testing/project';

const manifest = `
manifest: 1
system: mem8
migrations: { layout: golang-migrate }
targets:
  local: { driver: pglite, path: .mem8/data, protected: true }
releases:
  - version: 1.0.0
    migrations: [0001_accounts]
  - version: 1.1.0
    migrations: [0002_key]
`;

const scripts = {
  '0001_accounts.up.sql': "CREATE TABLE accounts (id bigint PRIMARY KEY, name text); INSERT INTO accounts VALUES (1, 'x'), (2, 'x');",
  '0001_accounts.down.sql': 'DROP TABLE accounts;',
  '0002_key.up.sql': 'CREATE UNIQUE INDEX CONCURRENTLY accounts_name_key ON accounts (name);',
  '0002_key.down.sql': 'DROP INDEX CONCURRENTLY IF EXISTS accounts_name_key;',
};

const confirmed = { confirmed: true };
const withoutBackup = { confirmed: true, backup: false };

let project: TestProject;
afterEach(() => project.remove());

/** At 1.0.0, with an index of 1.1.0 that could not be built. */
async function halfMade(): Promise<void> {
  project = await makeProject({ manifest, scripts });
  expect(await project.upgrades.perform({ ...withoutBackup, to: '1.0.0' })).toMatchObject({ ok: true });
  expect(await project.upgrades.perform(withoutBackup)).toMatchObject({ ok: false, problem: { code: 'step-failed' } });
}

/** A file in the place of the folder for backups. */
const preventBackups = () => project.write('.mem8/backups/local', '');

describe('a half-made upgrade of a target that cannot be backed up', { timeout: 600_000 }, () => {
  test('is rolled back without a backup, and the plan says what is lost', async () => {
    await halfMade();
    await preventBackups();
    expect(await project.rollbacks.perform(confirmed)).toMatchObject({
      ok: false,
      problem: {
        code: 'backup-failed',
        message: expect.stringContaining('Nothing was changed: local is still between 1.0.0 and 1.1.0.') as string,
        remedy: expect.stringContaining('Or run rollback --no-backup') as string,
      },
    });
    expect(await project.rollbacks.plan({ backup: false })).toMatchObject({
      ok: true,
      value: {
        warnings: expect.arrayContaining([
          'No backup is taken: data that undoing 0002_key drops, deletes or overwrites is permanently lost.',
        ]) as string[],
      },
    });
    expect(await project.rollbacks.perform(withoutBackup)).toMatchObject({ ok: true, value: { release: '1.0.0', verified: true } });
    const status = await project.upgrades.status();
    expect(status).toMatchObject({ ok: true, value: { release: '1.0.0' } });
    expect(status).not.toHaveProperty('value.interrupted');
  });

  test('is resumed although a rollback was tried', async () => {
    await halfMade();
    await preventBackups();
    expect(await project.rollbacks.perform(confirmed)).toMatchObject({ ok: false });
    expect(await project.upgrades.status()).toMatchObject({ ok: true, value: { interrupted: { direction: 'upgrade', to: '1.1.0' } } });
    await project.query('DELETE FROM accounts WHERE id = 2');
    expect(await project.upgrades.perform(withoutBackup)).toMatchObject({ ok: true, value: { release: '1.1.0' } });
    expect(await project.recovery.verify()).toMatchObject({ ok: true, value: { passed: true } });
  });

  test('is not restored from a backup of the same half', async () => {
    await halfMade();
    expect(await project.recovery.restore(confirmed)).toMatchObject({
      problem: { code: 'backup-not-found', message: 'There is no proven backup of this target.' },
    });
    expect(await project.recovery.backup()).toMatchObject({ ok: true, value: { release: '1.0.0 with parts of 1.1.0' } });
    expect(await project.rollbacks.plan({ how: 'restore' })).toMatchObject({
      problem: {
        code: 'rollback-impossible',
        remedy: 'Run rollback --how down, because every migration that is left has a down script.',
      },
    });
  });

  test('is restored without another backup, because the replaced database is kept', async () => {
    project = await makeProject({ manifest, scripts });
    expect(await project.upgrades.perform({ ...withoutBackup, to: '1.0.0' })).toMatchObject({ ok: true });
    expect(await project.upgrades.perform(confirmed)).toMatchObject({ ok: false, problem: { code: 'step-failed' } });
    const plan = await project.rollbacks.plan({ how: 'restore' });
    expect(plan.ok && plan.value.steps.map((step) => step.kind)).toEqual(['restore', 'verify']);
    const restored = await project.rollbacks.perform({ ...confirmed, how: 'restore' });
    expect(restored).toMatchObject({ ok: true, value: { release: '1.0.0', verified: true } });
    expect(restored.report?.steps[0]?.message).toContain('The replaced database is kept at ');
  });
});

test('a rollback that is impossible names the nearest release with a backup', { timeout: 600_000 }, async () => {
  project = await makeProject({
    manifest: `${manifest}  - version: 1.2.0\n    migrations: [0003_more]\n`,
    scripts: {
      ...scripts,
      '0002_key.up.sql': 'CREATE INDEX accounts_name_key ON accounts (name);',
      '0003_more.up.sql': 'CREATE TABLE more (id int);',
    },
  });
  expect(await project.upgrades.perform({ ...withoutBackup, to: '1.0.0' })).toMatchObject({ ok: true });
  expect(await project.upgrades.perform({ ...confirmed, to: '1.1.0' })).toMatchObject({ ok: true });
  expect(await project.upgrades.perform(withoutBackup)).toMatchObject({ ok: true, value: { release: '1.2.0' } });
  expect(await project.rollbacks.plan()).toMatchObject({
    problem: {
      code: 'rollback-impossible',
      message: expect.stringContaining('there is no proven backup of 1.1.0') as string,
      remedy: expect.stringMatching(
        /^Run rollback --to 1\.0\.0, which restores the backup of 1\.0\.0 taken .*, or roll forward with a new release\.$/,
      ) as string,
    },
  });
  expect(await project.rollbacks.perform({ ...confirmed, to: '1.0.0' })).toMatchObject({ ok: true, value: { release: '1.0.0' } });
});
