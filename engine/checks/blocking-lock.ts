import { backfilledUnderLock } from './backfill-under-lock';
import type { Check } from './check';
import { causesIn } from './lock-causes';
import { tableWork, workFinding } from './table-work';

export const check: Check = {
  id: 'blocking-lock',
  hazards: ['P33'],
  group: 'locks',
  severity: 'warning',
  summary: 'A statement rewrites or scans a table that is in use while reads or writes of it have to wait.',
  *statement(context) {
    const { node } = context.statement;
    if (!node || causesIn(node).length > 0) return;
    const backfilled = new Set(backfilledUnderLock(context).map(({ table }) => table));
    const works = tableWork(context).filter(({ work, table }) => work !== 'none' && !backfilled.has(table));
    if (works.length > 0) yield workFinding(context, works, { advice: '' });
  },
};
