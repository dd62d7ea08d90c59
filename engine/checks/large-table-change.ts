import type { Check } from './check';
import { headOf } from './evidence';

export const check: Check = {
  id: 'large-table-change',
  hazards: ['P40'],
  group: 'locks',
  severity: 'warning',
  summary: 'A table that is large or written all the time is locked, if only for an instant.',
  *statement({ statement }) {
    const isHazard = false;
    if (isHazard) yield { range: headOf(statement), message: 'A table that is large or written all the time is locked, if only for an instant.' };
  },
};
