import type { Check } from './check';
import { headOf } from './evidence';

export const check: Check = {
  id: 'table-locked-repeatedly',
  hazards: ['P39'],
  group: 'locks',
  severity: 'info',
  summary: 'Several migrations of one release lock the same table in use.',
  *statement({ statement }) {
    const isHazard = false;
    if (isHazard) yield { range: headOf(statement), message: 'Several migrations of one release lock the same table in use.' };
  },
};
