import { expect, test } from 'vitest';
import { detectLayout, findMigrationDirectories, layoutNamed, layoutOfFile, readMigrations } from './index';
import { layoutNames } from '../../core/scripts';
import { filesWith, ids, problemsOf, readDirectory } from './testing/test-directories';

test('has a layout for every name', () => {
  expect(layoutNames.map((name) => layoutNamed(name).name)).toEqual([...layoutNames]);
});

test('refuses a missing folder, a file, and scripts that show no layout', async () => {
  const files = filesWith({ 'seed.sql': '', '/q/file': '' });
  expect(await readMigrations(files, '/none', 'auto')).toMatchObject({ ok: false, problem: { code: 'file-not-found', file: '/none' } });
  expect(await readMigrations(files, '/q/file', 'goose')).toMatchObject({ ok: false, problem: { code: 'file-not-found' } });
  expect(await readMigrations(files, '/p/m', 'auto')).toMatchObject({ ok: false, problem: { code: 'layout-unknown' } });
});

test('takes a folder without scripts for the start of numbered files', async () => {
  expect(await readDirectory({ 'README.md': '' })).toMatchObject({ layout: 'plain', migrations: [], problems: [] });
});

test('reads as the layout that was asked for, whatever it looks like', async () => {
  const read = await readDirectory({ '1_a.up.sql': '' }, 'sqlx');
  expect(read).toMatchObject({ layout: 'sqlx', reason: 'The layout sqlx was requested.' });
});

test('accepts a path with a slash at its end', async () => {
  const outcome = await readMigrations(filesWith({ '1_a.sql': '' }), '/p/m/', 'auto');
  expect(outcome).toMatchObject({ ok: true, value: { path: '/p/m' } });
});

test('prefers a marker file to directives and directives to names', async () => {
  expect((await detectLayout(filesWith({ 'sqitch.plan': '', '1_a.sql': '-- +goose Up' }), '/p/m'))?.layout).toBe('sqitch');
  expect((await detectLayout(filesWith({ '1_a.up.sql': '-- +goose Up\n' }), '/p/m'))?.layout).toBe('goose');
  expect((await detectLayout(filesWith({ '1_a.sql': 'SELECT 1; -- +goose Up' }), '/p/m'))?.layout).toBe('plain');
});

test('looks for marker files no further up than the repository', async () => {
  const manifest = { '/p/Cargo.toml': '[dependencies]\nsqlx = "0.8"' };
  expect((await detectLayout(filesWith({ '/p/r/m/1_a.sql': '', ...manifest }), '/p/r/m'))?.layout).toBe('sqlx');
  expect((await detectLayout(filesWith({ '/p/r/m/1_a.sql': '', '/p/r/.git/HEAD': '', ...manifest }), '/p/r/m'))?.layout).toBe('plain');
});

test('finds the migrations directories of a repository, without dependencies and output', async () => {
  const files = filesWith({
    '/r/db/migrations/1_a.sql': '-- migrate:up\n',
    '/r/apps/api/prisma/migrations/migration_lock.toml': '',
    '/r/migrations/postgresql/2020_a/up.sql': '',
    '/r/migrations/sqlite/2020_a/up.sql': '',
    '/r/node_modules/x/migrations/1_a.sql': '',
    '/r/target/1_a.sql': '',
    '/r/.git/1_a.sql': '',
    '/r/src/query.sql': '',
  });
  expect((await findMigrationDirectories(files, '/r')).map(({ path, layout }) => [path, layout])).toEqual([
    ['/r/apps/api/prisma/migrations', 'prisma'],
    ['/r/db/migrations', 'dbmate'],
    ['/r/migrations/postgresql', 'diesel'],
    ['/r/migrations/sqlite', 'diesel'],
  ]);
  expect(await findMigrationDirectories(files, '/r', { maxDepth: 1 })).toEqual([]);
  expect(await findMigrationDirectories(files, '/r/db/migrations')).toHaveLength(1);
  expect(await findMigrationDirectories(files, '/r', { maxFolders: 1 })).toEqual([]);
});

test('keeps ids unique and reports what it leaves out', async () => {
  const pairs = await readDirectory({ '1_a.sql': 'first', '1_a.up.sql': 'second' }, 'sqlx');
  expect(pairs.migrations.map((migration) => migration.up.text)).toEqual(['first']);
  expect(problemsOf(pairs)).toEqual(['duplicate-version 1_a.up.sql']);
  const flyway = await readDirectory({ 'V1__a.sql': '', 'R__b.sql': '', 'sub/R__b.sql': '' });
  expect(ids(flyway)).toEqual(['V1__a', 'R__b']);
  expect(problemsOf(flyway)).toEqual(['duplicate-version sub/R__b.sql']);
});

test('reports a version that is used again further down', async () => {
  const read = await readDirectory({ 'atlas.sum': '', '1.sql': '', '10_b.sql': '', '1_a.sql': '' });
  expect(problemsOf(read)).toEqual(['duplicate-version 1_a.sql']);
});

test('reads two thousand migrations within two seconds', async () => {
  const entries: Record<string, string> = {};
  for (let i = 1; i <= 2000; i++) Object.assign(entries, { [`${i}_x.up.sql`]: 'SELECT 1;', [`${i}_x.down.sql`]: 'SELECT 2;' });
  const files = filesWith(entries);
  const started = performance.now();
  const outcome = await readMigrations(files, '/p/m', 'auto');
  expect(performance.now() - started).toBeLessThan(2000);
  expect(outcome.ok && outcome.value.migrations.length).toBe(2000);
});

test('stops the search when it is cancelled', async () => {
  await expect(
    findMigrationDirectories(filesWith({ '1_a.sql': '' }), '/p', { signal: AbortSignal.abort(new Error('enough')) }),
  ).rejects.toThrow('enough');
});

test('tells which directory a script belongs to', async () => {
  const files = filesWith({
    '/r/sq/sqitch.plan': '',
    '/r/sq/deploy/1_a.sql': '',
    '/r/di/2020_a/up.sql': '',
    '/r/go/1_a.sql': '-- +goose Up\n',
    '/r/loose/query.sql': '',
    '/r/fly/V1__a.sql': '',
    '/r/fly/sub/V2__b.sql': '',
  });
  const owner = async (path: string) => (await layoutOfFile(files, path))?.path;
  expect(await owner('/r/sq/deploy/1_a.sql')).toBe('/r/sq');
  expect(await owner('/r/di/2020_a/up.sql')).toBe('/r/di');
  expect(await owner('/r/di/2021_new/up.sql')).toBe('/r/di');
  expect(await owner('/r/go/1_a.sql')).toBe('/r/go');
  expect(await owner('/r/loose/query.sql')).toBeUndefined();
  expect(await owner('/r/fly/V1__a.sql')).toBe('/r/fly');
});
