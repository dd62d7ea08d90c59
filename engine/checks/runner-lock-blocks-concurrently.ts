import { isConcurrent, nodeType } from '../sql/nodes';
import { statementLabel } from '../sql/statement-names';
import type { SqlNode } from '../sql/statement';
import type { Check } from './check';
import { headOf } from './support/evidence';
import { transactionOf } from './support/transactions';

export const check: Check = {
  id: 'runner-lock-blocks-concurrently',
  hazards: ['P41'],
  group: 'execution',
  severity: 'error',
  summary: 'A CONCURRENTLY statement waits without end for the transaction in which the migration tool holds its own lock.',
  *statement(context) {
    const { statement, project, inside } = context;
    const setting = project.directory?.runner.lockTransaction;
    if (setting === undefined || inside || !statement.node || !waitsForOldTransactions(statement.node)) return;
    if (transactionOf(context).openedBy !== 'none') return;
    const tool = project.directory?.layout === 'flyway' ? 'Flyway' : 'The migration tool';
    yield {
      range: headOf(statement),
      message: `${statementLabel(statement)} never ends: ${tool} holds its own lock in a transaction that the statement waits for. Set ${setting}.`,
    };
  },
};

/** CREATE INDEX and REINDEX wait for every older transaction at their end; the other CONCURRENTLY statements only for users of the table. */
function waitsForOldTransactions(node: SqlNode): boolean {
  return isConcurrent(node) && /^(?:IndexStmt|ReindexStmt)$/.test(nodeType(node));
}
