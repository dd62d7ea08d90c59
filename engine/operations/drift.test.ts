import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readJournal } from '../running/journal/journal-reading';
import { makeProject, type TestProject } from '../running/testing/project';

const manifest = `
manifest: 1
system: shop
migrations: { layout: goose }
targets:
  local: { driver: pglite, path: data }
releases:
  - version: 1.0.0
    migrations: [1_orders]
  - version: 2.0.0
    migrations: [2_owner, 3_size]
`;

const scripts = {
  '1_orders.sql': `-- +goose Up
CREATE TABLE orders (id int PRIMARY KEY, total int CONSTRAINT positive CHECK (total > 0));
CREATE TABLE events (day date NOT NULL) PARTITION BY RANGE (day);
CREATE TABLE events_old PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2025-01-02');
CREATE INDEX events_day ON events (day);
CREATE INDEX orders_total ON orders (total);
-- +goose Down
DROP TABLE orders, events;
`,
  '2_owner.sql': '-- +goose Up\nCREATE TABLE owner (id int);\n-- +goose Down\nDROP TABLE owner;\n',
  '3_size.sql': '-- +goose Up\nALTER TABLE owner ADD COLUMN size int;\n-- +goose Down\nALTER TABLE owner DROP COLUMN size;\n',
};

const noBackup = { backup: false };
const byHand = 'ALTER TABLE orders ADD COLUMN note text; DROP INDEX orders_total; CREATE TABLE audit (id serial PRIMARY KEY, at date)';
const names = ['drift:column orders.note', 'drift:index orders_total', 'drift:relation audit'];
let project: TestProject;

beforeEach(async () => {
  project = await makeProject({ manifest, scripts });
  expect(await project.upgrades.perform({ ...noBackup, to: '1.0.0' })).toMatchObject({ ok: true });
});
afterEach(() => project.remove());

const change = (sql: string) => project.inTarget((session) => session.execute(sql));

const driftNow = async () => {
  const status = await project.upgrades.status();
  if (!status.ok) throw new Error(status.problem.message);
  return status.value.drift?.map(({ name }) => name);
};

const verifyNow = async (check: string) => {
  const verified = await project.recovery.verify();
  if (!verified.ok) throw new Error(verified.problem.message);
  return verified.value.checks.find(({ name }) => name === check);
};

