import { nameParts } from '../sql/nodes';
import type { Check, FindingDraft, StatementContext } from './check';
import { failsInShadow, lockEvidence, tablesBornInUnit } from './support/evidence';
import { tableWork, workFinding } from './support/table-work';
import { columnTitle, sqlName, type TypeChange, typeChangesIn } from './support/type-changes';

export const check: Check = {
  id: 'collation-change',
  hazards: ['P20'],
  group: 'locks',
  severity: 'warning',
  summary: 'A column gets another collation, so that its indexes are built anew and its values sort and compare differently.',
  looksInside: true,
  *statement(context) {
    if (failsInShadow(context)) return;
    const born = tablesBornInUnit(context.migration, context.project);
    for (const change of typeChangesIn(context)) {
      if (change.collation && !born.has(change.table) && changesColumn(context, change)) yield finding(context, change);
    }
  },
};

/** False when the shadow saw that the column has the collation already. */
function changesColumn(context: StatementContext, { table, column }: TypeChange): boolean {
  const observation = lockEvidence(context);
  return !observation || observation.changes.some(({ object }) => object === `column ${table}.${column}`);
}

function finding(context: StatementContext, change: TypeChange): FindingDraft {
  const collation = nameParts(change.collation?.['collname']).join('.');
  const title = columnTitle(change);
  const effect = `${title} sorts and compares by the collation "${collation}" from here on, also for releases that still run and expect the old order.`;
  const advice = `Add a column with the collation beside it, build its indexes CONCURRENTLY, and switch over; or state the collation in the queries that need it (ORDER BY ${change.column} COLLATE "${collation}").`;
  const works = tableWork(context).filter(({ table, work }) => table === change.table && work !== 'none');
  const rebuilt = rebuiltIndexes(context);
  const [work] = works;
  if (!work || (lockEvidence(context) && rebuilt.length === 0)) {
    return { range: change.range, severity: 'info', message: `${effect} ${advice}`, verified: lockEvidence(context) !== undefined };
  }
  // The rewrite of the table itself is told by the check of type changes.
  const isRewrite = work.work === 'rewrite' && lockEvidence(context) !== undefined;
  if (isRewrite) return { range: change.range, severity: 'info', message: `${effect} ${advice}` };
  const indexes = rebuilt.length > 0 ? `All indexes on the column (${rebuilt.map(sqlName).join(', ')}) are built anew meanwhile.` : '';
  return workFinding(
    context,
    works.map((each) => ({ ...each, work: 'scan' as const })),
    { range: change.range, advice: [indexes, effect, advice].filter(Boolean).join(' ') },
  );
}

/** Existing indexes that got new storage, while their table did not have to. */
function rebuiltIndexes({ observation }: StatementContext): string[] {
  const indexes = new Set(observation?.locks.filter(({ relationKind }) => /[iI]/.test(relationKind)).map(({ relation }) => relation));
  return (observation?.rewrites ?? []).filter((relation) => indexes.has(relation));
}
