import fs from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemClock } from '../../../host/node-host';
import { ProblemError } from '../../../core/problem';
import { DatabaseFailure, type TargetSession } from '../../target';
import { pgliteTarget } from './pglite-target';

const assets = resolve(import.meta.dirname, '../../../../dist/pglite');
const { writeSync } = fs;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'full-disk-'));
});
afterEach(async () => {
  diskTakes(Infinity);
  await rm(folder, { recursive: true, force: true });
});

/** From now on, the disk takes so many bytes. */
function diskTakes(bytes: number): void {
  let left = bytes;
  const limited = (...args: Parameters<typeof writeSync>): number => {
    const written = Buffer.byteLength(args[1] as string | NodeJS.ArrayBufferView);
    left -= written;
    if (left < 0)
      throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', errno: -28, syscall: 'write' });
    return writeSync(...args);
  };
  fs.writeSync = (bytes === Infinity ? writeSync : limited) as typeof writeSync;
  syncBuiltinESMExports();
}

const target = () => pgliteTarget({ name: 'local', path: join(folder, 'data'), assets, protected: false, clock: systemClock });

async function reasonOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
}

async function fill(session: TargetSession): Promise<unknown> {
  for (;;) {
    const reason = await reasonOf(session.execute("INSERT INTO words SELECT n, repeat('word', 200) FROM generate_series(1, 2000) n"));
    if (reason) return reason;
  }
}

function expectFull(reason: unknown): void {
  if (!(reason instanceof ProblemError)) throw reason;
  expect(reason.problem).toMatchObject({ code: 'disk-full', file: join(folder, 'data') });
  expect(reason.problem.remedy).toBe('Free space on the disk and run the command again. What was committed is still there.');
}

it.each([0, 1_000_000, 9_000_000])('ends when the disk takes only %i more bytes, and loses nothing that was committed', async (bytes) => {
  const first = await target().open();
  await first.execute("CREATE TABLE words (id integer, word text); INSERT INTO words VALUES (0, 'kept')");
  diskTakes(bytes);
  let reason = await fill(first);
  if (reason instanceof DatabaseFailure) {
    // The server undid the statement itself; where its log finds no room it ends.
    expect(reason.error.sqlstate).toBe('53100');
    diskTakes(0);
    reason = await reasonOf(first.execute("UPDATE words SET word = 'kept' WHERE id = 0"));
  }
  expectFull(reason);
  expectFull(await reasonOf(first.query('SELECT 1')));
  await first.close();

  expectFull(await reasonOf(target().open()));
  diskTakes(Infinity);
  const again = await target().open();
  expect(await again.query('SELECT word FROM words WHERE id = 0')).toEqual([{ word: 'kept' }]);
  await again.close();
});
