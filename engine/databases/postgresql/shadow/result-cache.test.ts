import type * as fs from 'node:fs/promises';
import { mkdtemp, readdir, readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { silentLogger } from '../../../core/host';
import { ResultCache, type StoredResult } from './result-cache';

const disk = vi.hoisted(() => ({ isFull: false }));
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof fs>();
  const full = (): Promise<never> => Promise.reject(Object.assign(new Error('no space left'), { code: 'ENOSPC' }));
  const write: typeof fs.writeFile = async (path, data, options) => {
    if (!disk.isFull) return real.writeFile(path, data, options);
    await real.writeFile(path, 'half', options);
    return full();
  };
  return { ...real, writeFile: write };
});

const results: StoredResult[] = [
  { kind: 'observe', key: 'a', value: { statements: [{ error: undefined, locks: [] }] } },
  { kind: 'rehearse', key: 'b', value: { message: 'ü', rowsRestored: null } },
];
let parent: string;
let folder: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'result-cache-'));
  folder = join(parent, 'cache');
});
afterEach(async () => {
  disk.isFull = false;
  await rm(parent, { recursive: true, force: true });
});

const cacheOf = (stamp = 'one') => new ResultCache(folder, stamp, silentLogger);
const files = () => readdir(folder);
const onlyFile = async () => join(folder, (await files())[0] ?? '');

it('gives back what was saved under the name', async () => {
  await cacheOf().save('history', results);
  expect(await cacheOf().load('history')).toEqual(results);
  expect(await cacheOf().load('another')).toEqual([]);
});

it('knows nothing when the folder was deleted, and makes it again', async () => {
  await cacheOf().save('history', results);
  await rm(folder, { recursive: true });
  expect(await cacheOf().load('history')).toEqual([]);
  await cacheOf().save('history', results);
  expect(await cacheOf().load('history')).toEqual(results);
});

it('trusts no file of another version or with other limits', async () => {
  await cacheOf('one').save('history', results);
  expect(await cacheOf('two').load('history')).toEqual([]);
  const worker = join(parent, 'worker.js');
  await writeFile(worker, '1');
  const stamp = await ResultCache.stampOf([worker], { statementMs: 1 });
  expect(await ResultCache.stampOf([worker], { statementMs: 1 })).toBe(stamp);
  expect(await ResultCache.stampOf([worker], { statementMs: 2 })).not.toBe(stamp);
  await writeFile(worker, '2');
  expect(await ResultCache.stampOf([worker], { statementMs: 1 })).not.toBe(stamp);
});

it('trusts no file that was cut off or in which anything was changed', async () => {
  await cacheOf().save('history', results);
  const file = await onlyFile();
  const whole = await readFile(file);
  await fc.assert(
    fc.asyncProperty(fc.nat(whole.length - 1), async (length) => {
      await writeFile(file, whole);
      await truncate(file, length);
      expect(await cacheOf().load('history')).toEqual([]);
    }),
    { numRuns: 30 },
  );
  await fc.assert(
    fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), async (place, change) => {
      const damaged = Buffer.from(whole);
      damaged[place] = (damaged[place] ?? 0) ^ change;
      await writeFile(file, damaged);
      // White space between the parts of the header says the same.
      expect([JSON.stringify([]), JSON.stringify(results)]).toContain(JSON.stringify(await cacheOf().load('history')));
    }),
    { numRuns: 100 },
  );
});

it('keeps the last of two programs that save at once, whole', async () => {
  const many = Array.from({ length: 20 }, (_, index): StoredResult[] => [
    { kind: 'observe', key: String(index), value: 'x'.repeat(10_000) },
  ]);
  await Promise.all(many.map((each) => cacheOf().save('history', each)));
  expect(many).toContainEqual(await cacheOf().load('history'));
  expect(await files()).toHaveLength(1);
});

it('keeps what it has when the disk is full, and leaves nothing half-made', async () => {
  await cacheOf().save('history', results);
  disk.isFull = true;
  await cacheOf().save('history', [{ kind: 'observe', key: 'c', value: {} }]);
  expect(await cacheOf().load('history')).toEqual(results);
  expect(await files()).toHaveLength(1);
});

it('does without a folder that cannot be made', async () => {
  await writeFile(folder, 'a file');
  await cacheOf().save('history', results);
  expect(await cacheOf().load('history')).toEqual([]);
});

it.runIf(process.platform === 'linux')('ends where a folder can never be made', async () => {
  await new ResultCache('/proc/mem8-upgrade/cache', 'one', silentLogger).save('history', results);
});

it('removes the files that were used longest ago when they are too large together', async () => {
  const noise = (seed: number): StoredResult[] => [{ kind: 'observe', key: String(seed), value: randomBytes(9 * 1024 * 1024) }];
  const dated = new Set<string>();
  for (let index = 0; index < 8; index++) {
    await cacheOf().save(String(index), noise(index));
    // Files are used in the order of their numbers.
    const then = new Date(Date.now() - (10 - index) * 60_000);
    for (const name of (await files()).filter((each) => !dated.has(each))) {
      dated.add(name);
      await utimes(join(folder, name), then, then);
    }
  }
  expect(await cacheOf().load('0')).toEqual([]);
  expect(await cacheOf().load('7')).toHaveLength(1);
  expect((await files()).length).toBe(7);
});
