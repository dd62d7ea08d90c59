import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startPostgres, type RunningPostgres } from '../../test/support/postgres';
import { makeProject, type TestProject } from '../running/testing/project';

const rows = 4000;

const manifest = (url: string, transform: string) => `
manifest: 1
system: shop
migrations: { layout: golang-migrate }
targets:
  local: { driver: postgresql, url: "${url}", protected: false }
releases:
  - version: 1.0.0
    migrations:
      - 1_item
      - { id: 2_fill, transform: { table: item, key: id, set: { lower: lower(name) }, ${transform} undo: { lower: "null" } } }
`;

const scripts = {
  '1_item.up.sql': `CREATE TABLE item (id int PRIMARY KEY, name text NOT NULL, lower text);
INSERT INTO item SELECT n, 'Name ' || n, null FROM generate_series(1, ${rows}) n;
`,
  '1_item.down.sql': 'DROP TABLE item;',
};

let server: RunningPostgres;
let project: TestProject;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());
afterEach(() => project.remove());

/** Rows that the server read from the table, by any way. */
async function read(): Promise<number> {
  const [row] = await project.query(
    "SELECT seq_tup_read + coalesce(idx_tup_fetch, 0) AS read FROM pg_stat_all_tables WHERE relname = 'item'",
  );
  return Number(row?.read);
}

test.each([
  ['a condition of which no statistics tell how many rows meet it', 'batch: 50, where: "lower IS DISTINCT FROM lower(name)",'],
  ['a column without values', 'batch: 50, where: "lower IS NULL",'],
  ['no condition', 'batch: 50,'],
  ['no batch size', 'where: "lower IS NULL",'],
])('a transform with %s reads each row a few times, whatever the number of batches', { timeout: 120_000 }, async (_, transform) => {
  project = await makeProject({ manifest: manifest(await server.createDatabase(), transform), scripts });
  expect(await project.upgrades.perform({ migration: '1_item', backup: false })).toMatchObject({ ok: true });
  const before = await read();
  expect(await project.upgrades.perform({ backup: false })).toMatchObject({ ok: true, value: { verified: true } });
  expect((await read()) - before).toBeLessThan(8 * rows);
  expect(await project.query('SELECT count(*) AS rows FROM item WHERE lower = lower(name)')).toEqual([{ rows }]);
  expect(await project.query("SELECT 1 AS known FROM pg_stats WHERE tablename = 'item' AND attname = 'lower'")).toEqual([{ known: 1 }]);

  expect(await project.rollbacks.perform({ migration: '2_fill', backup: false })).toMatchObject({ ok: true });
  expect(await project.query('SELECT count(*) AS rows FROM item WHERE lower IS NULL')).toEqual([{ rows }]);
});
