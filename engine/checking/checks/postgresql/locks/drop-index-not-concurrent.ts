import type { Fix } from '../../../../core/finding';
import { fieldsOf, nameFromList, type QualifiedName, relationName } from '../../../../databases/postgresql/sql/nodes';
import type { Check, FindingDraft } from '../../check';
import type { StatementContext } from '../../../context/context';
import type { RelationName } from '../../../../databases/observation';
import { failsInShadow, headOf, lockEvidence, qualifiedName, relationOf, tablesBornInUnit } from '../support/evidence';
import { expectedLocks } from '../support/expected-locks';
import { fix, headerHint, insertAfter, leavingTransaction } from '../support/fixes';
import { lockTimeoutAdvice, queueBehind, queueDetails } from '../support/instant-locks';
import { onceUnlessSized, tableWork, type TableWork } from '../support/table-work';
import { transactionOf } from '../support/transactions';

export const check: Check = {
  id: 'drop-index-not-concurrent',
  hazards: ['P2'],
  severity: 'warning',
  summary: 'Drops an index under a lock behind which all reads and writes of its table queue.',
  looksInside: true,
  *statement(context) {
    const drop = fieldsOf(context.statement.node, 'DropStmt');
    if (drop?.removeType !== 'OBJECT_INDEX' || drop.concurrent === true) return;
    const indexes = (drop.objects ?? []).flatMap((object) => nameFromList(object) ?? []);
    if (!lockEvidence(context)) {
      if (!failsInShadow(context) && !indexes.every(({ name }) => isOfNewTable(context, name))) yield withoutEvidence(context);
      return;
    }
    const locks = context.inside ? lockedByBlock(context, indexes) : lockedBy(context);
    if (locks.length === 0) return;
    const isPartitioned = context.observation?.locks.some(({ relationKind }) => relationKind === 'I') === true;
    const isPlain = indexes.length === 1 && drop.behavior !== 'DROP_CASCADE' && !isPartitioned;
    yield {
      range: headOf(context.statement),
      severity: locks.every(({ table }) => isLockedLater(context, table)) ? 'info' : undefined,
      ...onceUnlessSized(
        context,
        locks.map(({ table }) => table),
        0,
      ),
      message: queueBehind(context, locks).message,
      details: [queueDetails(locks), ...(isPartitioned ? ['The index of a partitioned table cannot be dropped CONCURRENTLY.'] : [])].join(
        ' ',
      ),
      advice: isPartitioned ? lockTimeoutAdvice(context) : concurrentAdvice(context),
      verified: locks.every(({ verified }) => verified),
      fixes: isPlain ? fixes(context) : [],
    };
  },
};

/** The tables whose readers and writers queue; a lock that the transaction had before does not count. */
function lockedBy(context: StatementContext): TableWork[] {
  return tableWork(context).filter(({ mode, since }) => mode === 'AccessExclusive' && since === context.statement);
}

/** True when the transaction alters or drops the table later anyway, so that a separate DROP INDEX would not avoid the queue. */
function isLockedLater(context: StatementContext, table: RelationName): boolean {
  return transactionOf(context).later.some(({ node }) => {
    const drop = fieldsOf(node, 'DropStmt');
    if (drop?.removeType === 'OBJECT_TABLE') {
      return (drop.objects ?? []).flatMap((object) => nameFromList(object) ?? []).some((name) => qualifiedName(name) === table);
    }
    const alter = fieldsOf(node, 'AlterTableStmt');
    return (
      alter !== undefined &&
      node !== undefined &&
      relationOf(alter.relation) === table &&
      expectedLocks(node).some(({ mode }) => mode === 'AccessExclusive')
    );
  });
}

/** Inside a DO block the locks are those of the whole block: the tables of the dropped indexes are this statement's. */
function lockedByBlock({ observation, migration, project, statement }: StatementContext, indexes: readonly QualifiedName[]): TableWork[] {
  const born = tablesBornInUnit(migration, project);
  const dropped = (observation?.locks ?? []).filter(
    ({ relation, relationKind, existedBefore }) =>
      existedBefore && /^[iI]$/.test(relationKind) && indexes.some(({ name }) => relation.endsWith(`.${name}`)),
  );
  const tables = new Set(dropped.flatMap(({ table, relation }) => (table === relation || born.has(table) ? [] : table)));
  return [...tables].map((table) => ({ table, mode: 'AccessExclusive', work: 'none', since: statement, verified: true }));
}

function concurrentAdvice(context: StatementContext): string {
  return `Use DROP INDEX CONCURRENTLY for one index per statement, without CASCADE, in a migration of its own that runs outside a transaction${headerHint(context)}.`;
}

function withoutEvidence(context: StatementContext): FindingDraft {
  return {
    range: headOf(context.statement),
    message: 'Queues reads and writes of the indexed table while DROP INDEX waits for ACCESS EXCLUSIVE',
    details: queueDetails([{ mode: 'AccessExclusive' }]),
    advice: concurrentAdvice(context),
    verified: false,
  };
}

/** By the scripts: an index of that name is created on a table that is not in use yet. */
function isOfNewTable({ migration, project }: StatementContext, index: string): boolean {
  const born = tablesBornInUnit(migration, project);
  return migration.up.statements.some(({ node }) => {
    const create = fieldsOf(node, 'IndexStmt');
    const table = relationName(create?.relation);
    if (!table || create?.idxname !== index) return false;
    return born.has(qualifiedName(table));
  });
}

function fixes(context: StatementContext): Fix[] {
  const around = leavingTransaction(context);
  const edit = insertAfter(context.statement, /^drop\s+index/i, ' CONCURRENTLY');
  return around && edit ? [fix(context, 'Drop the index CONCURRENTLY', [...around, edit])] : [];
}
