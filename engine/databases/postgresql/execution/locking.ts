import type { RetriedRun } from '../../execution';
import { DatabaseFailure } from '../../target';

/** How long a statement may wait for a lock before it steps aside, so that nobody queues behind it for longer. */
const lockTimeoutMs = 3000;
const attempts = 5;
const firstPauseMs = 500;

export const setLockTimeout = `set local lock_timeout = ${lockTimeoutMs}`;

/** True for a script that decides itself how long it waits. */
export function setsOwnLockTimeout(sql: string): boolean {
  return /\block_timeout\b/i.test(sql);
}

/** Runs a whole transaction, again after a growing pause when it did not get a lock in time. */
export async function withLockRetry<T>(run: RetriedRun, work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      const lost = error instanceof DatabaseFailure && error.isOfLocks;
      if (lost) run.onLockLost?.(attempt, attempts);
      if (!lost || attempt === attempts) throw error;
      await run.clock.sleep(firstPauseMs * 2 ** (attempt - 1), run.signal);
    }
  }
}
