import type { DatabaseError } from '../shadow/observation';
import type { Check } from './check';
import { headOf } from './support/evidence';

type Limit = NonNullable<DatabaseError['gaveUp']>;

const reasons: Partial<Record<Limit, string>> = {
  time: 'the statement did not finish in time in the embedded PostgreSQL',
  memory: 'the statement needs more memory or disk than the embedded PostgreSQL has',
  crash: 'the embedded PostgreSQL does not survive the statement',
};

export const check: Check = {
  id: 'statement-not-finished',
  hazards: [],
  group: 'execution',
  severity: 'warning',
  summary: 'A statement did not finish in the embedded database, so it and what follows are not verified.',
  *statement({ inside, observation, statement }) {
    const limit = observation?.error?.gaveUp;
    const reason = limit && reasons[limit];
    if (reason === undefined || inside) return;
    yield {
      range: headOf(statement),
      severity: limit === 'time' ? 'warning' : 'info',
      verified: false,
      message: `Not verified: ${reason}. What follows it in this migration is not verified either. Try it on a copy of a real database.`,
    };
  },
};
