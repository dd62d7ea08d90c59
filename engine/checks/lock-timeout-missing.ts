import { listed } from '../core/wording';
import type { Check, StatementContext } from './check';
import { check as detachPartitionBlocks } from './detach-partition-blocks';
import { check as dropForeignKeyLocksBoth } from './drop-foreign-key-locks-both';
import { check as dropTableLocksReferenced } from './drop-table-locks-referenced';
import { check as newTableLocksReferenced } from './new-table-locks-referenced';
import { check as policyChangeLocks } from './policy-change-locks';
import { displayName, headOf } from './support/evidence';
import { lockTitles } from './support/table-work';
import { type FirstWait, firstUnlimitedWait, longestLockTimeoutMs, timeoutFix } from './support/timeouts';
import { check as triggerChangeLocks } from './trigger-change-locks';

/** Checks that ask for a lock_timeout themselves, or for a way without the lock, wherever they report something. */
const tellers: readonly Check[] = [
  detachPartitionBlocks,
  dropForeignKeyLocksBoth,
  dropTableLocksReferenced,
  newTableLocksReferenced,
  policyChangeLocks,
  triggerChangeLocks,
];

export const check: Check = {
  id: 'lock-timeout-missing',
  hazards: ['P37'],
  group: 'locks',
  severity: 'hint',
  summary: 'A statement waits for a lock without limit, and everything queues behind it.',
  *migration(migration, project) {
    const isGood = (milliseconds: number) => milliseconds > 0 && milliseconds <= longestLockTimeoutMs;
    const wait = firstUnlimitedWait(migration, project, 'lock_timeout', isGood, isTold);
    if (!wait) return;
    const { context } = wait.statement;
    const [lock] = wait.locks;
    const tables = listed(wait.locks.map(({ table }) => displayName(table)));
    const mode = lock ? lockTitles[lock.mode] : '';
    const mended = timeoutFix(wait, 'lock_timeout', '5s');
    const verified = wait.locks.every((each) => each.verified);
    yield {
      range: headOf(context.statement),
      message: `While this statement waits for its ${mode} lock on ${tables}, behind one long query, every later query that conflicts waits behind it, ${lengthOf(wait)}. Set lock_timeout to a few seconds before it and run the migration again when it is exceeded; this is not needed where the migration runner or the role sets one.${verified ? '' : ' This is judged without the table at hand.'}`,
      verified,
      ...(wait.setLater && {
        related: [
          {
            file: context.script.script.file,
            range: headOf(wait.setLater),
            message: 'lock_timeout is set here, after the lock was taken.',
          },
        ],
      }),
      ...(mended && { fixes: [mended] }),
    };
  },
};

function isTold(context: StatementContext): boolean {
  return tellers.some((teller) => [...(teller.statement?.(context) ?? [])].length > 0);
}

function lengthOf({ timeoutMs, setLater }: FirstWait): string {
  if (timeoutMs === 0) return 'and lock_timeout = 0 lets that last for ever';
  if (timeoutMs !== undefined) return `and lock_timeout lets that last for ${timeoutMs / 1000} seconds`;
  return setLater ? 'and lock_timeout is set only after it' : 'for as long as that query runs';
}
