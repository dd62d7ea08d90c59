import type { AlterTableType } from '@pgsql/types';
import type { TextRange } from '../../../../core/text';
import { shortened, withStop } from '../../../../core/wording';
import type { DatabaseError } from '../../../../databases/observation';
import { alterTableCommands, fieldsOf, nodeType, type NodeType } from '../../../../databases/postgresql/sql/nodes';
import type { ParsedStatement, SqlNode } from '../../../../databases/postgresql/sql/statement';
import type { FindingDraft } from '../../check';
import type { StatementContext } from '../../../context/context';
import { definitionsOf, orderIn, type PlacedDefinition, placeOfDefinition } from './definitions';
import { duplicateColumnsIn } from './duplicate-names';
import { failsInShadow, headOf } from './evidence';
import { meansMissingHistory } from './missing-history';

/** Longest message of the server that a headline quotes in full. */
const longestWords = 74;

/** Checks that explain certain failures; `statement-fails` reports those that none of them claims. */
export type FailureCheck =
  | 'concurrently-in-transaction'
  | 'enum-value-in-transaction'
  | 'refresh-blocks-reads'
  | 'storage-change-rewrites'
  | 'detach-partition-blocks'
  | 'type-change-refused'
  | 'replacement-refused'
  | 'impossible-constraint'
  | 'drop-index-of-constraint'
  | 'drop-refused-by-dependents'
  | 'duplicate-column'
  | 'pending-trigger-events'
  | 'unknown-object';

interface Claim {
  readonly check: FailureCheck;
  claims(error: DatabaseError, node: SqlNode): boolean;
}

/** The first claim that applies decides. */
const claims: readonly Claim[] = [
  {
    // An embedded database has no tablespaces and access methods but its own.
    check: 'storage-change-rewrites',
    claims: ({ sqlstate, message }, node) => sqlstate === '42704' && /^(?:tablespace|access method) /.test(message) && movesStorage(node),
  },
  {
    check: 'refresh-blocks-reads',
    claims: ({ sqlstate }, node) => sqlstate === '55000' && fieldsOf(node, 'RefreshMatViewStmt')?.concurrent === true,
  },
  {
    check: 'detach-partition-blocks',
    claims: ({ sqlstate }, node) => sqlstate === '55000' && hasCommand(node, 'AT_DetachPartition'),
  },
  {
    check: 'concurrently-in-transaction',
    claims: ({ sqlstate, message }) => sqlstate === '25001' && /cannot (?:run inside|be executed)/.test(message),
  },
  { check: 'enum-value-in-transaction', claims: ({ sqlstate }) => sqlstate === '55P04' },
  { check: 'replacement-refused', claims: isRefusedReplacement },
  { check: 'impossible-constraint', claims: isImpossibleConstraint },
  { check: 'type-change-refused', claims: ({ sqlstate }, node) => sqlstate === '0A000' && hasCommand(node, 'AT_AlterColumnType') },
  {
    check: 'drop-index-of-constraint',
    claims: ({ sqlstate, detail }, node) =>
      sqlstate === '2BP01' && detail === undefined && fieldsOf(node, 'DropStmt')?.removeType === 'OBJECT_INDEX',
  },
  { check: 'drop-refused-by-dependents', claims: ({ sqlstate }) => sqlstate === '2BP01' },
  { check: 'duplicate-column', claims: isDuplicateColumn },
  { check: 'pending-trigger-events', claims: hasPendingEvents },
  { check: 'unknown-object', claims: isUnknownObject },
];

/** The check that explains the failure of a statement; undefined when it is left to `statement-fails`. */
function failureClaimedBy({ node }: ParsedStatement, error: DatabaseError): FailureCheck | undefined {
  return node && claims.find((claim) => claim.claims(error, node))?.check;
}

/** The error of a statement that fails in the shadow, when the given check is the one to explain it. */
export function failureFor(context: StatementContext, check: FailureCheck | 'statement-fails'): DatabaseError | undefined {
  const { observation, statement, inside } = context;
  const error = observation?.error;
  if (!error || inside || statement.sent?.guessed || statement.error || statement.unterminated || !failsInShadow(context)) return undefined;
  return (failureClaimedBy(statement, error) ?? 'statement-fails') === check ? error : undefined;
}

/** What PostgreSQL says with its SQLSTATE, short enough for a headline: `relation "x" does not exist (42P01)`. */
export function wordsOf(error: DatabaseError): string {
  return `${shortened(error.message, longestWords)} (${error.sqlstate})`;
}

/** What PostgreSQL says beyond the headline: its message where that is not quoted in full there, detail and hint. */
export function detailsOf({ message, detail, hint }: DatabaseError, isQuoted = true): string | undefined {
  const isWhole = isQuoted && message.length <= longestWords;
  const parts = [isWhole ? undefined : message, detail, hint && `Hint: ${hint}`];
  return parts.flatMap((part) => (part ? [withStop(part)] : [])).join(' ') || undefined;
}

/** The word that the server names, or the statement's first line where it names none. */
export function placeOf(statement: ParsedStatement, error: DatabaseError): TextRange {
  return error.offset === undefined ? headOf(statement) : wordAt(statement, error.offset);
}

