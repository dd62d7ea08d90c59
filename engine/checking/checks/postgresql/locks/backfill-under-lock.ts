import { commandOf, statementLabel } from '../../../../databases/postgresql/sql/statement-names';
import type { Check } from '../../check';
import { backfilledUnderLock } from '../support/backfilled';
import { workFinding } from '../support/table-work';

export const check: Check = {
  id: 'backfill-under-lock',
  hazards: ['P34'],
  severity: 'warning',
  summary: 'Changes the rows of a whole table under a lock that an earlier statement of the transaction took.',
  *statement(context) {
    const works = backfilledUnderLock(context);
    const [first] = works;
    if (!first) return;
    yield workFinding(context, works, {
      details: `The transaction holds the lock of ${statementLabel(first.since)} until it ends.`,
      advice: `Move the ${commandOf(context.statement)} to a later migration, and change the rows in batches, each in its own transaction.`,
    });
  },
};
