import type { Check } from './check';
import { headOf } from './evidence';

export const check: Check = {
  id: 'invalid-index-kept',
  hazards: ['P42'],
  group: 'execution',
  severity: 'warning',
  summary: 'A failed concurrent build leaves an invalid index that IF NOT EXISTS takes for the wanted one.',
  *statement({ statement }) {
    const isHazard = false;
    if (isHazard) yield { range: headOf(statement), message: 'A failed concurrent build leaves an invalid index that IF NOT EXISTS takes for the wanted one.' };
  },
};
