import { alterTableCommands, fieldsOf } from '../sql/nodes';
import type { Check } from './check';
import { columnsBornInUnit, displayName, earlierReleasesRun, headOf, isInUse, lockEvidence, relationOf } from './support/evidence';

export const check: Check = {
  id: 'drop-not-null',
  hazards: ['P65'],
  group: 'clients',
  severity: 'info',
  summary: 'A column may hold NULL from now on, which earlier releases have never met in it.',
  looksInside: true,
  *statement(context) {
    const { node } = context.statement;
    if (!node || context.observation?.error || !earlierReleasesRun(context)) return;
    const table = relationOf(fieldsOf(node, 'AlterTableStmt')?.['relation']);
    const columns = alterTableCommands(node).flatMap(({ subtype, name }) =>
      subtype === 'AT_DropNotNull' && name !== undefined ? name : [],
    );
    const born = columnsBornInUnit(context.migration, context.project);
    const loosened = columns.filter((column) => !born.has(`${table}.${column}`));
    if (loosened.length === 0 || !isInUse(context, table)) return;
    yield {
      range: headOf(context.statement),
      cause: '',
      message: `Releases that read ${loosened.map((column) => `${displayName(table)}.${column}`).join(' and ')} can meet NULL from now on, which they could not before. Release code that can read NULL first, and write NULL only in the release after it.`,
      verified: lockEvidence(context) !== undefined,
    };
  },
};
