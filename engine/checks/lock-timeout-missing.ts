import type { Check } from './check';
import { displayName, headOf } from './support/evidence';
import { listed, lockTitles } from './support/table-work';
import { type FirstWait, firstUnlimitedWait, longestLockTimeoutMs, timeoutFix } from './support/timeouts';

export const check: Check = {
  id: 'lock-timeout-missing',
  hazards: ['P37'],
  group: 'locks',
  severity: 'hint',
  summary: 'A statement waits for a lock without limit, and everything queues behind it.',
  *migration(migration, project) {
    const wait = firstUnlimitedWait(migration, project, 'lock_timeout', (ms) => ms > 0 && ms <= longestLockTimeoutMs);
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

function lengthOf({ timeoutMs, setLater }: FirstWait): string {
  if (timeoutMs === 0) return 'and lock_timeout = 0 lets that last for ever';
  if (timeoutMs !== undefined) return `and lock_timeout lets that last for ${timeoutMs / 1000} seconds`;
  return setLater ? 'and lock_timeout is set only after it' : 'for as long as that query runs';
}
