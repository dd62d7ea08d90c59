import { backfilledUnderLock } from '../support/backfilled';
import type { Check } from '../../check';
import type { StatementContext } from '../../../context/context';
import { causesIn } from '../support/lock-causes';
import { innerContexts } from '../support/inner-contexts';
import { type TableWork, tableWork, workFinding } from '../support/table-work';

export const check: Check = {
  id: 'blocking-lock',
  hazards: ['P33'],
  severity: 'warning',
  summary: 'Scans or rewrites a table that is in use, under a lock that blocks reads or writes.',
  *statement(context) {
    const { node } = context.statement;
    // TRUNCATE gives the table new storage, but reads and writes no row: its own check reports the lock, as another does for domains.
    if (!node || 'TruncateStmt' in node || 'AlterDomainStmt' in node || causesIn(node).length > 0) return;
    const reported = new Set([...backfilledUnderLock(context).map(({ table }) => table), ...reportedInside(context)]);
    const works = tableWork(context).filter(({ work, table }) => work !== 'none' && !reported.has(table));
    if (works.length > 0) yield workFinding(context, works, { advice: adviceOn(context, works) });
  },
};

function adviceOn({ statement }: StatementContext, works: readonly TableWork[]): string {
  return works.some(({ since }) => since !== statement)
    ? 'Move this statement to a migration of its own, so that it runs without the lock.'
    : 'Split the statement, so that the scan or rewrite runs in a transaction that does not hold the lock.';
}

/** The tables of a DO block on which the check of a statement inside reports the work. */
function reportedInside(context: StatementContext): string[] {
  return [...innerContexts(context)].flatMap((inner) => {
    const { node } = inner.statement;
    if (!node || causesIn(node).length === 0) return [];
    return tableWork(inner).flatMap(({ table, work }) => (work === 'none' ? [] : table));
  });
}
