import type { Fix } from '../../../../core/finding';
import { fieldsOf } from '../../../../databases/postgresql/sql/nodes';
import type { Check } from '../../check';
import type { StatementContext } from '../../../context/context';
import { fix, headerHint, insertAfter, leavingTransaction } from '../support/fixes';
import { workCausedBy } from '../support/lock-causes';
import { partitionedTableOf } from '../support/partitions';
import { workFinding } from '../support/table-work';

export const check: Check = {
  id: 'index-not-concurrent',
  hazards: ['P1'],
  severity: 'warning',
  summary: 'Builds an index under a lock that blocks every write to its table.',
  looksInside: true,
  *statement(context) {
    const caused = workCausedBy(context, 'create-index');
    if (!caused || partitionedTableOf(context) !== undefined) return;
    const advice = `Use CREATE INDEX CONCURRENTLY, in a migration of its own that runs outside a transaction${headerHint(context)}.`;
    yield workFinding(context, caused.works, { advice, fixes: fixes(context) });
  },
};

function fixes(context: StatementContext): Fix[] {
  // With IF NOT EXISTS a broken index of a failed build would be taken for the wanted one.
  if (fieldsOf(context.statement.node, 'IndexStmt')?.if_not_exists === true) return [];
  const around = leavingTransaction(context);
  const edit = insertAfter(context.statement, /^create\s+(?:unique\s+)?index/i, ' CONCURRENTLY');
  return around && edit ? [fix(context, 'Build the index CONCURRENTLY', [...around, edit])] : [];
}
