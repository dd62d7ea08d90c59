import { listedBriefly } from '../../../../core/wording';
import type { Fix } from '../../../../core/finding';
import type { RelationName } from '../../../../databases/observation';
import type { FindingDraft } from '../../check';
import type { StatementContext } from '../../../context/context';
import { commandOf } from '../../../../databases/postgresql/sql/statement-names';
import { displayName, failsInShadow, headOf, lockEvidence, tablesBornInUnit } from './evidence';
import { fix, insertStatementBefore } from './fixes';
import { firstFitting } from '../../support/headline';
import { settingInForce } from './settings-in-force';
import { blockedBy, lockTitles, type TableWork, tableWork, type WorkText } from './table-work';
import { isOneMessage, transactionOf } from './transactions';

/** Writes a second from which a queue behind an instant's lock is felt. */
const busyTable = 50;

/**
 * True when a lock_timeout other than 0 is in force for the statement by what its script says, so that a queue behind its
 * lock ends soon.
 */
export function hasLockTimeout(context: StatementContext): boolean {
  const value = settingInForce(context, 'lock_timeout');
  return value !== undefined && !/^\s*0/.test(value);
}

/**
 * Tables that the statement itself locks for an instant, so that the queue behind the lock is all the danger. `expected` is
 * what the syntax lets expect where the locks could not be seen.
 */
export function instantLocks(context: StatementContext, expected: readonly Pick<TableWork, 'table' | 'mode'>[] = []): TableWork[] {
  if (lockEvidence(context)) return tableWork(context).filter(({ work, since }) => work === 'none' && since === context.statement);
  if (failsInShadow(context)) return [];
  const born = tablesBornInUnit(context.migration, context.project);
  return expected
    .filter(({ table }) => !born.has(table))
    .map((lock) => ({ ...lock, work: 'none', since: context.statement, verified: false }));
}

/** What a lock for an instant does to the users of the tables: `Queues writes to orders while CREATE TRIGGER waits for SHARE ROW EXCLUSIVE`. */
export function queueBehind({ statement }: StatementContext, locks: readonly Pick<TableWork, 'table' | 'mode'>[]): WorkText {
  const [first] = locks;
  if (!first) return { message: '' };
  const names = locks.map(({ table }) => displayName(table));
  const command = commandOf(statement);
  const queues = (tables: string) => `Queues ${blockedBy(first.mode)} ${tables}`;
  const message = firstFitting([
    `${queues(listedBriefly(names))} while ${command} waits for ${lockTitles[first.mode]}`,
    `${queues(listedBriefly(names))} behind ${command}`,
    `${queues(listedBriefly(names, 1))} behind ${command}`,
  ]);
  return { message, details: queueDetails(locks) };
}

/** Why a lock for an instant matters all the same. */
export function queueDetails(locks: readonly Pick<TableWork, 'mode'>[]): string {
  const [first] = locks;
  const access = first?.mode === 'AccessExclusive' ? 'reads and writes' : 'writes';
  return `The lock itself is brief, but it waits for every open transaction on the ${locks.length === 1 ? 'table' : 'tables'}, and later ${access} queue behind it.`;
}

/** What keeps the queue short. */
export function lockTimeoutAdvice(context: StatementContext): string {
  return `Set a lock timeout and retry: ${lockTimeoutStatement(context)};`;
}

/** SET LOCAL where a transaction is around the statement, or will be when both are sent as one message. */
export function lockTimeoutStatement(context: StatementContext): string {
  const isAlone = transactionOf(context).openedBy === 'none' && !isOneMessage(context);
  return `SET ${isAlone ? '' : 'LOCAL '}lock_timeout = '2s'`;
}

/** Limits how long the statement waits. None inside a block, whose other statements are not in view. */
export function lockTimeoutFixes(context: StatementContext): Fix[] {
  if (context.inside) return [];
  const sql = lockTimeoutStatement(context);
  return [fix(context, `Insert ${sql}`, [insertStatementBefore(context.script, context.statement, sql)])];
}

/** A finding on a lock for an instant; a warning where the statistics show that a table is written to all the time. */
export function instantLockFinding(context: StatementContext, locks: readonly TableWork[], more: Partial<FindingDraft> = {}): FindingDraft {
  const { severity, ...draft } = more;
  const raised = isBusy(
    context,
    locks.map(({ table }) => table),
  )
    ? 'warning'
    : severity;
  return {
    range: headOf(context.statement),
    cause: '',
    ...queueBehind(context, locks),
    advice: lockTimeoutAdvice(context),
    verified: locks.every((lock) => lock.verified),
    fixes: lockTimeoutFixes(context),
    severity: raised,
    ...draft,
  };
}

function isBusy(context: StatementContext, tables: readonly RelationName[]): boolean {
  return tables.some((table) => (context.project.statistics?.tables.get(table)?.writesPerSecond ?? 0) >= busyTable);
}
