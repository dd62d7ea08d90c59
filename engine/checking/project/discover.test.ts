import { describe, expect, it } from 'vitest';
import { memoryFiles } from '../../host/memory-files';
import { discoverProjects } from './discover';

const table = 'CREATE TABLE t (a int);';
const pair = (folder: string, name = '0001_a') => ({
  [`${folder}/${name}.up.sql`]: table,
  [`${folder}/${name}.down.sql`]: 'DROP TABLE t;',
});
const numbered = (folder: string, text = table) => ({ [`${folder}/001_a.sql`]: text, [`${folder}/002_b.sql`]: text });
const manifest = (more = '') => `manifest: 1\nsystem: s\n${more}`;

/** What is in a repository at `/w`, and the projects of it, relative to `/w`. */
const cases: readonly {
  readonly name: string;
  readonly files: Record<string, string | Uint8Array>;
  readonly projects: readonly string[];
}[] = [
  // Manifests.
  {
    name: 'manifests, and directories that no manifest owns',
    files: { 'a/upgrade.yaml': 'manifest: 1', ...pair('a/migrations'), ...pair('b/migrations'), ...pair('node_modules/c/migrations') },
    projects: ['a/upgrade.yaml', 'b/migrations'],
  },
  {
    name: 'the others beside a manifest that cannot be read',
    files: { 'a/upgrade.yaml': new Uint8Array([0x61, 0xe9, 0x20]), ...pair('a/migrations'), ...pair('b/migrations') },
    projects: ['a/upgrade.yaml', 'b/migrations'],
  },
  {
    name: 'no queries that a manifest names by file',
    files: {
      'upgrade.yaml': manifest(
        'releases:\n  - version: 1.0.0\n    queries: migrations-of-queries/1.0.sql\n  - version: 1.1.0\n    queries: [migrations-of-queries/1.1.sql]\n',
      ),
      'migrations-of-queries/1.0.sql': table,
      'migrations-of-queries/1.1.sql': table,
      ...pair('migrations'),
    },
    projects: ['upgrade.yaml'],
  },
  {
    name: 'no queries that a manifest names by folder, nor what is inside',
    files: {
      'upgrade.yaml': manifest('releases:\n  - version: 1.0.0\n    queries: sent\n'),
      ...numbered('sent/migrations'),
      ...pair('db/migrations'),
    },
    projects: ['db/migrations', 'upgrade.yaml'],
  },
  {
    name: 'nothing in or around what a manifest that is being typed names',
    files: {
      'upgrade.yaml': 'manifest: 1\nmigrations:\n  directory: db/migrations/sql\nreleases: [',
      ...pair('db/migrations'),
      ...pair('db/migrations/sql'),
    },
    projects: ['upgrade.yaml'],
  },
  {
    name: 'no folder of a baseline or of APIs',
    files: {
      'upgrade.yaml': manifest(
        'migrations:\n  baseline: schema/001_a.sql\nreleases:\n  - version: 1.0.0\n    apis: { rows: changes/002_b.sql }\n',
      ),
      ...numbered('schema'),
      ...numbered('changes'),
    },
    projects: ['upgrade.yaml'],
  },
  {
    name: 'two manifests, each with migrations of its own, in one folder',
    files: {
      'a.upgrade.yaml': manifest('migrations: { directory: one }'),
      'b.upgrade.yaml': manifest('migrations: { directory: two }'),
      ...pair('one'),
      ...pair('two'),
      ...pair('three'),
      ...pair('three', '0002_b'),
    },
    projects: ['a.upgrade.yaml', 'b.upgrade.yaml', 'three'],
  },
  {
    name: 'a manifest in tests, because it is written on purpose',
    files: { 'test/cases/upgrade.yaml': manifest() },
    projects: ['test/cases/upgrade.yaml'],
  },

  // Layouts.
  {
    name: 'every service of a monorepo',
    files: {
      ...pair('services/a/db/migrations'),
      'services/b/src/main/resources/db/migration/V1__a.sql': table,
      'packages/c/prisma/migrations/migration_lock.toml': 'provider = "postgresql"',
      'packages/c/prisma/migrations/20240101000000_a/migration.sql': table,
      'crates/d/migrations/2020-01-01_a/up.sql': table,
      'sqitch/sqitch.plan': '',
    },
    projects: [
      'crates/d/migrations',
      'packages/c/prisma/migrations',
      'services/a/db/migrations',
      'services/b/src/main/resources/db/migration',
      'sqitch',
    ],
  },
  {
    name: 'the directory of each database',
    files: { ...pair('migrations/mysql'), ...pair('migrations/postgres'), ...numbered('db/migrate/sqlite') },
    projects: ['db/migrate/sqlite', 'migrations/mysql', 'migrations/postgres'],
  },
  {
    name: 'names with a letter, a database or twenty digits',
    files: {
      'a/migrations/V0001.Name.up.sql': table,
      'b/migrations/2020_x.postgres.up.sql': table,
      'c/migrations/20200101000001000000_x.autocommit.up.sql': table,
    },
    projects: ['a/migrations', 'b/migrations', 'c/migrations'],
  },
  {
    name: 'folders that are versions as one directory',
    files: { 'db/migration/0.9/00_a.sql': table, 'db/migration/0.10/00_b.sql': table, 'db/migration/LATEST.sql': table },
    projects: ['db/migration'],
  },
  {
    name: 'versions of Flyway as one directory',
    files: { 'db/migration/1.0/V1.0__a.sql': table, 'db/migration/1.1/V1.1__b.sql': table },
    projects: ['db/migration'],
  },
  {
    name: 'migrations that Go code embeds, in tests too',
    files: {
      ...pair('pkg/migration/main'),
      'pkg/run.go': 'package pkg\n\n//go:embed migration\nvar scripts embed.FS\n',
      'pkg/run_test.go': 'package pkg\n\n//go:embed migration/*/*.sql\nvar again embed.FS\n',
    },
    projects: ['pkg/migration/main'],
  },
  { name: 'pairs in a folder of any name', files: { ...pair('sql'), ...pair('sql', '0002_b') }, projects: ['sql'] },
  { name: 'a single pair in a folder of any name', files: pair('sql'), projects: [] },
  {
    name: 'numbered files where the folder is named for migrations',
    files: numbered('src/db-migrations', 'UPDATE t SET a = 1;'),
    projects: ['src/db-migrations'],
  },
  { name: 'numbered files that define a schema in a folder of changes', files: numbered('db/changes'), projects: ['db/changes'] },
  { name: 'no numbered files in a folder of changes that define nothing', files: numbered('db/changes', 'SELECT 1;'), projects: [] },
  { name: 'drizzle wherever it is', files: { 'src/db/0000_a.sql': table, 'src/db/meta/_journal.json': '{}' }, projects: ['src/db'] },
  {
    name: 'sql-migrate by its directives',
    files: { 'sa/db/20200101_a.sql': '-- +migrate Up\nCREATE TABLE t (a int);\n' },
    projects: ['sa/db'],
  },
  {
    name: 'the schema that sqlc reads',
    files: { 'sqlc.yaml': 'sql:\n  - schema: tables\n    queries: ask\n', ...numbered('tables') },
    projects: ['tables'],
  },
  {
    name: 'a folder whose settings name its layout',
    files: { ...numbered('sql', 'SELECT 1;'), 'sql/.mem8-upgrade.yaml': 'layout: plain' },
    projects: ['sql'],
  },
  {
    name: 'both below a root that has scripts itself',
    files: { '001_a.sql': table, ...pair('db/migrations') },
    projects: ['', 'db/migrations'],
  },
  {
    name: 'an example that is a project of its own',
    files: { ...numbered('examples/todo/db/migrations'), 'examples/todo/package.json': '{}' },
    projects: ['examples/todo/db/migrations'],
  },

  // What is numbered and no migration.
  ...Object.entries<Record<string, string>>({
    'migrations that only Go tests embed': {
      ...pair('pkg/migration/second'),
      'pkg/run.go': 'package pkg\n',
      'pkg/run_test.go': 'package pkg\n\n//go:embed migration/*/*.sql\nvar scripts embed.FS\n',
    },
    'queries of releases': { 'queries/1.0.sql': 'SELECT 1;', 'queries/1.1.sql': 'SELECT 1;' },
    'queries in a folder of migrations': numbered('migrations/queries'),
    benchmarks: { 'benchmarks/q01.sql': table, ...numbered('benchmarks/migrations') },
    'TPC-H': { ...numbered('tpch'), 'tpch/migrations/1.sql': table },
    seeds: numbered('db/seeds'),
    'seeds beside migrations': numbered('db/migrations/seeds', 'INSERT INTO t VALUES (1);'),
    'seeds of goose': { 'db/seeds/001_a.sql': '-- +goose Up\nINSERT INTO t VALUES (1);\n' },
    'seeds in pairs': { ...pair('db/seed'), ...pair('db/seed', '0002_b') },
    documentation: { 'docs/01-intro.sql': table, ...pair('docs/migrations') },
    exercises: { ...numbered('exercises'), ...numbered('lessons/01/sql') },
    'scripts of a container': { ...numbered('docker-entrypoint-initdb.d'), ...numbered('docker/initdb.d') },
    'test data': {
      ...pair('testdata/migrations'),
      ...pair('tests/fixtures/db'),
      ...pair('src/test/resources/db/migration'),
      ...pair('pkg/a/__tests__/migrations'),
    },
    'tests by another name': {
      ...pair('integration-tests/migrations'),
      ...pair('src/integrationTest/db/migrations'),
      ...pair('e2e/migrations'),
    },
    'models of dbt': {
      'dbt_project.yml': 'model-paths: [transform]',
      ...numbered('models/migrations'),
      ...numbered('transform/migrations'),
    },
    'queries of sqlc': { 'sqlc.yaml': 'version: "2"\nsql:\n  - queries: migrations\n    schema: ddl/1.sql\n', ...numbered('migrations') },
    'queries of sqlc by their comments': { ...numbered('schema', '-- name: GetT :one\nCREATE TABLE t (a int);') },
    'queries of pgTyped': { ...numbered('migrate', '/* @name GetT */\nSELECT 1;') },
    'an example of documentation': numbered('examples/migrations'),
    'dependencies and output': {
      ...pair('vendor/a/migrations'),
      ...pair('dist/migrations'),
      ...pair('target/migrations'),
      ...pair('.cache/migrations'),
      ...pair('third_party/x/migrations'),
    },
    'ignored folders': { '.gitignore': '# local\n/copy/\nscratch\n*.log\n', ...pair('copy/migrations'), ...pair('a/scratch/migrations') },
    'scripts of an extension': { 'sql/updates/1.0--1.1.sql': table, 'sql/updates/1.1--1.2.sql': table },
    'numbered files of any folder': numbered('sql'),
    'numbers as names': { 'reports/2023.sql': table, 'reports/2024.sql': table },
    'one version of many': { 'sent/1.0/001_a.sql': table, 'sent/1.1/001_a.sql': table },
    'formatted SQL of Liquibase': numbered('db/changelog', '--liquibase formatted sql\n--changeset a:1\nCREATE TABLE t (a int);'),
    'generated code': pair('internal/gen/migrations'),
    'schemas whose names only look like versions': { 'sql/schema/v0.sql': table, 'sql/schema/v1-core.sql': table },
    'what was put aside': { ...numbered('migrations/archive'), ...numbered('migrations/old') },
  }).map(([name, files]) => ({ name: `no ${name}`, files, projects: [] })),
];

