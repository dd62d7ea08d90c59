import { expect, it } from 'vitest';
import { check } from './search-path-hides-journal';
import { fileCheck } from '../../testing/sql-check';
import { type Fixture } from '../../testing/sql-fixture';

const { findingsIn, afterFix } = fileCheck(check);

const goose = (sql: string) => ({ '00001_init.sql': `-- +goose Up\n${sql}\n-- +goose Down\nSELECT 1;\n` });
const prisma = (sql: string) => ({ 'migration_lock.toml': '', '20240101000000_init/migration.sql': `${sql}\n` });
const sqlx = (sql: string) => ({ '../Cargo.toml': '[dependencies]\nsqlx = "0.8"\n', '0001_init.sql': sql });
const empty = "SELECT pg_catalog.set_config('search_path', '', false);";

async function marked(fixture: Fixture): Promise<(string | undefined)[]> {
  const findings = await findingsIn(fixture);
  return findings.map(({ file, range }) => fixture[file.slice('/project/migrations/'.length)]?.slice(range.start, range.end));
}

it('reports an empty search path that outlives the script', async () => {
  const fixture = goose(`${empty}\nCREATE TABLE public.a (id int);`);
  const [finding] = await findingsIn(fixture);
  expect(finding).toMatchObject({
    message: 'goose fails after this script: it does not find goose_db_version',
    details: 'The search path of the session is empty.',
  });
  await afterFix(fixture);
  expect(await marked(prisma(empty))).toEqual([empty.slice(0, -1)]);
  expect(await marked(sqlx("SET search_path = '';"))).toEqual(["SET search_path = ''"]);
  expect(await marked({ '2024-01-01_a/up.sql': "SET SESSION search_path TO '';" })).toHaveLength(1);
});

it('reports a search path of schemas that the migrations make', async () => {
  expect(await marked(goose('CREATE SCHEMA app;\nSET search_path = app;'))).toEqual(['SET search_path = app']);
  expect(await marked({ '1_a.sql': '-- migrate:up\nCREATE SCHEMA app;\nSET search_path = app;\n' })).toEqual(['SET search_path = app']);
  expect(await marked(goose('SET search_path = app;'))).toEqual([]);
  expect(await marked(goose('CREATE SCHEMA app;\nSET search_path = app, public;'))).toEqual([]);
});

it('is silent where the change ends with the transaction or is taken back', async () => {
  for (const sql of [
    "SELECT set_config('search_path', '', true);",
    "SET LOCAL search_path = '';",
    `${empty}\nRESET search_path;`,
    `${empty}\nSET search_path = public;`,
    `${empty}\nSELECT set_config('search_path', '"$user", public', false);`,
    "SELECT set_config('statement_timeout', '', false);",
  ])
    expect(await marked(goose(sql))).toEqual([]);
});

it('is silent for tools that name the schema of their table or use another session', async () => {
  expect(await marked({ '0001_a.up.sql': empty })).toEqual([]);
  expect(await marked({ 'V1__a.sql': empty })).toEqual([]);
  expect(await marked({ '1_a.sql': `-- migrate:up\n${empty}\n` })).toEqual([]);
  expect(await marked({ '1_a.sql': `-- Up Migration\n${empty}\n` })).toEqual([]);
  expect(await marked({ '0001_a.sql': empty })).toEqual([]);
});
