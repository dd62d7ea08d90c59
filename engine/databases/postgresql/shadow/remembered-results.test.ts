import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ReplayStep, ShadowLimits } from '../../observation';
import type { EmbeddedShadow } from './embedded-shadow';
import { createShadow } from './shadow';
import { inTransaction, step } from './testing/replay';

const dist = resolve(import.meta.dirname, '../../../../dist');
const table = step('1', inTransaction('CREATE TABLE memories (id bigint PRIMARY KEY)'), inTransaction('DROP TABLE memories'));
const column = step(
  '2',
  inTransaction('ALTER TABLE memories ADD COLUMN kind text'),
  inTransaction('ALTER TABLE memories DROP COLUMN kind'),
);
const edited = step('2', inTransaction('ALTER TABLE memories ADD COLUMN kind int'));

let cache: string;
const shadows: EmbeddedShadow[] = [];
beforeEach(async () => {
  cache = join(await mkdtemp(join(tmpdir(), 'remembered-')), 'cache');
});
afterEach(async () => {
  await Promise.all(shadows.splice(0).map((shadow) => shadow.dispose()));
  await rm(join(cache, '..'), { recursive: true, force: true });
});

async function start(once = true, limits: Partial<ShadowLimits> = {}): Promise<EmbeddedShadow> {
  const shadow = await createShadow({ worker: `${dist}/shadow-worker.js`, assets: `${dist}/pglite`, cache, once, limits });
  shadows.push(shadow);
  return shadow;
}

/** What a new program says of the chain, and what it ran for that. */
async function said(chain: readonly ReplayStep[]) {
  const shadow = await start();
  const results = [await shadow.observe(chain), await shadow.rehearse(chain)];
  await shadow.dispose();
  return { results, ran: shadow.statistics.statementsRun, opened: shadow.statistics.opens > 0 };
}

it('opens no database for what an earlier program found out', async () => {
  const first = await said([table, column]);
  expect(first.opened).toBe(true);
  expect(await said([table, column])).toEqual({ results: first.results, ran: 0, opened: false });
});

it('runs what was edited after the steps before it', async () => {
  await said([table, column]);
  const { results, opened } = await said([table, edited]);
  expect(opened).toBe(true);
  const fresh = await createShadow({ worker: `${dist}/shadow-worker.js`, assets: `${dist}/pglite` });
  shadows.push(fresh);
  expect(results).toEqual([await fresh.observe([table, edited]), await fresh.rehearse([table, edited])]);
});

it('tries other routines although the scripts are the same', async () => {
  await said([table]);
  const probe = { statement: 0, sql: "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'M8001', DETAIL = '[]'; END $$" };
  const { results } = await said([{ ...table, routines: [probe] }]);
  expect(results[0]?.[0]).toMatchObject({ routines: [{ exists: true }] });
});

it('keeps nothing of a statement that took too long', async () => {
  const shadow = await start(true, { statementMs: 300 });
  const [observed] = await shadow.observe([step('1', inTransaction('SELECT count(*) FROM generate_series(1, 1000000000)'))]);
  expect(observed?.statements[0]?.error?.gaveUp).toBe('time');
  await shadow.dispose();
  expect(await readdir(cache).catch(() => [])).toEqual([]);
});

it('keeps nothing where a down script took too long', async () => {
  const looping = step(
    '2',
    inTransaction('ALTER TABLE memories ADD COLUMN kind text'),
    inTransaction('DO $$ BEGIN LOOP PERFORM 1; END LOOP; END $$'),
  );
  const shadow = await start(true, { statementMs: 300 });
  const [, trip] = await shadow.rehearse([table, looping]);
  expect(trip?.failure?.error.gaveUp).toBe('time');
  await shadow.dispose();
  expect(await readdir(cache).catch(() => [])).toEqual([]);
});

it('runs everything again when the file is damaged', async () => {
  const first = await said([table, column]);
  const file = join(cache, (await readdir(cache))[0] ?? '');
  const bytes = await readFile(file);
  bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1;
  await writeFile(file, bytes);
  expect(await said([table, column])).toEqual(first);
});

it('prepares the database for the next edit when nothing else is asked', async () => {
  await said([table, column]);
  const shadow = await start(false);
  await shadow.observe([table, column]);
  expect(shadow.statistics.opens).toBe(0);
  await vi.waitFor(() => expect(shadow.statistics.statementsRun).toBe(2), { timeout: 20_000 });
  const opens = shadow.statistics.opens;
  await shadow.observe([table, edited]);
  expect(shadow.statistics).toMatchObject({ statementsRun: 3, opens });
});

it('says that the database is not there before anything is asked', async () => {
  const opening = createShadow({ worker: `${dist}/shadow-worker.js`, assets: `${dist}/nowhere`, cache });
  await expect(opening).rejects.toMatchObject({ problem: { code: 'shadow-unavailable' } });
});
