import type { Check } from './check';
import { headOf } from './evidence';

export const check: Check = {
  id: 'concurrently-in-transaction',
  hazards: ['P41'],
  group: 'execution',
  severity: 'error',
  summary: 'A statement that must run outside a transaction runs inside one, so PostgreSQL refuses it.',
  *statement({ statement }) {
    const isHazard = false;
    if (isHazard) yield { range: headOf(statement), message: 'A statement that must run outside a transaction runs inside one, so PostgreSQL refuses it.' };
  },
};