/**
 * A finding for a failure, with what PostgreSQL says as its headline unless the check has a better one. Errors behind an earlier failing
 * migration may be its consequences, so they are warnings.
 */
export function failureFinding(context: StatementContext, error: DatabaseError, more: Partial<FindingDraft> = {}): FindingDraft {
  const { afterFailure } = context.migration.observation ?? {};
  const cause = failureBehind(context, error);
  const { message = `Fails: ${wordsOf(error)}`, ...draft } = more;
  const own = detailsOf(error, more.message === undefined);
  if (cause) {
    return {
      ...draft,
      range: more.range ?? placeOf(context.statement, error),
      severity: 'info',
      verified: false,
      reason: 'stated',
      message,
      details: 'The cause is an earlier statement that fails.',
      related: [placeOfDefinition(cause, 'Fails first.')],
      fixes: [],
    };
  }
  return {
    range: placeOf(context.statement, error),
    severity: afterFailure ? 'warning' : 'error',
    message,
    details: afterFailure ? 'An earlier migration fails, which may be the cause.' : own,
    ...draft,
  };
}

/** The failed statement before this one that would have made, dropped or renamed what the error is about. */
function failureBehind(context: StatementContext, { message, detail = '' }: DatabaseError): PlacedDefinition | undefined {
  const named = new Set([...message.matchAll(/"([^"]+)"/g)].flatMap(([, name = '']) => [name, name.split('.').at(-1) ?? name]));
  for (const [, name = ''] of `${message}\n${detail}`.matchAll(/\b(?:function|type|table|view|index|sequence|schema) ([\w.]+)/g)) {
    named.add(name.split('.').at(-1) ?? name);
  }
  if (named.size === 0) return undefined;
  const here = orderIn(context);
  const about = definitionsOf(context.project).filter(({ name, order }) => order < here && named.has(name));
  // What became of the object last counts: a later statement may have made it after all.
  const last = about
    .filter(({ kind, parent }) => kind !== 'column' || (parent !== undefined && context.statement.text.includes(parent)))
    .at(-1);
  return last?.failed && failsForItself(last) ? last : undefined;
}

function failsForItself({ migration, statement }: PlacedDefinition): boolean {
  const index = migration.up.statements.filter(({ kind }) => kind === 'sql').indexOf(statement);
  return migration.observation?.statements[index]?.error?.gaveUp === undefined;
}

/** The word of the statement at an offset of its text. */
export function wordAt(statement: ParsedStatement, offset: number): TextRange {
  const word =
    /^(\$\{[^}]*\}|:(?:\w+|"[^"]*"|'[^']*')|"(?:[^"]|"")*"|'[^']*'|[\p{L}\p{N}_.$]+|\S)/u.exec(statement.text.slice(offset))?.[0] ?? ' ';
  return { start: statement.start + offset, end: statement.start + offset + word.length };
}

function movesStorage(node: SqlNode): boolean {
  return hasCommand(node, 'AT_SetTableSpace') || hasCommand(node, 'AT_SetAccessMethod');
}

function hasCommand(node: SqlNode, subtype: AlterTableType): boolean {
  return alterTableCommands(node).some((command) => command.subtype === subtype);
}

function isRefusedReplacement({ sqlstate, message }: DatabaseError, node: SqlNode): boolean {
  if (fieldsOf(node, 'ViewStmt')?.replace) return sqlstate === '42P16' || (sqlstate === '42809' && message.endsWith('is not a view'));
  if (!fieldsOf(node, 'CreateFunctionStmt')?.replace) return false;
  return (sqlstate === '42P13' && /^cannot (?:change|remove)/.test(message)) || (sqlstate === '42809' && message.includes('routine kind'));
}

const constraintNodes: ReadonlySet<string> = new Set<NodeType>(['CreateStmt', 'AlterTableStmt', 'IndexStmt']);

function isImpossibleConstraint({ sqlstate, message }: DatabaseError, node: SqlNode): boolean {
  if (!constraintNodes.has(nodeType(node))) return false;
  switch (sqlstate) {
    case '42830':
      return true;
    case '42P16':
      return /primary key/.test(message);
    case '42804':
      return /^foreign key constraint/.test(message);
    case '42704':
      return message.startsWith('there is no primary key');
    case '42809':
      return /^referenced relation|is a partial index|contains expressions|is not a unique index/.test(message);
    case '0A000':
      return /must include all partitioning columns|partitioned table .* referenced|partition key/.test(message);
    case '42P17':
      return /constraint/.test(message);
    default:
      return false;
  }
}

function isDuplicateColumn({ sqlstate, message }: DatabaseError, node: SqlNode): boolean {
  if (sqlstate === '42601') return message.startsWith('multiple assignments to same column');
  if (sqlstate !== '42701') return false;
  return !message.endsWith('already exists') || duplicateColumnsIn(node).length > 0;
}

/** True for the refusal to change a table while triggers that were deferred to the end of the transaction wait for it. */
export function hasPendingEvents({ sqlstate, message }: DatabaseError): boolean {
  return sqlstate === '55006' && message.includes('pending trigger events');
}

function isUnknownObject(error: DatabaseError): boolean {
  return meansMissingHistory(error) && !/FROM-clause|^operator|configuration parameter/.test(error.message);
}
