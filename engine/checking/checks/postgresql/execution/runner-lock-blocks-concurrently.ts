import { isConcurrent, nodeType } from '../../../../databases/postgresql/sql/nodes';
import { commandOf } from '../../../../databases/postgresql/sql/statement-names';
import type { SqlNode } from '../../../../databases/postgresql/sql/statement';
import type { Check } from '../../check';
import { headOf } from '../support/evidence';
import { transactionOf } from '../support/transactions';

export const check: Check = {
  id: 'runner-lock-blocks-concurrently',
  hazards: ['P41'],
  severity: 'error',
  summary: 'Runs a CONCURRENTLY statement that waits for the transaction of its own migration tool and never ends.',
  *statement(context) {
    const { statement, project, inside } = context;
    const setting = project.directory?.runner.lockTransaction;
    if (setting === undefined || inside || !statement.node || !waitsForOldTransactions(statement.node)) return;
    if (transactionOf(context).openedBy !== 'none') return;
    const tool = project.directory?.layout === 'flyway' ? 'Flyway' : 'the migration tool';
    yield {
      range: headOf(statement),
      message: `${commandOf(statement)} never ends: it waits for the lock transaction of ${tool}`,
      advice: `Set ${setting}.`,
    };
  },
};

/** CREATE INDEX and REINDEX wait for every older transaction at their end; the other CONCURRENTLY statements only for users of the table. */
function waitsForOldTransactions(node: SqlNode): boolean {
  return isConcurrent(node) && /^(?:IndexStmt|ReindexStmt)$/.test(nodeType(node));
}
