import { describe, expect, it } from 'vitest';
import { memoryFiles } from '../../host/memory-files';
import { readLooseFiles, readMigrations } from './index';

const plainSql = 'CREATE TABLE t (a integer, b text);';
const mysql = 'CREATE TABLE `t` (`a` int unsigned NOT NULL AUTO_INCREMENT) ENGINE=InnoDB;';
const postgresql = 'CREATE TABLE t (a bigserial, b jsonb);';

/** Files of a repository at `/r`, the directory that is read, and the database that its scripts are for. */
interface Case {
  readonly name: string;
  readonly in: string;
  readonly files: Record<string, string>;
  readonly dialect: string;
}

const scripts = (folder: string, ...texts: string[]) =>
  Object.fromEntries(texts.map((text, index) => [`${folder}/${index + 1}_a.sql`, text]));

const written: Record<string, { dialect: string; texts: string[] }> = {
  'MySQL by its types and options': { dialect: 'mysql', texts: [mysql, 'ALTER TABLE t MODIFY COLUMN a bigint;'] },
  'MySQL without backticks': {
    dialect: 'mysql',
    texts: ['CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, n MEDIUMTEXT) DEFAULT CHARSET=utf8mb4;'],
  },
  SQLite: { dialect: 'sqlite', texts: ['CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT);', 'PRAGMA foreign_keys = ON;'] },
  'SQLite with backticks, as drizzle writes it': {
    dialect: 'sqlite',
    texts: ['CREATE TABLE `t` (`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL);'],
  },
  'SQLite by its functions alone': { dialect: 'sqlite', texts: ["CREATE TABLE t (at INTEGER DEFAULT (strftime('%s', 'now')));"] },
  'SQL Server': { dialect: 'sqlserver', texts: ['CREATE TABLE [dbo].[t] ([id] INT IDENTITY(1,1), [n] NVARCHAR(50))\nGO\n'] },
  Oracle: { dialect: 'oracle', texts: ['CREATE TABLE t (id NUMBER(10), n VARCHAR2(20 CHAR));', 'CREATE SEQUENCE s;\n/\n'] },
  ClickHouse: { dialect: 'clickhouse', texts: ['CREATE TABLE t (a UInt64) ENGINE = MergeTree ORDER BY a;'] },
  'PostgreSQL that no other mark is in': { dialect: 'postgresql', texts: [plainSql] },
  'PostgreSQL that names other things in comments': {
    dialect: 'postgresql',
    texts: [`-- was \`id\` AUTO_INCREMENT in MySQL\n/* ENGINE=InnoDB */ ${plainSql}`],
  },
  'PostgreSQL that names other things in strings': {
    dialect: 'postgresql',
    texts: ["INSERT INTO help VALUES ('use AUTO_INCREMENT and `backticks`', $$PRAGMA x; ENGINE=InnoDB$$);", plainSql],
  },
  'PostgreSQL with one script that is wrong': { dialect: 'postgresql', texts: [postgresql, postgresql, mysql] },
  'PostgreSQL with as many scripts that are wrong': { dialect: 'postgresql', texts: [postgresql, mysql] },
  'PostgreSQL with a column named datetime': {
    dialect: 'postgresql',
    texts: ['CREATE TABLE t (datetime timestamp, number integer, engine text);'],
  },
  'PostgreSQL that defines a type of another one': {
    dialect: 'postgresql',
    texts: ['CREATE DOMAIN nvarchar AS text; CREATE TABLE t (a nvarchar);'],
  },
  'PostgreSQL with a mistake of syntax': { dialect: 'postgresql', texts: ['CREATE TABEL t (a int);'] },
  'enum types of PostgreSQL': { dialect: 'postgresql', texts: ["CREATE TYPE e AS\n  ENUM ('a');"] },
};

