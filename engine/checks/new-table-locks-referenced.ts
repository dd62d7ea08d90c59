import { alterTableCommands, asFields, asNodes, fieldsOf, type Fields } from '../sql/nodes';
import type { Check, FindingDraft, StatementContext } from './check';
import { constraintsIn } from './support/column-definitions';
import { tableNamed } from './support/column-types';
import { isOfNewEmptyTable } from './support/foreign-keys';
import { hasLockTimeout, instantLockFinding, instantLocks, lockTimeoutAdvice } from './support/instant-locks';
import { tableWork } from './support/table-work';

export const check: Check = {
  id: 'new-table-locks-referenced',
  hazards: ['P30'],
  group: 'locks',
  severity: 'hint',
  summary: 'A new table with a foreign key makes the writers of the table that it refers to queue behind the lock.',
  looksInside: true,
  *statement(context) {
    const create = fieldsOf(context.statement.node, 'CreateStmt');
    const added = isOfNewEmptyTable(context) ? addedBy(context) : undefined;
    if (added && !hasLockTimeout(context)) yield* keyAdded(context, added);
    if (!create || create['partbound'] || hasLockTimeout(context)) return;
    const referenced = referencedBy(create).map((relation) => ({
      table: tableNamed(context, relation),
      mode: 'ShareRowExclusive' as const,
    }));
    const own = tableNamed(context, create['relation']);
    if (referenced.length === 0) return;
    const locks = instantLocks(context, referenced).filter(({ table }) => table !== own);
    const advice = `${lockTimeoutAdvice(context)} Or make the table without the foreign key and add it in a migration of its own.`;
    if (locks.length > 0) yield instantLockFinding(context, locks, { lead: 'The new foreign key locks a table that is in use.', advice });
  },
};

/** The tables that ALTER TABLE adds foreign keys to. */
function addedBy({ statement }: StatementContext): Fields[] {
  const constraints = statement.node ? alterTableCommands(statement.node).map(({ def }) => fieldsOf(def, 'Constraint')) : [];
  return constraints.flatMap((constraint): Fields[] => {
    const table = asFields(constraint?.['pktable']);
    return table ? [table] : [];
  });
}

/** The made-up rows let the shadow read the other table, which a server does not do for a table without rows. */
function* keyAdded(context: StatementContext, referenced: readonly Fields[]): Iterable<FindingDraft> {
  const tables = new Set(referenced.map((relation) => tableNamed(context, relation)));
  const locks = tableWork(context).filter(({ table, since }) => tables.has(table) && since === context.statement);
  if (locks.length > 0) yield instantLockFinding(context, locks, { lead: 'The new foreign key locks a table that is in use.' });
}

/** The tables that the foreign keys of a table definition refer to. */
function referencedBy(create: Fields): Fields[] {
  const constraints = asNodes(create['tableElts']).flatMap(constraintsIn);
  return constraints.flatMap(({ pktable }): Fields[] => {
    const table = asFields(pktable);
    return table ? [table] : [];
  });
}
