import type { Check } from './check';
import { headOf } from './support/evidence';

export const check: Check = {
  id: 'bump-too-large',
  hazards: ['M3'],
  group: 'manifest',
  severity: 'hint',
  summary: 'The version of a release announces a break that its changes do not hold.',
  *statement({ statement }) {
    const isHazard = false;
    if (isHazard) yield { range: headOf(statement), message: 'The version of a release announces a break that its changes do not hold.' };
  },
};
