import type { Check } from './check';
import { headOf } from './evidence';

export const check: Check = {
  id: 'mergeable-alter-table',
  hazards: ['P36'],
  group: 'locks',
  severity: 'hint',
  summary: 'Several ALTER TABLE statements on one table could be one.',
  *statement({ statement }) {
    const isHazard = false;
    if (isHazard) yield { range: headOf(statement), message: 'Several ALTER TABLE statements on one table could be one.' };
  },
};
