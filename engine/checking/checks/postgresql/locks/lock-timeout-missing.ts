import { listedBriefly } from '../../../../core/wording';
import type { Check } from '../../check';
import { displayName, headOf } from '../support/evidence';
import { firstFitting } from '../../support/headline';
import { lockTitles } from '../support/table-work';
import { type FirstWait, firstUnlimitedWait, longestLockTimeoutMs, timeoutFix, timeoutStatement } from '../support/timeouts';
import { spokenTime } from '../support/work-time';

export const check: Check = {
  id: 'lock-timeout-missing',
  hazards: ['P37'],
  severity: 'hint',
  summary: 'Waits for a lock without a useful time limit, while later queries of the table queue behind it.',
  *migration(migration, project, isSuperseded) {
    const isGood = (milliseconds: number) => milliseconds > 0 && milliseconds <= longestLockTimeoutMs;
    const wait = firstUnlimitedWait(migration, project, 'lock_timeout', isGood, isSuperseded);
    if (!wait) return;
    const { context } = wait.statement;
    const timeout = timeoutFix(wait, 'lock_timeout', suggested);
    yield {
      range: headOf(context.statement),
      message: headline(wait),
      details:
        'While the statement waits behind a long transaction, later conflicting queries queue behind it. A timeout that the migration runner or the role sets is not known here.',
      advice: `Set lock_timeout before the statement, and retry when it is exceeded: ${timeoutStatement(wait, 'lock_timeout', suggested)};`,
      verified: wait.locks.every((each) => each.verified),
      related: wait.setLater && [
        { file: context.script.script.file, range: headOf(wait.setLater), message: 'Sets lock_timeout after the lock is taken.' },
      ],
      fixes: timeout && [timeout],
    };
  },
};

const suggested = '5s';

function headline({ locks, timeoutMs, setLater }: FirstWait): string {
  const [lock] = locks;
  const names = locks.map(({ table }) => displayName(table));
  const on = (tables: string) => `${lock ? lockTitles[lock.mode] : ''} on ${tables}`;
  const waits = (what: string) => {
    if (timeoutMs === 0) return `Waits for ${what} without limit: lock_timeout is 0`;
    if (timeoutMs !== undefined) return `Waits up to ${spokenTime(timeoutMs / 1000)} for ${what}: lock_timeout is too long`;
    return setLater ? `Waits for ${what} before lock_timeout is set` : `Waits for ${what} without a lock_timeout`;
  };
  return firstFitting([waits(on(listedBriefly(names))), waits(on(listedBriefly(names, 1)))]);
}
