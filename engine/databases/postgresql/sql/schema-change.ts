import { fieldsOf, nodeType } from './nodes';
import type { ParsedStatement } from './statement';

/**
 * Statements after which tables have the same columns, types and constraints: those that build or drop indexes, replace routines
 * and views, change rows, comments or settings, or control the transaction. By the names of PostgreSQL's parser.
 */
const sameSchema = new Set([
  'IndexStmt',
  'ReindexStmt',
  'ClusterStmt',
  'VacuumStmt',
  'CommentStmt',
  'CreateFunctionStmt',
  'CreateStatsStmt',
  'SelectStmt',
  'InsertStmt',
  'UpdateStmt',
  'DeleteStmt',
  'MergeStmt',
  'CopyStmt',
  'RefreshMatViewStmt',
  'VariableSetStmt',
  'VariableShowStmt',
  'LockStmt',
  'TransactionStmt',
  'ExplainStmt',
  'CheckPointStmt',
]);

/** True when a script changes what tables and views offer, as far as the syntax tells; a DO block and what cannot be parsed may. */
export function changesSchema(statements: readonly ParsedStatement[]): boolean {
  return statements.some(({ kind, node }) => kind === 'sql' && !(node && keepsSchema(node)));
}

function keepsSchema(node: NonNullable<ParsedStatement['node']>): boolean {
  const type = nodeType(node);
  if (sameSchema.has(type)) return true;
  return fieldsOf(node, 'DropStmt')?.removeType === 'OBJECT_INDEX';
}
