import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeProject, type TestProject } from '../running/testing/project';
import { formatPlan } from '../running/planning/format-plan';
import { UpgradeManager } from './upgrade-manager';

const manifest = `
manifest: 1
system: shop
migrations: { layout: golang-migrate }
targets:
  local: { driver: pglite, path: data }
releases:
  - version: 1.0.0
    migrations: [1_orders]
  - version: 1.1.0
    migrations: [2_note, 3_more]
`;

const scripts = {
  '1_orders.up.sql': 'CREATE TABLE orders (id int PRIMARY KEY);',
  '1_orders.down.sql': 'DROP TABLE orders;',
  '2_note.up.sql': 'ALTER TABLE orders ADD COLUMN note text;',
  '2_note.down.sql': 'ALTER TABLE orders DROP COLUMN note;',
  '3_more.up.sql': 'SELECT 1 / 0;',
  '3_more.down.sql': 'SELECT 1;',
};

const noBackup = { backup: false };
let project: TestProject;

beforeEach(async () => {
  project = await makeProject({ manifest, scripts });
  expect(await project.upgrades.perform({ ...noBackup, to: '1.0.0' })).toMatchObject({ ok: true });
});
afterEach(() => project.remove());

/** The upgrade, cancelled when the step with the title begins. */
function cancelledAt(title: string) {
  const stop = new AbortController();
  const onProgress = (progress: { title: string }) => progress.title === title && stop.abort();
  return new UpgradeManager({ ...project, signal: stop.signal, onProgress }).perform(noBackup);
}

describe('a run that does not finish', { timeout: 600_000 }, () => {
  test('says how far it came and what to do when a step failed', async () => {
    const outcome = await project.upgrades.perform(noBackup);
    const status = await project.upgrades.status();
    expect(outcome.status).toEqual(status.ok && status.value);
    expect(outcome).toMatchObject({
      problem: {
        message:
          'The step "Apply 3_more" failed: division by zero (22012). All of its changes were rolled back. Stopped after step 1 of 3 ("Apply 2_note"); local is between 1.0.0 and 1.1.0.',
        remedy: 'Fix the cause and run apply again to resume at this step, or roll back to 1.0.0.',
      },
    });
    expect(status).toMatchObject({ value: { interrupted: { ended: 'failed', done: 1, total: 3 } } });
  });

  test('says the same of one that was cancelled, without a cause to fix', async () => {
    await project.write('migrations/3_more.up.sql', 'SELECT 1;');
    expect(await cancelledAt('Apply 3_more')).toMatchObject({
      problem: {
        code: 'cancelled',
        message: expect.stringContaining('Stopped after step 2 of 3 ("Apply 3_more"); local is between 1.0.0 and 1.1.0.') as string,
        remedy: 'Run apply again to resume, or roll back to 1.0.0.',
      },
    });
    expect(await project.upgrades.status()).toMatchObject({ value: { interrupted: { ended: 'cancelled', done: 2, total: 3 } } });
  });

  test('is undone by a plan that counts its migrations and begins with what is lost', async () => {
    expect(await project.upgrades.perform(noBackup)).toMatchObject({ ok: false });
    const plan = await project.rollbacks.plan(noBackup);
    expect(plan.ok && formatPlan(plan.value).replace(/sha256:\w+/, 'ID')).toBe(
      `Roll back shop on local (PGlite data)
undo 1 applied migration of 1.1.0, back to 1.0.0

Lost:
  column orders.note (2_note)

1. Undo 2_note
2. Compare schema and rows with those of 1.0.0

Plan ID`.replace(/^(\d)/gm, '  $1'),
    );
  });
});
