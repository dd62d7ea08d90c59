import type { LockMode, RelationName } from '../../../../databases/observation';
import type { ParsedStatement } from '../../../../databases/postgresql/sql/statement';
import type { MigrationContext, ProjectContext, StatementContext } from '../../../context/context';
import { failsInShadow, lockEvidence, namesAfter, tablesBornInUnit } from './evidence';
import { expectedLocks } from './expected-locks';
import { statementContexts } from '../../../context/statement-contexts';
import { blocksWrites, isAtLeast, keepsOffNobody } from './table-work';
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
  /** Control statements are left out. */
  readonly statements: readonly LockingStatement[];
}

interface ScriptLocks {
  readonly transactions: readonly LockingTransaction[];
  readonly places: ReadonlyMap<
    ParsedStatement,
    { readonly own: LockingStatement; readonly earlier: readonly HeldTableLock[]; readonly count: number }
  >;
}

/** A lock that an earlier statement of the transaction took. */
export interface HeldTableLock {
  readonly lock: TableLock;
  readonly by: LockingStatement;
}

const cache = new WeakMap<MigrationContext, ScriptLocks>();

/** The transactions of the migration's up script with the locks that they take on tables in use. */
export function lockingTransactions(migration: MigrationContext, project: ProjectContext): readonly LockingTransaction[] {
  return scriptLocks(migration, project).transactions;
}

/** The locks on tables in use that a statement of an up script takes and its transaction did not have before. */
export function locksTakenBy({ migration, project, statement }: StatementContext): readonly TableLock[] {
  return scriptLocks(migration, project).places.get(statement)?.own.locks ?? [];
}

/** The locks on tables in use that earlier statements of the transaction took, in their order. */
export function locksHeldBefore({ migration, project, statement }: StatementContext): readonly HeldTableLock[] {
  const place = scriptLocks(migration, project).places.get(statement);
  return place?.earlier.slice(0, place.count) ?? [];
}

function scriptLocks(migration: MigrationContext, project: ProjectContext): ScriptLocks {
  const cached = cache.get(migration);
  if (cached) return cached;
  const contexts = new Map([...statementContexts(migration, project)].map((context) => [context.statement, context]));
  const places = new Map<ParsedStatement, { own: LockingStatement; earlier: readonly HeldTableLock[]; count: number }>();
  const transactions = transactionsOf(migration.up, project).map(({ openedBy, statements }) => {
    let earlier: HeldTableLock[] = [];
    const locking = statements.flatMap((statement) => {
      const context = contexts.get(statement);
      if (!context) return [];
      const own = { context, locks: observedOrExpectedLocks(context) };
      places.set(statement, { own, earlier, count: earlier.length });
      earlier.push(...own.locks.map((lock) => ({ lock, by: own })));
      const nameAfter = namesAfter(statement, context.observation);
      if (nameAfter) earlier = earlier.map(({ lock, by }) => ({ lock: { ...lock, table: nameAfter(lock.table) }, by }));
      return own;
    });
    return { openedBy, statements: locking };
  });
  const found = { transactions, places };
  cache.set(migration, found);
  return found;
}

/** Relations that people read and write: tables, partitioned tables, materialized views. */
const tableKinds: ReadonlySet<string> = new Set(['r', 'p', 'm']);

function observedOrExpectedLocks(context: StatementContext): TableLock[] {
  const { node } = context.statement;
  if (!node || failsInShadow(context)) return [];
  const born = tablesBornInUnit(context.migration, context.project);
  const observation = lockEvidence(context);
  const assumed = new Set(context.migration.assumed.map(({ object }) => object));
  const locks = observation
    ? observation.locks
        .filter((lock) => lock.existedBefore && tableKinds.has(lock.relationKind) && !keepsOffNobody(lock))
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
