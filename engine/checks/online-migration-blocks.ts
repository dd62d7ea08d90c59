import type { Check } from './check';
import { headOf } from './support/evidence';

export const check: Check = {
  id: 'online-migration-blocks',
  hazards: ['M22'],
  group: 'locks',
  severity: 'error',
  summary: 'A migration that promises to run while the system works keeps others from a table.',
  *statement({ statement }) {
    const isHazard = false;
    if (isHazard) yield { range: headOf(statement), message: 'A migration that promises to run while the system works keeps others from a table.' };
  },
};
