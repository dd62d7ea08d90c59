import { listed } from '../../../../core/wording';
import { nameParts } from '../../../../databases/postgresql/sql/nodes';
import { identifier } from '../../../../databases/postgresql/sql/quoting';
import type { Check, FindingDraft } from '../../check';
import type { StatementContext } from '../../../context/context';
import { displayName, failsInShadow, lockEvidence, tablesBornInUnit } from '../support/evidence';
import { blockedBy, tableWork, workFinding } from '../support/table-work';
import { columnTitle, type TypeChange, typeChangesIn } from '../support/type-changes';

export const check: Check = {
  id: 'collation-change',
  hazards: ['P20'],
  severity: 'warning',
  summary: 'Changes the collation of a column, which rebuilds its indexes and changes how its values sort and compare.',
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
  const title = columnTitle(change);
  const collation = nameParts(change.collation?.collname).map(identifier).join('.');
  const order = `${title} sorts and compares by ${collation}, also for releases that still run and expect the old order.`;
  const advice = `Add a column with the new collation, build its indexes CONCURRENTLY and switch over to it. Or set the collation in the queries that need it: ORDER BY ${identifier(change.column)} COLLATE ${collation}.`;
  const works = tableWork(context).filter(({ table, work }) => table === change.table && work !== 'none');
  const rebuilt = rebuiltIndexes(context);
  const [work] = works;
  const hasEvidence = lockEvidence(context) !== undefined;
  // The check of type changes reports the rewrite of the table itself.
  if (!work || (hasEvidence && (rebuilt.length === 0 || work.work === 'rewrite'))) {
    const message = `Changes the sort order of ${title}: its collation becomes ${collation}`;
    return { range: change.range, severity: 'info', message, details: order, advice, verified: hasEvidence };
  }
  const scans = works.map((each) => ({ ...each, work: 'scan' as const }));
  const indexes = rebuilt.length === 1 ? listed(rebuilt.map(displayName)) : 'its indexes';
  return workFinding(context, scans, {
    range: change.range,
    message: `Blocks ${blockedBy(work.mode)} ${displayName(change.table)}: the new collation rebuilds ${indexes}`,
    details: [rebuilt.length > 1 && `The rebuilt indexes are ${listed(rebuilt.map(displayName))}.`, order].filter(Boolean).join(' '),
    advice,
  });
}

/** Existing indexes that got new storage, while their table did not. */
function rebuiltIndexes({ observation }: StatementContext): string[] {
  const indexes = new Set(observation?.locks.filter(({ relationKind }) => /[iI]/.test(relationKind)).map(({ relation }) => relation));
  return (observation?.rewrites ?? []).filter((relation) => indexes.has(relation));
}
