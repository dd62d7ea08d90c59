import type { LockMode, RelationName } from '../shadow/observation';
import type { MigrationContext, ProjectContext, StatementContext } from './check';
import { failsInShadow, lockEvidence, tablesBornInUnit } from './evidence';
import { expectedLocks } from './expected-locks';
import { statementContexts } from './statement-contexts';
import { blocksWrites, isAtLeast } from './table-work';
import { type ScriptTransaction, transactionsOf } from './transactions';

/** A lock that makes others wait for a table that was in use before the deployment unit. */
export interface TableLock {
  readonly table: RelationName;
  readonly mode: LockMode;
  /** False when only the syntax tells. */
  readonly verified: boolean;
}

/** A statement with the locks that it takes and its transaction did not have before. */
export interface LockingStatement {
  readonly context: StatementContext;
  /** The strongest for each table. */
  readonly locks: readonly TableLock[];
}

/** One transaction of an up script, statement by statement. */
export interface LockingTransaction {
  readonly openedBy: ScriptTransaction['openedBy'];
  readonly statements: readonly LockingStatement[];
}

const cache = new WeakMap<MigrationContext, readonly LockingTransaction[]>();

/** The transactions of the migration's up script with the locks that they take on tables in use; control statements left out. */
export function lockingTransactions(migration: MigrationContext, project: ProjectContext): readonly LockingTransaction[] {
  const cached = cache.get(migration);
  if (cached) return cached;
  const contexts = new Map([...statementContexts(migration, project)].map((context) => [context.statement, context]));
  const transactions = transactionsOf(migration.up, project).map(({ openedBy, statements }) => ({
    openedBy,
    statements: statements.flatMap((statement) => {
      const context = contexts.get(statement);
      return context ? [{ context, locks: locksTakenBy(context) }] : [];
    }),
  }));
  cache.set(migration, transactions);
  return transactions;
}

/** Locks on tables that were in use, taken by earlier statements of the transaction, with the statement that took each. */
export function locksHeldBefore(transaction: LockingTransaction, statement: LockingStatement): { lock: TableLock; by: LockingStatement }[] {
  const earlier = transaction.statements.slice(0, transaction.statements.indexOf(statement));
  return earlier.flatMap((by) => by.locks.map((lock) => ({ lock, by })));
}

/** Relations that people read and write: tables, partitioned tables, materialized views. */
const tableKinds: ReadonlySet<string> = new Set(['r', 'p', 'm']);

function locksTakenBy(context: StatementContext): TableLock[] {
  const { node } = context.statement;
  if (!node || failsInShadow(context)) return [];
  const born = tablesBornInUnit(context.migration, context.project);
  const observation = lockEvidence(context);
  const assumed = new Set(context.migration.assumed.map(({ object }) => object));
  const locks = observation
    ? observation.locks
        .filter(({ existedBefore, relationKind }) => existedBefore && tableKinds.has(relationKind))
        .map(({ table, mode }) => ({ table, mode, verified: !assumed.has(`table ${table}`) }))
    : expectedLocks(node).map((lock) => ({ ...lock, verified: false }));
  const strongest = new Map<RelationName, TableLock>();
  for (const lock of locks) {
    if (born.has(lock.table) || !blocksWrites(lock.mode)) continue;
    const known = strongest.get(lock.table);
    if (!known || isAtLeast(lock.mode, known.mode)) strongest.set(lock.table, lock);
  }
  return [...strongest.values()];
}
