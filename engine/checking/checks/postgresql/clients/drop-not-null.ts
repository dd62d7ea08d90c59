import { listedBriefly } from '../../../../core/wording';
import { alterTableCommands, fieldsOf } from '../../../../databases/postgresql/sql/nodes';
import type { Check } from '../../check';
import { columnsBornInUnit, displayName, earlierReleasesRun, headOf, isInUse, lockEvidence, relationOf } from '../support/evidence';

export const check: Check = {
  id: 'drop-not-null',
  hazards: ['P65'],
  severity: 'info',
  summary: 'Allows NULL in a column in which earlier releases always found a value.',
  looksInside: true,
  *statement(context) {
    const { node } = context.statement;
    if (!node || context.observation?.error || !earlierReleasesRun(context)) return;
    const table = relationOf(fieldsOf(node, 'AlterTableStmt')?.relation);
    const columns = alterTableCommands(node).flatMap(({ subtype, name }) =>
      subtype === 'AT_DropNotNull' && name !== undefined ? name : [],
    );
    const born = columnsBornInUnit(context.migration, context.project);
    const loosened = columns.filter((column) => !born.has(`${table}.${column}`));
    if (loosened.length === 0 || !isInUse(context, table)) return;
    yield {
      range: headOf(context.statement),
      cause: '',
      message: `Allows NULL in ${listedBriefly(loosened.map((column) => `${displayName(table)}.${column}`))}, which earlier releases may not expect`,
      details: 'Code that always found a value may fail on the first NULL.',
      advice: 'Release code that can read NULL first, and write NULL only in a later release.',
      verified: lockEvidence(context) !== undefined,
    };
  },
};
