import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { memoryFiles } from '../../host/memory-files';
import { systemClock } from '../../host/node-host';
import { pgliteTarget } from '../../databases/postgresql/connections/pglite-target';
import { readStatistics, statisticsText } from './statistics-file';
import { takeStatistics } from './take-statistics';

const assets = resolve(import.meta.dirname, '../../../dist/pglite');
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'statistics-test-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('takes the estimates of a target, sums partitions and leaves out what was never analysed', async () => {
  const session = await pgliteTarget({ name: 'local', path: join(folder, 'data'), assets, protected: false, clock: systemClock }).open();
  try {
    await session.execute(`
      CREATE TABLE memories AS SELECT generate_series(1, 500) AS id;
      CREATE TABLE unknown (id int);
      CREATE TABLE parts (id int) PARTITION BY RANGE (id);
      CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (1) TO (100);
      CREATE TABLE parts_2 PARTITION OF parts FOR VALUES FROM (100) TO (200);
      INSERT INTO parts SELECT generate_series(1, 150);
      ANALYZE memories; ANALYZE parts_1; ANALYZE parts_2;`);
    const tables = await takeStatistics(session);
    expect([...tables].map(([name, { rows }]) => [name, rows])).toEqual([
      ['public.memories', 500],
      ['public.parts', 150],
      ['public.parts_1', 99],
      ['public.parts_2', 51],
    ]);
    expect(tables.get('public.memories')?.bytes).toBeGreaterThan(8192);
    expect(tables.get('public.memories')?.writesPerSecond).toBeUndefined();
  } finally {
    await session.close();
  }
});

it('reads what it writes', async () => {
  const tables = new Map([
    ['public.b', { rows: 5, bytes: 8192, writesPerSecond: undefined }],
    ['public.a', { rows: 0, bytes: 0, writesPerSecond: 1.5 }],
  ]);
  const text = statisticsText('2026-01-31T12:00:00.000Z', tables);
  const read = await readStatistics(memoryFiles({ '/w/s.json': text }), '/w/s.json');
  expect([...read.tables.keys()]).toEqual(['public.a', 'public.b']);
  expect(read.tables).toEqual(tables);
  expect(read).toMatchObject({ file: '/w/s.json', takenAt: '2026-01-31T12:00:00.000Z' });
});

it.each([
  ['{', 'it is not valid JSON'],
  ['{ "version": 2, "takenAt": "2026-01-31T12:00:00Z", "tables": {} }', 'version'],
  ['{ "version": 1, "takenAt": "2026-01-31T12:00:00Z", "tables": { "public.a": { "rows": -1, "bytes": 0 } } }', 'tables.public.a.rows'],
  ['{ "version": 1, "takenAt": "2026-01-31T12:00:00Z", "tables": { "a": { "rows": 1, "bytes": 0 } } }', 'tables.a'],
])('refuses %s and names the place', async (text, place) => {
  await expect(readStatistics(memoryFiles({ '/w/s.json': text }), '/w/s.json')).rejects.toMatchObject({
    problem: { code: 'statistics-invalid', file: '/w/s.json', message: expect.stringContaining(place) as string },
  });
});
