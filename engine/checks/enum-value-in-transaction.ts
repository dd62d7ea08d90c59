import type { Check } from './check';
import { headOf } from './evidence';

export const check: Check = {
  id: 'enum-value-in-transaction',
  hazards: ['P43'],
  group: 'execution',
  severity: 'error',
  summary: 'A new enum value is used in the transaction that adds it, which PostgreSQL refuses.',
  *statement({ statement }) {
    const isHazard = false;
    if (isHazard) yield { range: headOf(statement), message: 'A new enum value is used in the transaction that adds it, which PostgreSQL refuses.' };
  },
};
