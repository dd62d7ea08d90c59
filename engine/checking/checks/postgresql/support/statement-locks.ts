import { LineIndex } from '../../../../core/text';
import { lockModes, type LockMode, type RelationName } from '../../../../databases/observation';
import type { SqlNode } from '../../../../databases/postgresql/sql/statement';
import type { MigrationContext, ProjectContext, StatementContext } from '../../../context/context';
import { statementContexts } from '../../../context/statement-contexts';
import { concurrentLocks } from './concurrent-locks';
import { displayName, locksInForce } from './evidence';
import { type ExpectedLock, expectedLocks } from './expected-locks';
import { isAtLeast, lockTitles } from './table-work';

/** Where an earlier statement of the transaction took a lock. */
interface LockOrigin {
  /** The first line of the statement, shortened. */
  readonly statement: string;
  /** Counted from 1. */
  readonly line: number;
}

/** A lock on a table that existed before the migration, in force while a statement runs. */
export interface StatementLock {
  readonly table: RelationName;
  readonly mode: LockMode;
  /** `syntax` for a lock that could not be observed. */
  readonly basis: 'observed' | 'syntax';
  /** Set for a lock that an earlier statement of the transaction took. */
  readonly origin?: LockOrigin;
}

/** Weaker locks block neither writes nor changes of the schema. */
const weakestNotable: LockMode = 'ShareUpdateExclusive';
const longestStatement = 60;

/** The strongest lock on each table that earlier statements of the transaction took and that blocks writes or changes of the schema. */
export function heldLocks(context: StatementContext): StatementLock[] {
  const { text } = context.script.script;
  const index = new LineIndex(text);
  const held = locksInForce(context)
    .filter(({ since, existedBefore, relationKind }) => since !== context.statement && existedBefore && !/^[iIS]$/.test(relationKind))
    .map(({ table, mode, since }): StatementLock => {
      const origin = { statement: firstLine(since.text), line: index.positionAt(since.start).line + 1 };
      return { table, mode, basis: 'observed', origin };
    });
  return strongest(held);
}

/** The strongest lock on each table that the syntax of a statement lets expect when its locks could not be observed. */
export function locksBySyntax({ statement, observation }: Pick<StatementContext, 'statement' | 'observation'>): StatementLock[] {
  if (!statement.node || observation?.error || observation?.locksKnown) return [];
  return strongest(expected(statement.node).map((lock) => ({ ...lock, basis: 'syntax' })));
}

/**
 * The strongest lock in force on each table that a statement locks so that writes or changes of the schema are blocked, the strongest
 * first: its own, or the one of an earlier statement of the transaction. Empty for a statement that was not run or failed.
 */
export function notableLocks(context: StatementContext): StatementLock[] {
  const { observation, statement } = context;
  if (!observation || observation.error) return [];
  const observed = observation.locks
    .filter(({ existedBefore }) => existedBefore)
    .map(({ table, mode }): StatementLock => ({ table, mode, basis: 'observed' }));
  const own = strongest([...observed, ...locksBySyntax(context)]);
  const named = new Set([...own, ...(statement.node ? expected(statement.node) : [])].map(({ table }) => table));
  return strongest([...own, ...heldLocks(context).filter(({ table }) => named.has(table))]);
}

/** As `notableLocks`, of all statements of a migration. */
export function notableLocksOf(migration: MigrationContext, project: ProjectContext): StatementLock[] {
  const locks = statementContexts(migration, project).flatMap(notableLocks);
  return strongest(locks.filter(({ origin }) => !origin));
}

/** `ACCESS EXCLUSIVE on memories` */
export function lockName({ mode, table }: Pick<StatementLock, 'mode' | 'table'>): string {
  return `${lockTitles[mode]} on ${displayName(table)}`;
}

/** As `lockName`, with `(held)` or `(by syntax)` if it is not what the statement was seen to take. */
export function lockText(lock: StatementLock): string {
  return `${lockName(lock)}${lock.origin ? ' (held)' : lock.basis === 'syntax' ? ' (by syntax)' : ''}`;
}

function expected(node: SqlNode): ExpectedLock[] {
  return [...expectedLocks(node), ...concurrentLocks(node)];
}

/** The strongest notable lock of each table, the strongest first; of two of the same mode the one that was taken earlier. */
function strongest(locks: readonly StatementLock[]): StatementLock[] {
  const found = new Map<RelationName, StatementLock>();
  for (const lock of locks) {
    if (!isAtLeast(lock.mode, weakestNotable)) continue;
    const known = found.get(lock.table);
    if (!known || rank(lock) > rank(known) || (rank(lock) === rank(known) && lock.origin && !known.origin)) found.set(lock.table, lock);
  }
  return [...found.values()].sort((a, b) => rank(b) - rank(a));
}

function rank({ mode }: StatementLock): number {
  return lockModes.indexOf(mode);
}

function firstLine(text: string): string {
  const line = text.split(/\r?\n/, 1)[0]?.trimEnd() ?? '';
  const isWhole = line.length === text.trimEnd().length;
  if (isWhole && line.length <= longestStatement) return line.replace(/;$/, '');
  return `${line.slice(0, longestStatement).trimEnd()} ...`;
}
