import { listed } from '../core/wording';
import type { Check } from './check';
import { displayName, headOf } from './support/evidence';
import { firstUnlimitedWait, timeoutFix } from './support/timeouts';

export const check: Check = {
  id: 'statement-timeout-missing',
  hazards: ['P38'],
  group: 'advice',
  severity: 'hint',
  optIn: true,
  summary: 'Nothing ends a statement that takes longer than expected under its lock.',
  *migration(migration, project) {
    const wait = firstUnlimitedWait(migration, project, 'statement_timeout', (ms) => ms > 0);
    if (!wait) return;
    const tables = listed(wait.locks.map(({ table }) => displayName(table)));
    const mended = timeoutFix(wait, 'statement_timeout', '30s');
    yield {
      range: headOf(wait.statement.context.statement),
      message: `If this takes longer than expected, ${tables} stays locked until somebody notices: nothing ends the statement. Set statement_timeout to the longest time that the lock may be kept.`,
      verified: wait.locks.every(({ verified }) => verified),
      ...(mended && { fixes: [mended] }),
    };
  },
};
