import type { Check } from './check';
import { headOf } from './support/evidence';

export const check: Check = {
  id: 'budget-exceeded',
  hazards: ['M23'],
  group: 'locks',
  severity: 'warning',
  summary: 'A migration takes longer than the manifest allows, by an estimate.',
  *statement({ statement }) {
    const isHazard = false;
    if (isHazard) yield { range: headOf(statement), message: 'A migration takes longer than the manifest allows, by an estimate.' };
  },
};
