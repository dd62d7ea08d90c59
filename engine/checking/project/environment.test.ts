import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { checks } from '../checks/registry/index';
import { check as statementFails } from '../checks/postgresql/execution/statement-fails';
import { check as unknownObject } from '../checks/postgresql/execution/unknown-object';
import { findingsIn, type Fixture, startShadow } from '../checks/testing/sql-fixture';
import { memoryFiles } from '../../host/memory-files';
import type { Shadow } from '../../databases/observation';
import { loadSqlParser } from '../../databases/postgresql/sql/library';
import { analyse } from '../analysis/analysis';
import { baselineReplay } from '../replay/postgresql/baseline';
import { environmentSql, platformsOf } from './environment';
import { openProject } from './open-project';
import { hasura } from './platforms/hasura';
import { neon } from './platforms/neon';
import { supabase } from './platforms/supabase';

let shadow: Shadow;
beforeAll(async () => {
  shadow = await startShadow();
  await loadSqlParser();
});
afterAll(() => shadow.dispose());

test.each([supabase, hasura, neon])('$name: the server takes every statement', async (platform) => {
  const { step } = baselineReplay({ file: '', text: '' }, environmentSql(undefined, [platform]));
  const [observed] = await shadow.observe([step]);
  expect(
    observed?.statements.flatMap(({ error }, index) => (error ? [`${step.up.statements[index]?.text}: ${error.message}`] : [])),
  ).toEqual([]);
});

test('platforms are recognised by their project files', async () => {
  const names = async (entries: Readonly<Record<string, string>>, directory: string) =>
    (await platformsOf(memoryFiles(entries), directory)).map(({ name }) => name);
  expect(await names({ '/r/supabase/config.toml': '', '/r/supabase/migrations/1_a.sql': '' }, '/r/supabase/migrations')).toEqual([
    'Supabase',
  ]);
  expect(await names({ '/r/supabase/config.toml': '', '/r/prisma/migrations/x': '' }, '/r/prisma/migrations')).toEqual(['Supabase']);
  expect(await names({ '/r/config.yaml': 'version: 3\nmetadata_directory: metadata\n', '/r/m/x': '' }, '/r/m')).toEqual(['Hasura']);
  expect(await names({ '/r/config.yaml': 'port: 80\n', '/r/m/x': '' }, '/r/m')).toEqual([]);
  expect(await names({ '/r/.neon': '{}', '/r/m/x': '' }, '/r/m')).toEqual(['Neon']);
});

async function errorsIn(entries: Readonly<Record<string, string>>, directory: string): Promise<string[]> {
  const project = await openProject({ files: memoryFiles(entries), paths: [directory] });
  if (!project.ok) throw new Error(project.problem.message);
  const { findings } = await analyse(project.value, { shadow, checks, rehearse: 'none' });
  return findings
    .filter(({ severity, id }) => severity === 'error' || id === 'unknown-object')
    .map(({ id, message }) => `${id}: ${message}`);
}

it('replays a project of Supabase with what Supabase puts into a database', async () => {
  const files = {
    '/r/supabase/config.toml': 'project_id = "demo"\n',
    '/r/supabase/migrations/20260101000001_init.sql': `create extension if not exists "uuid-ossp" with schema extensions;
create table public.notes (id uuid primary key default uuid_generate_v4(), owner uuid not null references auth.users (id) on delete cascade);
alter table public.notes enable row level security;
create policy own on public.notes for all to authenticated using (owner = (select auth.uid()) and (auth.jwt() ->> 'aal') = 'aal2');
create policy files on storage.objects for select to anon using (bucket_id = 'a' and (storage.foldername(name))[1] = auth.uid()::text);
insert into storage.buckets (id, name, public) values ('a', 'a', true);
grant select on public.notes to service_role;
alter publication supabase_realtime add table public.notes;
create function public.handle() returns trigger language plpgsql security definer set search_path = '' as $$begin return new; end$$;
create trigger created after insert on auth.users for each row execute function public.handle();
`,
  };
  expect(await errorsIn(files, '/r/supabase/migrations')).toEqual([]);
  const added = { ...files, '/r/supabase/migrations/20260101000002_b.sql': 'alter table public.notes add column due date not null;' };
  expect(await errorsIn(added, '/r/supabase/migrations')).toMatchObject([expect.stringContaining('required-column')]);
});

describe("the migration tool's own table", () => {
  const journals: [string, Fixture][] = [
    ['goose', { '00001_a.sql': '-- +goose Up\nUPDATE goose_db_version SET is_applied = true;\n-- +goose Down\nSELECT 1;\n' }],
    ['golang-migrate', { '0001_a.up.sql': 'COMMENT ON COLUMN schema_migrations.dirty IS NULL;', '0001_a.down.sql': 'SELECT 1;' }],
    ['dbmate', { '1_a.sql': '-- migrate:up\nDELETE FROM schema_migrations WHERE version = $$1$$;\n-- migrate:down\n' }],
    ['flyway', { 'V1__a.sql': 'GRANT SELECT ON flyway_schema_history TO public;' }],
    ['flyway, elsewhere', { 'V1__a.sql': 'TABLE app.history;', 'flyway.conf': 'flyway.schemas=app\nflyway.table=history' }],
    ['prisma', { 'migration_lock.toml': '', '20240101000000_a/migration.sql': 'SELECT checksum FROM "_prisma_migrations";' }],
    ['sqlx', { '../Cargo.toml': '[dependencies]\nsqlx = "0.8"\n', '0001_a.sql': 'ALTER TABLE _sqlx_migrations ADD COLUMN note text;' }],
    ['diesel', { '2024-01-01_a/up.sql': 'TABLE __diesel_schema_migrations;' }],
    ['node-pg-migrate', { '1_a.sql': '-- Up Migration\nSELECT name FROM pgmigrations;\n' }],
    ['atlas', { 'atlas.sum': '', '1_a.sql': 'SELECT version FROM atlas_schema_revisions.atlas_schema_revisions;' }],
  ];
  it.each(journals)('exists when scripts of %s run', async (_tool, fixture) => {
    expect(await findingsIn(fixture, [unknownObject, statementFails], { shadow })).toEqual([]);
  });

  it('is left to a script that makes a table of that name', async () => {
    const text = 'CREATE TABLE schema_migrations (version text);\nDROP TABLE schema_migrations;';
    expect(await findingsIn({ '0001_a.up.sql': text }, [unknownObject, statementFails], { shadow })).toEqual([]);
  });
});
