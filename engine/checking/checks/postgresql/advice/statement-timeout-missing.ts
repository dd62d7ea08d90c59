import { listedBriefly } from '../../../../core/wording';
import type { Check } from '../../check';
import { displayName, headOf } from '../support/evidence';
import { firstUnlimitedWait, timeoutFix } from '../support/timeouts';

export const check: Check = {
  id: 'statement-timeout-missing',
  hazards: ['P38'],
  severity: 'hint',
  optIn: true,
  summary: 'Locks a table without a statement_timeout, so a slow statement keeps the lock with no time limit.',
  *migration(migration, project) {
    const wait = firstUnlimitedWait(migration, project, 'statement_timeout', (ms) => ms > 0);
    if (!wait) return;
    const tables = listedBriefly(wait.locks.map(({ table }) => displayName(table)));
    const inserted = timeoutFix(wait, 'statement_timeout', '30s');
    yield {
      range: headOf(wait.statement.context.statement),
      message: `Locks ${tables} with no time limit: no statement_timeout is set`,
      details: 'If the statement takes longer than expected, the lock is held until the statement is canceled by hand.',
      advice: "Set statement_timeout to the longest time that the lock may be held, for example SET statement_timeout = '30s';",
      verified: wait.locks.every(({ verified }) => verified),
      fixes: inserted && [inserted],
    };
  },
};
