import type { Check } from './check';
import { headOf } from './evidence';

export const check: Check = {
  id: 'not-rerunnable',
  hazards: ['P53'],
  group: 'execution',
  severity: 'info',
  summary: 'A script that fails half-way cannot be run again, because what it already did is in its way.',
  *statement({ statement }) {
    const isHazard = false;
    if (isHazard) yield { range: headOf(statement), message: 'A script that fails half-way cannot be run again, because what it already did is in its way.' };
  },
};
