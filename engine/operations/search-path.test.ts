import { afterEach, expect, test } from 'vitest';
import { makeProject, type TestProject } from '../running/testing/project';

const manifest = `
manifest: 1
system: shop
migrations: { layout: golang-migrate, searchPath: "app, public" }
targets:
  local: { driver: pglite, path: data }
releases:
  - version: 1.0.0
    migrations: [1_app, 2_item]
    checks: { after: [{ sql: "select count(*) from item", expect: 1 }] }
`;

const scripts: Record<string, string> = {
  '1_app.up.sql': 'create schema app;',
  '1_app.down.sql': 'drop schema app;',
  '2_item.up.sql': 'create table item (id bigint primary key); insert into item values (1);',
  '2_item.down.sql': 'drop table item;',
};

let project: TestProject;
const noBackup = { backup: false };
afterEach(() => project.remove());

test('runs, verifies and rolls back with the search path of the manifest', { timeout: 300_000 }, async () => {
  project = await makeProject({ manifest, scripts });
  expect(await project.upgrades.perform(noBackup)).toMatchObject({ ok: true, value: { release: '1.0.0', verified: true } });
  expect(await project.query("select to_regclass('app.item')::text as item")).toEqual([{ item: 'app.item' }]);
  expect(await project.recovery.verify()).toMatchObject({ ok: true, value: { passed: true } });
  expect(await project.rollbacks.perform(noBackup)).toMatchObject({ ok: true, value: { release: null, verified: true } });
});

test('a default of the database that a migration sets holds for the next one', { timeout: 300_000 }, async () => {
  const own = manifest.replace(', searchPath: "app, public"', '').replace('item", expect', 'app.item", expect');
  const first = `${scripts['1_app.up.sql']} do $$ begin execute format('alter database %I set search_path = app, public', current_database()); end $$;`;
  project = await makeProject({ manifest: own, scripts: { ...scripts, '1_app.up.sql': first } });
  expect(await project.upgrades.perform(noBackup)).toMatchObject({ ok: true, value: { release: '1.0.0' } });
  expect(await project.query("select to_regclass('app.item') is not null as there")).toEqual([{ there: true }]);
});
