import type { TransactionStmtKind } from '@pgsql/types';
import { fieldsOf } from './nodes';
import type { ParsedStatement, SqlNode } from './statement';
import type { TransactionControl } from '../../statement';

/** The one reading of BEGIN, COMMIT and the runner's own transaction: for runs, the rehearsal and the checks. */

/** A statement of transaction control, with everything that it states. */
export interface TransactionStatement {
  readonly control: TransactionControl;
  /** What BEGIN states of its transaction, e.g. `ISOLATION LEVEL SERIALIZABLE`; else empty. */
  readonly modes: string;
  /** COMMIT or ROLLBACK AND CHAIN: another transaction begins at once. */
  readonly chains: boolean;
  /** PREPARE TRANSACTION. */
  readonly prepares: boolean;
}

const controls: { readonly [Kind in TransactionStmtKind]?: TransactionControl } = {
  TRANS_STMT_BEGIN: 'begin',
  TRANS_STMT_START: 'begin',
  TRANS_STMT_COMMIT: 'commit',
  TRANS_STMT_PREPARE: 'commit',
  TRANS_STMT_ROLLBACK: 'rollback',
  TRANS_STMT_SAVEPOINT: 'savepoint',
  TRANS_STMT_RELEASE: 'savepoint',
  TRANS_STMT_ROLLBACK_TO: 'savepoint',
};

/**
 * What the statement does to the transaction that is open: PREPARE TRANSACTION ends it, so it counts as commit;
 * COMMIT PREPARED and ROLLBACK PREPARED leave it alone.
 */
export function transactionControl(node: SqlNode): TransactionControl | undefined {
  const kind = fieldsOf(node, 'TransactionStmt')?.kind;
  return kind && controls[kind];
}

/** As `transactionControl`, with the details; undefined for every other statement. */
export function transactionStatement({ node, text }: Pick<ParsedStatement, 'node' | 'text'>): TransactionStatement | undefined {
  const control = node && transactionControl(node);
  if (!control) return undefined;
  const fields = fieldsOf(node, 'TransactionStmt');
  return {
    control,
    modes: control === 'begin' ? text.replace(/^(begin|start)(\s+(transaction|work))?\s*/i, '') : '',
    chains: fields?.chain === true,
    prepares: fields?.kind === 'TRANS_STMT_PREPARE',
  };
}

/**
 * Who opened the transaction in which a statement runs: the migration runner around the script, the server around a message of
 * several statements, the script by BEGIN; `none` where each statement is a transaction of its own.
 */
export type OpenedBy = 'runner' | 'message' | 'script' | 'none';

/** How a tool runs a script: in one transaction or none, and as one message or statement by statement. */
export interface ScriptProfile {
  readonly transaction: 'script' | 'none';
  readonly sends: 'whole' | 'statements' | undefined;
}

/** Who opens the transaction that the first statement of a script of so many statements finds. */
export function openedAtStart({ transaction, sends }: ScriptProfile, statements: number): OpenedBy {
  if (transaction === 'script') return 'runner';
  // A message of one statement is no transaction block: CREATE INDEX CONCURRENTLY works in it.
  return sends === 'whole' && statements > 1 ? 'message' : 'none';
}

/**
 * Who opened the transaction that the statement after a control statement finds. As the server does, a BEGIN inside a message
 * takes the statements before it into its transaction, and one inside an open transaction does nothing.
 * @param afterEnd what is open after a COMMIT or ROLLBACK
 */
export function openedAfter(
  open: OpenedBy,
  { control, chains = false }: { readonly control: TransactionControl; readonly chains?: boolean },
  afterEnd: OpenedBy,
): OpenedBy {
  if (control === 'savepoint') return open;
  if (control === 'begin') return open === 'none' || open === 'message' ? 'script' : open;
  return chains && open !== 'none' && open !== 'message' ? 'script' : afterEnd;
}
