import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { openEmbedded } from './embedded';
import { MemoryFiles } from './memory-files';
import { readTemplate } from './template';

const assets = resolve(import.meta.dirname, '../../../../dist/pglite');
const fill = 'CREATE TABLE filled AS SELECT repeat(md5(i::text), 60) FROM generate_series(1, 20000) i';

it('keeps the data from one instance to the next', async () => {
  const data = new MemoryFiles(await readTemplate(assets));
  const first = await openEmbedded({ assets, data, configuration: ['shared_buffers=8MB'] });
  await first.exec(`CREATE UNLOGGED TABLE numbers AS SELECT i FROM generate_series(1, 5000) i; ${fill}`);
  await first.exec('CREATE DATABASE other');
  await first.close();
  const second = await openEmbedded({ assets, data });
  expect((await second.query('SELECT sum(i) FROM numbers')).rows).toEqual([{ sum: 12_502_500 }]);
  expect((await second.query('SELECT count(*) FROM filled')).rows).toEqual([{ count: 20_000 }]);
  expect((await second.query('SHOW shared_buffers')).rows).toEqual([{ shared_buffers: '8MB' }]);
  await second.close();
  const other = await openEmbedded({ assets, data, database: 'other' });
  expect((await other.query("SELECT to_regclass('numbers') AS found")).rows).toEqual([{ found: null }]);
  await other.close();
});

it('lets the server find its disk full at the limit, and use what is removed', async () => {
  const database = await openEmbedded({ assets, data: new MemoryFiles(await readTemplate(assets), 150) });
  await database.exec('CREATE TABLE keep AS SELECT 1 AS one');
  for (let run = 0; run < 3; run++) {
    await database.exec(fill);
    await database.exec('DROP TABLE filled; CHECKPOINT');
  }
  await expect(database.exec(fill.replace('20000', '60000'))).rejects.toMatchObject({ code: '53100' });
  expect((await database.query('SELECT one FROM keep')).rows).toEqual([{ one: 1 }]);
  await database.close();
});

it('starts each database from contents of its own', async () => {
  const [first, second] = await Promise.all(
    [1, 2].map(async () => openEmbedded({ assets, data: new MemoryFiles(await readTemplate(assets)) })),
  );
  await first?.exec('CREATE TABLE mine (a int); CHECKPOINT');
  expect((await second?.query("SELECT to_regclass('mine') AS found"))?.rows).toEqual([{ found: null }]);
  await first?.exec('CREATE DATABASE copy');
  await Promise.all([first?.close(), second?.close()]);
});
