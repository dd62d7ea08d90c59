import { describe, expect, test } from 'vitest';
import { DatabaseFailure } from '../../target';
import { setsOwnLockTimeout, withLockRetry } from './locking';

function clock() {
  const slept: number[] = [];
  return {
    slept,
    now: () => new Date(0),
    sleep: async (ms: number) => {
      slept.push(ms);
    },
  };
}

const lockNotAvailable = () => new DatabaseFailure({ sqlstate: '55P03', message: 'canceling statement due to lock timeout' });

describe('waiting for a lock', () => {
  test('tries five times, steps aside for longer each time, and then tells the error', async () => {
    const fake = clock();
    let tries = 0;
    const work = async (): Promise<never> => {
      tries++;
      throw lockNotAvailable();
    };
    const lost: number[] = [];
    const run = { clock: fake, signal: undefined, onLockLost: (attempt: number) => void lost.push(attempt) };
    await expect(withLockRetry(run, work)).rejects.toMatchObject({ error: { sqlstate: '55P03' } });
    expect(lost).toEqual([1, 2, 3, 4, 5]);
    expect(tries).toBe(5);
    expect(fake.slept).toEqual([500, 1000, 2000, 4000]);
  });

  test('goes on as soon as it got it, and repeats nothing that failed for another reason', async () => {
    const fake = clock();
    let tries = 0;
    const second = async (): Promise<string> => {
      if (++tries === 1) throw lockNotAvailable();
      return 'done';
    };
    expect(await withLockRetry({ clock: fake, signal: undefined }, second)).toBe('done');
    let others = 0;
    const refused = async (): Promise<never> => {
      others++;
      throw new DatabaseFailure({ sqlstate: '42P01', message: 'no such table' });
    };
    await expect(withLockRetry({ clock: fake, signal: undefined }, refused)).rejects.toThrow('no such table');
    expect(others).toBe(1);
  });

  test('leaves a script alone that says itself how long it waits', () => {
    expect(setsOwnLockTimeout("SET lock_timeout = '1s'; alter table a add b int;")).toBe(true);
    expect(setsOwnLockTimeout('alter table a add b int;')).toBe(false);
  });
});
