import type { Check } from '../../check';
import { headOfCommand } from '../support/command-text';
import { workCausedBy } from '../support/lock-causes';
import { workFinding } from '../support/table-work';

export const check: Check = {
  id: 'exclusion-constraint-builds-index',
  hazards: ['P7'],
  severity: 'warning',
  summary: 'Adds an exclusion constraint, which builds its index under a lock that blocks reads and writes.',
  looksInside: true,
  *statement(context) {
    const caused = workCausedBy(context, 'exclusion-constraint');
    if (!caused) return;
    yield workFinding(context, caused.works, { details, advice, range: headOfCommand(context.statement, caused.causes[0]?.command) });
  },
};

const details = 'An exclusion constraint cannot be NOT VALID, and its index cannot be built CONCURRENTLY.';
const advice =
  'Create a new table with the constraint, fill it in batches and swap the tables, or add the constraint while the system is down.';
