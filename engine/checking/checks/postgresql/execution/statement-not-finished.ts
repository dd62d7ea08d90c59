import type { DatabaseError } from '../../../../databases/observation';
import type { Check } from '../../check';
import { headOf } from '../support/evidence';

type Limit = NonNullable<DatabaseError['gaveUp']>;

const reasons: Partial<Record<Limit, string>> = {
  time: 'the statement took too long in the embedded PostgreSQL',
  memory: 'the statement exceeds the memory or disk of the embedded PostgreSQL',
  crash: 'the statement crashes the embedded PostgreSQL',
};

export const check: Check = {
  id: 'statement-not-finished',
  hazards: [],
  severity: 'warning',
  summary: 'Does not finish in the embedded database, so the statement and those after it are not verified.',
  *statement({ inside, observation, statement }) {
    const limit = observation?.error?.gaveUp;
    const reason = limit && reasons[limit];
    if (reason === undefined || inside) return;
    yield {
      range: headOf(statement),
      severity: limit === 'time' ? 'warning' : 'info',
      verified: false,
      reason: 'stated',
      message: `Not verified: ${reason}`,
      details: 'The rest of this migration is not verified either.',
      advice: 'Try the migration on a copy of a real database.',
    };
  },
};
