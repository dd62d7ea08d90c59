import { backfilledUnderLock } from './backfill-under-lock';
import type { Check, StatementContext } from './check';
import { causesIn } from './support/lock-causes';
import { innerContexts } from './statement-contexts';
import { tableWork, workFinding } from './support/table-work';

export const check: Check = {
  id: 'blocking-lock',
  hazards: ['P33'],
  group: 'locks',
  severity: 'warning',
  summary: 'A statement rewrites or scans a table that is in use while reads or writes of it have to wait.',
  *statement(context) {
    const { node } = context.statement;
    // TRUNCATE gives the table new storage, but reads and writes no row: its own check reports the lock, as another does for domains.
    if (!node || node['TruncateStmt'] || node['AlterDomainStmt'] || causesIn(node).length > 0) return;
    const told = new Set([...backfilledUnderLock(context).map(({ table }) => table), ...toldInside(context)]);
    const works = tableWork(context).filter(({ work, table }) => work !== 'none' && !told.has(table));
    if (works.length > 0) yield workFinding(context, works, { advice: '' });
  },
};

/** The tables of a DO block on which the check of a statement inside reports the work. */
function toldInside(context: StatementContext): string[] {
  return [...innerContexts(context)].flatMap((inner) => {
    const { node } = inner.statement;
    if (!node || causesIn(node).length === 0) return [];
    return tableWork(inner).flatMap(({ table, work }) => (work === 'none' ? [] : table));
  });
}