const cases: readonly Case[] = [
  ...Object.entries(written).map(([name, { dialect, texts }]) => ({ name, in: 'm', files: scripts('m', ...texts), dialect })),
  ...Object.entries({
    'migrations/mysql': 'mysql',
    'mysql/migrations': 'mysql',
    migrations_sqlite: 'sqlite',
    'db/migration/mssql': 'sqlserver',
    'migrations/oracle': 'oracle',
    'sql-server/migrations': 'sqlserver',
    'migrations/mariadb': 'mariadb',
    'migrations/h2': 'h2',
    'migrations/postgres': 'postgresql',
    // Words that mean other things, and folders that are about another database.
    'services/oracle/migrations': 'postgresql',
    'services/h2/migrations': 'postgresql',
    'mysql-import/migrations': 'postgresql',
    'from-mysql-to-postgres/migrations': 'postgresql',
  }).map(([folder, dialect]) => ({ name: `the folder ${folder}`, in: folder, files: scripts(folder, plainSql), dialect })),
  ...Object.entries({
    'migrations/migration_lock.toml': ['provider = "mysql"', 'mysql'],
    'schema.prisma': ['generator client {\n  provider = "prisma-client-js"\n}\ndatasource db {\n  provider = "sqlite"\n}', 'sqlite'],
    'flyway.conf': ['flyway.url=jdbc:sqlserver://localhost', 'sqlserver'],
    'flyway.toml': ['[environments.default]\nurl = "jdbc:mysql://localhost/x"', 'mysql'],
    'application.properties': ['spring.datasource.url=jdbc:mariadb://localhost/x', 'mariadb'],
    'sqitch.conf': ['[core]\n  engine = sqlite', 'sqlite'],
    'atlas.hcl': ['env "local" {\n  dev = "docker://mysql/8/dev"\n}', 'mysql'],
    'dbconfig.yml': ['development:\n  dialect: mysql', 'mysql'],
    'drizzle.config.ts': ["export default { dialect: 'sqlite' }", 'sqlite'],
    'knexfile.js': ["module.exports = { client: 'better-sqlite3' }", 'sqlite'],
    'Cargo.toml': ['[dependencies]\nsqlx = { version = "0.8", features = ["runtime-tokio", "sqlite"] }', 'sqlite'],
    '.env': ['SECRET=x\nDATABASE_URL="mysql://root@localhost/x"', 'mysql'],
    'Cargo.toml of more than one': ['[dependencies]\nsqlx = { features = ["sqlite", "postgres"] }', 'postgresql'],
    '.env.example': ['DATABASE_URL=postgres://localhost/x', 'postgresql'],
    'knexfile.ts': ["export default { dev: { client: 'sqlite3' }, live: { client: 'pg' } }", 'postgresql'],
  }).map(([file, [text = '', dialect = '']]) => ({
    name: `settings in ${file}`,
    in: 'migrations',
    files: { ...scripts('migrations', plainSql), [file.replace(/ of .*/, '')]: text },
    dialect,
  })),
  {
    name: 'no settings beside SQL of PostgreSQL',
    in: 'm',
    files: { ...scripts('m', postgresql), '.env': 'DATABASE_URL=mysql://x' },
    dialect: 'postgresql',
  },
  {
    name: 'no name of a folder beside SQL of PostgreSQL',
    in: 'migrations/mysql',
    files: scripts('migrations/mysql', postgresql),
    dialect: 'postgresql',
  },
  {
    name: 'a name that the SQL supports',
    in: 'mysql-import/m',
    files: scripts('mysql-import/m', plainSql, mysql, plainSql),
    dialect: 'mysql',
  },
  {
    name: 'a name beside one for another database',
    in: 'db-oracle/src/changes',
    files: { ...scripts('db-oracle/src/changes', plainSql), ...scripts('db-postgres/src/changes', plainSql) },
    dialect: 'oracle',
  },
  {
    name: 'files that are for PostgreSQL among others',
    in: 'm',
    files: { 'm/1_a.mysql.up.sql': mysql, 'm/1_a.up.sql': plainSql },
    dialect: 'postgresql',
  },
  {
    name: 'files that are for others alone',
    in: 'm',
    files: { 'm/1_a.mysql.up.sql': plainSql, 'm/1_a.mysql.down.sql': plainSql },
    dialect: 'mysql',
  },
];

describe('knows the database by', () => {
  it.each(cases)('$name', async ({ in: folder, files, dialect }) => {
    const read = await readMigrations(repository(files), `/r/${folder}`, 'plain');
    expect(read).toMatchObject({ ok: true, value: { dialect } });
  });
});

it('says what it was seen by, and nothing where a setting says it', async () => {
  const files = repository(scripts('migrations/mysql', plainSql));
  expect(await readMigrations(files, '/r/migrations/mysql', 'plain')).toMatchObject({
    value: { dialectReason: 'the folder mysql is named for it' },
  });
  const asked = await readMigrations(files, '/r/migrations/mysql', 'plain', 'sqlite');
  expect(asked).toMatchObject({ value: { dialect: 'sqlite' } });
  expect(asked.ok && asked.value.dialectReason).toBeUndefined();
});

it('knows the database of loose files', async () => {
  const files = repository({ 'a.sql': mysql, 'b.sql': plainSql });
  expect(await readLooseFiles(files, ['/r/a.sql', '/r/b.sql'])).toMatchObject({ value: { dialect: 'mysql' } });
  expect(await readLooseFiles(files, ['/r/b.sql'])).toMatchObject({ value: { dialect: 'postgresql' } });
});

it('does not believe the name of the repository', async () => {
  const files = memoryFiles({ '/mysql/.git/HEAD': '', '/mysql/migrations/1_a.sql': plainSql });
  expect(await readMigrations(files, '/mysql/migrations', 'plain')).toMatchObject({ value: { dialect: 'postgresql' } });
});

it('looks at few of very many scripts', async () => {
  const files = repository(scripts('m', ...Array.from({ length: 3000 }, () => mysql + '\n'.repeat(2000))));
  const started = performance.now();
  expect(await readMigrations(files, '/r/m', 'plain')).toMatchObject({ value: { dialect: 'mysql' } });
  expect(performance.now() - started).toBeLessThan(10_000);
});

function repository(files: Record<string, string>) {
  return memoryFiles({ '/r/.git/HEAD': '', ...Object.fromEntries(Object.entries(files).map(([path, text]) => [`/r/${path}`, text])) });
}