describe('finds', () => {
  it.each(cases)('$name', async ({ files, projects }) => {
    const found = await discoverProjects(memoryFiles(below('/w', files)), '/w');
    expect(found.map((path) => path.slice('/w/'.length))).toEqual(projects);
  });
});

it('takes the root for what it is named, wherever it lies', async () => {
  const files = memoryFiles(below('/w/testdata', { ...numbered('migrations', 'SELECT 1;'), ...numbered('exercises', 'SELECT 1;') }));
  expect(await discoverProjects(files, '/w/testdata/migrations')).toEqual(['/w/testdata/migrations']);
  expect(await discoverProjects(files, '/w/testdata')).toEqual(['/w/testdata/migrations']);
  expect(await discoverProjects(files, '/w/testdata/exercises')).toEqual([]);
  expect(await discoverProjects(files, '/w')).toEqual([]);
});

it('stops when it is cancelled', async () => {
  await expect(discoverProjects(memoryFiles({}), '/w', AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
});

function below(folder: string, files: Record<string, string | Uint8Array>): Record<string, string | Uint8Array> {
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [`${folder}/${path}`, text]));
}

it('survives a manifest that contains itself', async () => {
  const text = 'manifest: 1\nmigrations: &m { directory: migrations, x: *m }\nreleases: []\n';
  const files = memoryFiles({ '/w/upgrade.yaml': text, '/w/migrations/0001_a.up.sql': table });
  expect(await discoverProjects(files, '/w')).toEqual(['/w/upgrade.yaml']);
});
