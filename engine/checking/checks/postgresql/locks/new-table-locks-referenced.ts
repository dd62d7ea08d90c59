import type { CreateStmt, RangeVar } from '@pgsql/types';
import { fieldsOf, fieldsOfEach } from '../../../../databases/postgresql/sql/nodes';
import type { Check, FindingDraft } from '../../check';
import type { StatementContext } from '../../../context/context';
import { constraintsIn, elementsOf } from '../support/column-definitions';
import { tableNamed } from '../support/column-types';
import { isOfNewEmptyTable } from '../support/foreign-keys';
import { hasLockTimeout, instantLockFinding, instantLocks, lockTimeoutAdvice, queueDetails } from '../support/instant-locks';
import { type TableWork, tableWork } from '../support/table-work';

export const check: Check = {
  id: 'new-table-locks-referenced',
  hazards: ['P30'],
  severity: 'hint',
  summary: 'Creates a table with a foreign key, whose lock on the referenced table queues writes to that table.',
  supersedes: ['lock-timeout-missing'],
  looksInside: true,
  *statement(context) {
    const create = fieldsOf(context.statement.node, 'CreateStmt');
    const added = isOfNewEmptyTable(context) ? addedBy(context) : undefined;
    if (added && !hasLockTimeout(context)) yield* keyAdded(context, added);
    if (!create || create.partbound || hasLockTimeout(context)) return;
    const referenced = referencedBy(create).map((relation) => ({
      table: tableNamed(context, relation),
      mode: 'ShareRowExclusive' as const,
    }));
    const own = tableNamed(context, create.relation);
    if (referenced.length === 0) return;
    const locks = instantLocks(context, referenced).filter(({ table }) => table !== own);
    const advice = `${lockTimeoutAdvice(context)} Or create the table without the foreign key, and add it in a migration of its own.`;
    if (locks.length > 0) yield instantLockFinding(context, locks, { details: keyLocks(locks), advice });
  },
};

/** The tables that ALTER TABLE adds foreign keys to. */
function addedBy({ statement }: StatementContext): RangeVar[] {
  return fieldsOfEach(elementsOf(statement.node), 'Constraint').flatMap(({ pktable }) => pktable ?? []);
}

/** The shadow's generated rows let it read the other table, which a server does not do for a table without rows. */
function* keyAdded(context: StatementContext, referenced: readonly RangeVar[]): Iterable<FindingDraft> {
  const tables = new Set(referenced.map((relation) => tableNamed(context, relation)));
  const locks = tableWork(context).filter(({ table, since }) => tables.has(table) && since === context.statement);
  if (locks.length > 0) yield instantLockFinding(context, locks, { details: keyLocks(locks) });
}

function keyLocks(locks: readonly TableWork[]): string {
  return `The new foreign key locks the referenced ${locks.length === 1 ? 'table' : 'tables'}. ${queueDetails(locks)}`;
}

/** The tables that the foreign keys of a table definition refer to. */
function referencedBy({ tableElts = [] }: CreateStmt): RangeVar[] {
  return tableElts.flatMap(constraintsIn).flatMap(({ pktable }) => pktable ?? []);
}
