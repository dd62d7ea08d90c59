import { listed, listedBriefly } from '../../../../core/wording';
import type { RelationName } from '../../../../databases/observation';
import { fieldsOf, nodeType } from '../../../../databases/postgresql/sql/nodes';
import { statementLabel } from '../../../../databases/postgresql/sql/statement-names';
import { backfilledUnderLock } from '../support/backfilled';
import type { Check, FindingDraft } from '../../check';
import { displayName, headOf, lockEvidence } from '../support/evidence';
import {
  type HeldTableLock,
  type LockingStatement,
  type LockingTransaction,
  lockingTransactions,
  locksHeldBefore,
} from '../support/table-locks';
import { tableWork } from '../support/table-work';
import { firstFitting } from '../../support/headline';

export const check: Check = {
  id: 'statements-under-exclusive-lock',
  hazards: ['P33'],
  severity: 'info',
  summary: 'Runs further statements while the lock of an earlier one blocks reads and writes of a table in use.',
  *migration(migration, project) {
    for (const transaction of lockingTransactions(migration, project)) {
      const draft = prolonging(transaction);
      if (!draft) continue;
      yield draft;
      return;
    }
  },
};

/** Statements that change next to nothing and take hardly any time; fewer than this are no finding. */
const severalQuickStatements = 2;

function prolonging({ statements }: LockingTransaction): FindingDraft | undefined {
  const quick: FindingDraft[] = [];
  for (const statement of statements) {
    const others = heldByOthers(statement);
    if (others.length > 0 && !widensLock(statement)) {
      if (takesTime(statement)) return draftFor(statement, others);
      if (isWorthTelling(statement)) quick.push(draftFor(statement, others));
    }
  }
  return quick.length >= severalQuickStatements ? quick[0] : undefined;
}

/** The locks held that no other check reports already because the statement works on their tables. */
function heldByOthers({ context }: LockingStatement): HeldTableLock[] {
  const held = new Map<RelationName, HeldTableLock>();
  for (const each of locksHeldBefore(context)) {
    if (each.lock.mode === 'AccessExclusive' && !held.has(each.lock.table)) held.set(each.lock.table, each);
  }
  if (held.size === 0) return [];
  const told = new Set([
    ...backfilledUnderLock(context).map(({ table }) => table),
    ...tableWork(context).flatMap(({ table, work }) => (work === 'none' ? [] : table)),
  ]);
  return [...held.values()].filter(({ lock }) => !told.has(lock.table));
}

/** A statement that locks a further table is for the check of wide locks. */
function widensLock({ locks }: LockingStatement): boolean {
  return locks.some(({ mode }) => mode === 'AccessExclusive');
}

/** False for what belongs to the change under the lock, or costs nothing: settings, comments, grants, more changes of the same table. */
function isWorthTelling({ context }: LockingStatement): boolean {
  const { node } = context.statement;
  const small =
    /^(?:VariableSet|VariableShow|Comment|Grant|GrantRole|AlterOwner|AlterDefaultPrivileges|Notify|SecLabel|Lock|AlterTable|Rename)Stmt$/;
  return node !== undefined && !small.test(nodeType(node));
}

/** True for work that grows with the data: rows read or rewritten as observed, or what may be so by the syntax. */
function takesTime({ context }: LockingStatement): boolean {
  const { node } = context.statement;
  if (!node) return false;
  const observation = lockEvidence(context);
  const type = nodeType(node);
  if (type === 'DoStmt' || type === 'CallStmt') return true;
  if (observation) return observation.scans.length > 0 || observation.rewrites.length > 0;
  if (type === 'InsertStmt') return fieldsOf(fieldsOf(node, type)?.selectStmt, 'SelectStmt')?.fromClause !== undefined;
  return ['UpdateStmt', 'DeleteStmt', 'MergeStmt', 'CopyStmt', 'RefreshMatViewStmt', 'CreateTableAsStmt'].includes(type);
}

function draftFor({ context }: LockingStatement, held: readonly HeldTableLock[]): FindingDraft {
  const tables = held.map(({ lock }) => displayName(lock.table));
  const locker = held[0]?.by.context.statement;
  const blocked = (names: string) => `Runs while an earlier statement blocks reads and writes of ${names}`;
  return {
    range: headOf(context.statement),
    message: firstFitting([blocked(listedBriefly(tables)), blocked(listedBriefly(tables, 1))]),
    details: `${locker ? statementLabel(locker) : 'An earlier statement'} keeps its ACCESS EXCLUSIVE lock${tables.length > 3 ? ` on ${listed(tables)}` : ''} until the transaction ends.`,
    advice: 'Run the locking statement last, or in a migration of its own.',
    verified: held.every(({ lock }) => lock.verified),
    related: held.map(({ lock, by }) => ({
      file: context.script.script.file,
      range: headOf(by.context.statement),
      message: `Locks ${displayName(lock.table)} until the transaction ends.`,
    })),
  };
}
