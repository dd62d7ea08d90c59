import { listed, listedBriefly } from '../../../../core/wording';
import { fieldsOf } from '../../../../databases/postgresql/sql/nodes';
import type { Check } from '../../check';
import { displayName, headOf, isInUse, lockEvidence, relationOf } from '../support/evidence';

export const check: Check = {
  id: 'truncate',
  hazards: ['P63'],
  severity: 'warning',
  summary: 'Deletes every row of a table, and blocks reads and writes of it.',
  looksInside: true,
  *statement(context) {
    const truncate = fieldsOf(context.statement.node, 'TruncateStmt');
    if (!truncate || context.observation?.error) return;
    const named = (truncate.relations ?? []).map(relationOf);
    const emptied = named.filter((table) => isInUse(context, table));
    if (emptied.length === 0) return;
    const others = truncate.behavior === 'DROP_CASCADE' ? cascaded(context, named) : [];
    const also = others.length > 0 ? [`CASCADE also truncates ${listed(others.map(displayName))}.`] : [];
    yield {
      range: headOf(context.statement),
      message: `Deletes every row of ${listedBriefly(emptied.map(displayName))} under an ACCESS EXCLUSIVE lock`,
      details: ['The lock blocks reads and writes until the transaction ends.', ...also].join(' '),
      advice: 'Delete rows that are no longer needed in batches.',
      verified: lockEvidence(context) !== undefined,
    };
  },
};

/** Tables that the statement emptied without naming them: they got new storage. */
function cascaded(context: Parameters<NonNullable<Check['statement']>>[0], named: readonly string[]): string[] {
  const evidence = lockEvidence(context);
  const tables = new Set(
    evidence?.locks.filter(({ mode, relationKind }) => mode === 'AccessExclusive' && relationKind === 'r').map(({ table }) => table),
  );
  return [...tables].filter((table) => !named.includes(table) && isInUse(context, table));
}
