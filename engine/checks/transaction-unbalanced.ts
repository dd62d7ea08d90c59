import type { Check } from './check';
import { headOf } from './evidence';

export const check: Check = {
  id: 'transaction-unbalanced',
  hazards: ['P54'],
  group: 'execution',
  severity: 'warning',
  summary: 'BEGIN and COMMIT do not fit together, so the script runs in other transactions than it seems.',
  *statement({ statement }) {
    const isHazard = false;
    if (isHazard) yield { range: headOf(statement), message: 'BEGIN and COMMIT do not fit together, so the script runs in other transactions than it seems.' };
  },
};
