import type { Check } from './check';
import { headOfCommand } from './support/command-text';
import { workCausedBy } from './support/lock-causes';
import { workFinding } from './support/table-work';

export const check: Check = {
  id: 'exclusion-constraint-builds-index',
  hazards: ['P7'],
  group: 'locks',
  severity: 'warning',
  summary: 'An exclusion constraint builds its index while reads and writes of the table wait.',
  looksInside: true,
  *statement(context) {
    const caused = workCausedBy(context, 'exclusion-constraint');
    if (!caused) return;
    yield workFinding(context, caused.works, { advice, range: headOfCommand(context.statement, caused.causes[0]?.command) });
  },
};

const advice =
  'PostgreSQL has no way to add an exclusion constraint to a table in use: its index cannot be built CONCURRENTLY, and it cannot be NOT VALID. Put it on a new table that is filled in batches and takes the place of the old one, or add it while the system is down.';
