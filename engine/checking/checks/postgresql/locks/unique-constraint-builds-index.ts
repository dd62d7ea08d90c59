import type { Check } from '../../check';
import { headOfCommand } from '../support/command-text';
import { indexFirst, indexFirstAdvice, indexFirstFixes } from '../support/constraint-indexes';
import { workCausedBy } from '../support/lock-causes';
import { workFinding } from '../support/table-work';

export const check: Check = {
  id: 'unique-constraint-builds-index',
  hazards: ['P5'],
  severity: 'warning',
  summary: 'Adds a unique constraint whose index build blocks reads and writes of the table.',
  looksInside: true,
  *statement(context) {
    const caused = workCausedBy(context, 'unique-constraint');
    const [cause] = caused?.causes ?? [];
    if (!caused || !cause) return;
    const way = indexFirst(context, cause);
    const column = cause.column ? 'Add the column without UNIQUE. ' : '';
    yield workFinding(context, caused.works, {
      details: 'The server builds the unique index of the constraint under this lock.',
      advice: `${column}${indexFirstAdvice(way)}`,
      range: headOfCommand(context.statement, cause.command),
      fixes: indexFirstFixes(context, cause, way),
    });
  },
};