describe('a change outside the journal', { timeout: 600_000 }, () => {
  test('is named object by object, and accepted by name only', async () => {
    await change(byHand);
    const problem = {
      code: 'drift-found',
      message:
        'The schema of local was changed outside the journal: column orders.note was added, index orders_total was dropped and relation audit was added.',
      remedy: `Undo the changes, or accept them by name: apply ${names.map((name) => `--accept "${name}"`).join(' ')}.`,
    };
    expect(await driftNow()).toEqual(names.map((name) => name.slice('drift:'.length)));
    expect(await project.upgrades.plan(noBackup)).toEqual({ ok: false, problem });
    expect(await project.upgrades.perform(noBackup)).toMatchObject({ ok: false, problem });
    expect(await project.upgrades.perform({ ...noBackup, accept: names.slice(1) })).toMatchObject({
      ok: false,
      problem: { message: 'The schema of local was changed outside the journal: column orders.note was added.' },
    });
    expect(await project.rollbacks.plan(noBackup)).toMatchObject({ ok: false, problem: { code: 'drift-found' } });
    expect((await project.inTarget(readJournal)).openRun).toBe(undefined);

    const accepted = { ...noBackup, accept: names };
    const plan = await project.upgrades.plan(accepted);
    expect(plan.ok && plan.value.drift?.map(({ object }) => object)).toEqual([
      'column public.orders.note',
      'index public.orders_total',
      'relation public.audit',
    ]);
    expect(await project.upgrades.perform({ ...accepted, planId: plan.ok ? plan.value.id : '' })).toMatchObject({ ok: true });
    expect(await driftNow()).toEqual([]);
    expect(await project.rollbacks.perform(noBackup)).toMatchObject({
      ok: true,
      value: { release: '1.0.0', verdict: { schema: { result: 'same' } } },
    });
    expect((await verifyNow('The schema matches the journal'))?.result).toBe('passed');
    await change('ALTER TABLE audit ADD COLUMN by text');
    expect(await driftNow()).toEqual(['column audit.by']);
    await change('DROP TABLE audit; ALTER TABLE orders DROP COLUMN note');
    expect(await driftNow()).toEqual([]);
  });

  test('is found before a rollback, which accepts it as well', async () => {
    expect(await project.upgrades.perform(noBackup)).toMatchObject({ ok: true });
    await change('ALTER TABLE orders ADD COLUMN note text; ALTER TABLE owner ADD COLUMN note text');
    expect(await project.rollbacks.perform(noBackup)).toMatchObject({
      ok: false,
      problem: {
        code: 'drift-found',
        remedy:
          'Undo the changes, or accept them by name: rollback --accept "drift:column orders.note" --accept "drift:column owner.note".',
      },
    });
    const accept = ['drift:column orders.note', 'drift:column owner.note'];
    expect(await project.rollbacks.perform({ ...noBackup, accept })).toMatchObject({ ok: true, value: { release: '1.0.0' } });
    expect(await driftNow()).toEqual([]);
    expect((await verifyNow('The schema matches the journal'))?.result).toBe('passed');
  });

  test('is found between two releases, and stays accepted when the run fails', async () => {
    expect(await project.upgrades.perform({ ...noBackup, migration: '2_owner' })).toMatchObject({ ok: true });
    expect(await driftNow()).toEqual([]);
    await change('ALTER TABLE owner ADD COLUMN size int');
    expect(await project.upgrades.perform(noBackup)).toMatchObject({ ok: false, problem: { code: 'drift-found' } });
    expect(await project.upgrades.perform({ ...noBackup, accept: ['drift:column owner.size'] })).toMatchObject({
      ok: false,
      problem: { code: 'step-failed' },
    });
    await project.write('migrations/3_size.sql', '-- +goose Up\nSELECT 1;\n-- +goose Down\nSELECT 1;\n');
    expect(await project.upgrades.perform(noBackup)).toMatchObject({ ok: true, value: { release: '2.0.0' } });
    expect(await driftNow()).toEqual([]);
  });

  test('is none where housekeeping made it', async () => {
    await change(`COMMENT ON TABLE orders IS 'x'; ALTER TABLE orders RENAME CONSTRAINT positive TO more_than_none;
      ALTER TABLE orders ALTER COLUMN total SET STATISTICS 500; CREATE STATISTICS orders_both ON id, total FROM orders; ANALYZE orders;
      CREATE TABLE events_new PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2026-01-02'); DROP TABLE events_old;
      UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'orders_total'::regclass; ALTER INDEX orders_total RENAME TO broken;
      CREATE INDEX orders_total ON orders (total)`);
    expect(await driftNow()).toEqual([]);
    expect((await verifyNow('The schema matches the journal'))?.result).toBe('passed');
    expect(await project.upgrades.plan(noBackup)).toMatchObject({ ok: true });
  });
});

describe('a journal', { timeout: 600_000 }, () => {
  test.each([
    ['migrations', "id = '3_size'", 'migration 3_size'],
    ['migrations', "id = '1_orders'", 'migration 1_orders'],
    ['releases', "release = '2.0.0'", 'release 2.0.0'],
    ['steps', "migration = '3_size'", 'the steps of migration 3_size and a step of run '],
  ])('without a row of %s where %s is not complete', async (table, row, missing) => {
    expect(await project.upgrades.perform(noBackup)).toMatchObject({ ok: true });
    expect(await verifyNow('The journal is complete')).toBe(undefined);
    await change(`DELETE FROM mem8_upgrade.${table} WHERE ${row}`);
    expect((await verifyNow('The journal is complete'))?.message).toContain(`It lacks ${missing}`);
    expect(await project.upgrades.status()).toMatchObject({ ok: true });
    for (const outcome of [await project.upgrades.perform(noBackup), await project.rollbacks.plan(noBackup)])
      expect(outcome).toMatchObject({ ok: false, problem: { code: 'journal-damaged' } });
  });
});
