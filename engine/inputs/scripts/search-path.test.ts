import { expect, test } from 'vitest';
import { memoryFiles } from '../../host/memory-files';
import { flywaySchemasIn, flywaySearchPath, parseFlywaySettings } from './flyway-settings';
import { readMigrations } from './index';
import { schemasInPath, searchPathsIn } from './search-path';

test('reads a search path as PostgreSQL writes it', () => {
  expect(schemasInPath('app, "Other One", "$user", PUBLIC')).toEqual(['app', 'Other One', '$user', 'public']);
  expect(schemasInPath('"a""b"')).toEqual(['a"b']);
});

test.each([
  ['DATABASE_URL="postgres://shop:secret@localhost:5432/shop?sslmode=disable&search_path=app"', [['app']]],
  ['DATABASE_URL=postgresql://localhost/shop?search_path=app%2Cpublic', [['app', 'public']]],
  ['url: postgres://db/shop?options=-csearch_path%3Dapp', [['app']]],
  ['url: postgres://db/shop?options=-c%20search_path%3Dapp,public%20-c%20lock_timeout%3D5s', [['app', 'public']]],
  ['url: postgres://db/shop?options=--search_path%3Dapp', [['app']]],
  ['url: postgres://db/shop?options%5Bsearch_path%5D=app', [['app']]],
  ['url: pgx5://db/shop?x-multi-statement=true&search_path=app', [['app']]],
  ['GOOSE_DBSTRING="host=db user=shop dbname=shop search_path=app,public sslmode=disable"', [['app', 'public']]],
  ['PGOPTIONS: "-c search_path=app"', [['app']]],
  ['export PGOPTIONS=--search_path=app', [['app']]],
  ['url=jdbc:postgresql://db/shop?currentSchema=app', [['app']]],
  ['url=postgres://db/shop?search_path=${SHOP_SCHEMA:-app}', [['app']]],
  ['url=postgres://db/shop?search_path=${SHOP_SCHEMA}', []],
  ['url=postgres://db/shop?search_path={{schema}}', []],
  ['url=postgres://db/shop?schema=app', []],
  ['url=mysql://db/shop?search_path=app', []],
  ['go run ./tool --search_path=app', []],
  ['url=postgres://db/shop?sslmode=disable', []],
])('%s', (text, paths) => {
  expect(searchPathsIn(text, 'dbmate')).toEqual(paths);
});

test('reads what only one tool understands', () => {
  expect(searchPathsIn('postgresql://db/shop?schema=App', 'prisma')).toEqual([['App']]);
  expect(searchPathsIn('"migrate": "node-pg-migrate up --schema app --create-schema"', 'node-pg-migrate')).toEqual([['app']]);
});

test('Flyway puts its schema before the path of its connection', () => {
  const of = (text: string) => flywaySearchPath(parseFlywaySettings(text, 'conf'));
  expect(of('flyway.defaultSchema=app')).toEqual(['app', '$user', 'public']);
  expect(of('flyway.schemas=app,audit')).toEqual(['app', '$user', 'public']);
  expect(of('flyway.url=jdbc:postgresql://db/shop?currentSchema=app')).toEqual(['public', 'app']);
  expect(of('flyway.initSql=SET search_path TO app, public;\nflyway.defaultSchema=app')).toEqual(['app', 'public']);
  expect(of('flyway.table=history')).toBeUndefined();
});

test.each([
  ['spring:\n  flyway:\n    default-schema: app\n', ['app']],
  ['spring.flyway.schemas=app,audit', ['app', 'audit']],
  ['spring.flyway.default-schema=${SHOP_SCHEMA:app}', ['app']],
  ['<artifactId>flyway-maven-plugin</artifactId><configuration><schemas><schema>app</schema></schemas>', ['app']],
  ["flyway {\n  schemas = ['app']\n}", ['app']],
  ['flyway {\n  schemas = arrayOf("app")\n}', ['app']],
  ['command: -url=jdbc:postgresql://db/shop -schemas=app migrate # flyway', ['app']],
  ['FLYWAY_DEFAULT_SCHEMA: app', ['app']],
  ['schemas: app', []],
  ['flyway -defaultSchema=app; flyway -defaultSchema=other', []],
])('the schemas of Flyway in %s', (text, schemas) => {
  expect(flywaySchemasIn(text)).toEqual(schemas);
});

const script = 'CREATE TABLE item (id bigint PRIMARY KEY);\n';

async function pathWith(files: Record<string, string>): Promise<readonly string[] | undefined> {
  const read = await readMigrations(memoryFiles({ '/shop/.git/HEAD': '', ...files }), '/shop/db/migrations', 'auto');
  return read.ok ? read.value.runner.searchPath : undefined;
}

test('the nearest file that starts the tool decides', async () => {
  const one = { '/shop/db/migrations/1_item.sql': `-- migrate:up\n${script}` };
  expect(await pathWith({ ...one, '/shop/.env': 'DATABASE_URL=postgres://db/shop?search_path=app' })).toEqual(['app']);
  const both = {
    '/shop/db/.env': 'DATABASE_URL=postgres://db/a?search_path=near',
    '/shop/.env': 'DATABASE_URL=postgres://db/a?search_path=far',
  };
  expect(await pathWith({ ...one, ...both })).toEqual(['near']);
});

test('a file that names several search paths decides nothing, and neither does one that does not fit the scripts', async () => {
  const one = { '/shop/db/migrations/1_item.sql': `-- migrate:up\n${script}` };
  const two = 'A=postgres://db/a?search_path=app\nB=postgres://db/b?search_path=other\n';
  expect(await pathWith({ ...one, '/shop/.env': two })).toBeUndefined();
  const inPublic = { '/shop/db/migrations/1_item.sql': `-- migrate:up\nCREATE TABLE public.item (id bigint PRIMARY KEY);\n` };
  expect(await pathWith({ ...inPublic, '/shop/.env': 'DATABASE_URL=postgres://db/shop?search_path=app' })).toBeUndefined();
});
