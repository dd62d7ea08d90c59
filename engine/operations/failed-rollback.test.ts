import { afterEach, describe, expect, test } from 'vitest';
import { makeProject, type TestProject } from '../running/testing/project';

const manifest = `
manifest: 1
system: shop
migrations: { layout: goose }
targets:
  local: { driver: pglite, path: data }
releases:
  - version: 1.0.0
    migrations: [1_item]
  - version: 2.0.0
    migrations: [2_owner]
`;

const second = (...down: string[]) =>
  [
    '-- +goose NO TRANSACTION',
    '-- +goose Up',
    'CREATE TABLE owner (id int);',
    'CREATE TABLE extra (id int);',
    '-- +goose Down',
    ...down,
  ].join('\n');
const scripts = (...down: string[]) => ({
  '1_item.sql': '-- +goose Up\nCREATE TABLE item (id int PRIMARY KEY);\n-- +goose Down\nDROP TABLE item;\n',
  '2_owner.sql': second(...down),
});

let project: TestProject;
const noBackup = { backup: false };
afterEach(() => project.remove());

const drift = async () => {
  const verified = await project.recovery.verify();
  if (!verified.ok) throw new Error(verified.problem.message);
  return verified.value.checks.find(({ name }) => name === 'The schema matches the journal');
};

describe('a rollback', { timeout: 600_000 }, () => {
  test('that fails half way is told as such, and resumed as the same rollback', async () => {
    project = await makeProject({ manifest, scripts: scripts('DROP TABLE owner;', 'DROP TABLE nothing_here;') });
    expect(await project.upgrades.perform(noBackup)).toMatchObject({ ok: true });
    expect(await project.rollbacks.perform(noBackup)).toMatchObject({ ok: false, problem: { code: 'step-failed' } });
    expect(await project.upgrades.status()).toMatchObject({
      ok: true,
      value: { interrupted: { direction: 'rollback', from: '2.0.0', to: '1.0.0', state: 'failed', ended: 'failed' } },
    });
    const verified = await project.recovery.verify();
    expect(verified.ok && verified.value.checks[0]?.message).toBe(
      'The rollback from 2.0.0 to 1.0.0 failed. Roll back again to resume it, or apply again.',
    );
    await project.write('migrations/2_owner.sql', second('DROP TABLE owner;', 'DROP TABLE extra;'));
    expect(await project.rollbacks.plan(noBackup)).toMatchObject({ ok: true, value: { from: '2.0.0', to: '1.0.0' } });
    expect(await project.rollbacks.perform(noBackup)).toMatchObject({
      ok: true,
      value: { from: '2.0.0', release: '1.0.0', verified: true },
    });
    expect((await drift())?.result).toBe('passed');
  });

  test('that leaves something over is what verify names, until another run', async () => {
    project = await makeProject({ manifest, scripts: scripts('DROP TABLE owner;') });
    expect(await project.upgrades.perform(noBackup)).toMatchObject({ ok: true });
    expect(await project.rollbacks.perform(noBackup)).toMatchObject({
      ok: false,
      problem: {
        code: 'verification-failed',
        message: 'The rollback to 1.0.0 finished but did not restore the schema: relation extra is left over.',
      },
    });
    expect((await drift())?.message).toMatch(
      /^The last rollback did not restore the schema of release 1\.0\.0, recorded at [^ ]+: relation extra is left over\.$/,
    );
    expect(await project.rollbacks.perform(noBackup)).toMatchObject({ ok: false, problem: { code: 'verification-failed' } });
    expect(await drift()).toEqual({
      name: 'The schema matches the journal',
      result: 'failed',
      message: 'The last rollback did not restore the schema before the first run: relation extra is left over.',
    });
    await project.query('DROP TABLE extra');
    expect((await drift())?.result).toBe('passed');
    await project.query('CREATE TABLE foreign_one (id int)');
    expect((await drift())?.message).toBe(
      'Drift: the schema was changed outside the journal and no longer matches the schema before the first run: relation foreign_one is left over.',
    );
  });
});
