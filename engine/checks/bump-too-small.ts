import type { Check } from './check';
import { headOf } from './support/evidence';

export const check: Check = {
  id: 'bump-too-small',
  hazards: ['M2', 'M4'],
  group: 'manifest',
  severity: 'warning',
  summary: 'The version of a release promises more compatibility than its changes keep.',
  *statement({ statement }) {
    const isHazard = false;
    if (isHazard) yield { range: headOf(statement), message: 'The version of a release promises more compatibility than its changes keep.' };
  },
};
