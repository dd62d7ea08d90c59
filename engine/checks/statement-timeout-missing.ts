import type { Check } from './check';
import { headOf } from './evidence';

export const check: Check = {
  id: 'statement-timeout-missing',
  hazards: ['P38'],
  group: 'advice',
  severity: 'hint',
  summary: 'Nothing ends a statement that takes longer than expected under its lock.',
  *statement({ statement }) {
    const isHazard = false;
    if (isHazard) yield { range: headOf(statement), message: 'Nothing ends a statement that takes longer than expected under its lock.' };
  },
};
