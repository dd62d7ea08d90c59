import type { Check } from './check';
import { headOf } from './evidence';

export const check: Check = {
  id: 'lock-timeout-missing',
  hazards: ['P37'],
  group: 'locks',
  severity: 'hint',
  summary: 'A statement waits for a lock without limit, and everything queues behind it.',
  *statement({ statement }) {
    const isHazard = false;
    if (isHazard) yield { range: headOf(statement), message: 'A statement waits for a lock without limit, and everything queues behind it.' };
  },
};
