import type { Fix } from '../../../../core/finding';
import { cannotRunInTransaction, fieldsOf, nameParts } from '../../../../databases/postgresql/sql/nodes';
import { transactionControl } from '../../../../databases/postgresql/sql/transaction-control';
import type { ParsedStatement, SqlNode } from '../../../../databases/postgresql/sql/statement';
import type { MigrationContext, ProjectContext, StatementContext } from '../../../context/context';
import { fix, insertStatementBefore, replaceStatement } from './fixes';
import { isOneMessage } from './transactions';
import { type LockingStatement, type LockingTransaction, lockingTransactions, type TableLock } from './table-locks';

export type TimeoutSetting = 'lock_timeout' | 'statement_timeout';

/** Longest limit for waiting that helps: queries that queue for longer are an outage. */
export const longestLockTimeoutMs = 60_000;

/** The first statement of an up script that waits for a table in use, and how far a timeout limits it. */
export interface FirstWait {
  readonly statement: LockingStatement;
  readonly transaction: LockingTransaction;
  /** The locks that others have to wait for. */
  readonly locks: readonly TableLock[];
  /** The setting in force, milliseconds, 0 for none; undefined where the script did not set it before. */
  readonly timeoutMs: number | undefined;
  /** The statement that set it. */
  readonly setBy: ParsedStatement | undefined;
  /** A statement that sets it, but too late for this one. */
  readonly setLater: ParsedStatement | undefined;
}

/**
 * The first statement of the migration's up script that locks a table in use while the setting is not good enough;
 * undefined when there is none. Statements for which `isSuperseded` holds are passed over.
 */
export function firstUnlimitedWait(
  migration: MigrationContext,
  project: ProjectContext,
  setting: TimeoutSetting,
  isGood: (milliseconds: number) => boolean,
  isSuperseded: (context: StatementContext) => boolean = () => false,
): FirstWait | undefined {
  const waits = new Map<ParsedStatement, Pick<FirstWait, 'statement' | 'transaction'>>();
  for (const transaction of lockingTransactions(migration, project)) {
    for (const statement of transaction.statements) waits.set(statement.context.statement, { statement, transaction });
  }
  let session: Setting | undefined;
  let local: { readonly value: Setting | undefined } | undefined;
  const { statements } = migration.up;
  for (const [index, statement] of statements.entries()) {
    const { node } = statement;
    const control = node && transactionControl(node);
    if (control === 'commit' || control === 'rollback') local = undefined;
    const change = node && settingIn(node, setting);
    const wait = waits.get(statement);
    if (change) {
      const value = change.milliseconds === undefined ? undefined : { milliseconds: change.milliseconds, by: statement };
      if (!change.isLocal) [session, local] = [value, undefined];
      else if (wait?.transaction.openedBy !== 'none') local = { value };
    }
    const inForce = local ? local.value : session;
    if (!wait || wait.statement.locks.length === 0 || waitsNot(node) || (inForce && isGood(inForce.milliseconds))) continue;
    if (isSuperseded(wait.statement.context)) continue;
    return {
      ...wait,
      locks: wait.statement.locks,
      timeoutMs: inForce?.milliseconds,
      setBy: inForce?.by,
      setLater: statements.slice(index + 1).find((later) => later.node && settingIn(later.node, setting)?.milliseconds),
    };
  }
  return undefined;
}

interface Setting {
  readonly milliseconds: number;
  readonly by: ParsedStatement;
}

/** LOCK TABLE ... NOWAIT fails instead of waiting. */
function waitsNot(node: SqlNode | undefined): boolean {
  return fieldsOf(node, 'LockStmt')?.nowait === true;
}

/**
 * What a statement does to a timeout: SET, RESET or set_config. Milliseconds are undefined where it goes back to the
 * default; a value that cannot be read counts as 1 ms, since it was chosen on purpose.
 */
function settingIn(node: SqlNode, setting: TimeoutSetting): { isLocal: boolean; milliseconds: number | undefined } | undefined {
  const set = fieldsOf(node, 'VariableSetStmt');
  if (set) {
    if (set.kind === 'VAR_RESET_ALL') return { isLocal: false, milliseconds: undefined };
    if (set.name !== setting) return undefined;
    return { isLocal: set.is_local === true, milliseconds: set.kind === 'VAR_SET_VALUE' ? milliseconds(set.args?.[0]) : undefined };
  }
  const target = fieldsOf(fieldsOf(node, 'SelectStmt')?.targetList?.[0], 'ResTarget');
  const call = fieldsOf(target?.val, 'FuncCall');
  const [name, value, isLocal] = call?.args ?? [];
  if (nameParts(call?.funcname).at(-1) !== 'set_config' || constant(name) !== setting) return undefined;
  const boolean = fieldsOf(isLocal, 'A_Const')?.boolval;
  return { isLocal: boolean?.boolval !== undefined, milliseconds: milliseconds(value) };
}

function constant(node: SqlNode | undefined): string | undefined {
  const { sval, ival } = fieldsOf(node, 'A_Const') ?? {};
  return sval?.sval ?? (ival && String(ival.ival ?? 0));
}

const unitMs: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000, '': 1 };

function milliseconds(node: SqlNode | undefined): number {
  const [, number, unit = ''] = /^\s*(\d+(?:\.\d+)?)\s*(us|ms|s|min|h|d)?\s*$/.exec(constant(node) ?? '') ?? [];
  return number === undefined ? 1 : Number(number) * (unitMs[unit] ?? 1);
}

/** `SET LOCAL lock_timeout = '5s'`: for the transaction where there is one, otherwise for the session. */
export function timeoutStatement({ statement, transaction }: FirstWait, setting: TimeoutSetting, value: string): string {
  const isInTransaction = transaction.openedBy !== 'none' || isOneMessage(statement.context);
  return `SET ${isInTransaction ? 'LOCAL ' : ''}${setting} = '${value}'`;
}

/**
 * Sets the timeout before the wait; where it is set to a value that does not help, the value is replaced. Undefined where a second
 * statement would put one into a transaction that must not be in one.
 */
export function timeoutFix(wait: FirstWait, setting: TimeoutSetting, value: string): Fix | undefined {
  const { statement, transaction, setBy } = wait;
  const { context } = statement;
  const { node } = context.statement;
  if (transaction.openedBy === 'none' && isOneMessage(context) && node && cannotRunInTransaction(node)) return undefined;
  const sql = timeoutStatement(wait, setting, value);
  const isSet = setBy?.node && fieldsOf(setBy.node, 'VariableSetStmt') !== undefined;
  const edit = setBy && isSet ? replaceStatement(setBy, sql) : insertStatementBefore(context.script, context.statement, sql);
  return fix(context, setBy && isSet ? `Set ${setting} to '${value}'` : `Insert ${sql}`, [edit]);
}
