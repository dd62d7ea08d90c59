import type { DeleteStmt, InsertStmt, MergeStmt, UpdateStmt } from '@pgsql/types';
import { bodyOf } from './inner-statements';
import { fieldsOf, fieldsOfEach, nameParts, type QualifiedName, relationName, type TypedEntry, walk } from './nodes';
import type { ParsedStatement, SqlNode } from './statement';

/** Rows of a table that a statement adds, changes or removes. */
export interface RowWrite {
  readonly table: QualifiedName;
  /** `fill` gives values to columns only where they are NULL. */
  readonly kind: 'insert' | 'update' | 'fill' | 'delete';
  /** The columns that get other values; undefined when whole rows are added or removed. */
  readonly columns?: readonly string[];
}

/**
 * What a statement writes by INSERT, UPDATE, DELETE, MERGE, TRUNCATE and COPY, in its common table expressions and in the code of a DO
 * block too. What a function or a trigger writes is not seen. `loadSqlParser` must have been awaited.
 */
export function rowWrites(statement: ParsedStatement): RowWrite[] {
  const body = bodyOf(statement);
  if (body) return body.kind === 'block' ? body.statements.flatMap(({ node }) => writesOf(node)) : [];
  return writesOf(statement.node);
}

function writesOf(node: SqlNode | undefined): RowWrite[] {
  const writes: RowWrite[] = [];
  walk(node, (type, inner) => {
    if (type === 'InsertStmt') writes.push(...written(inner, 'insert'));
    else if (type === 'DeleteStmt') writes.push(...written(inner, 'delete'));
    else if (type === 'MergeStmt') writes.push(...written(inner, 'update'));
    else if (type === 'UpdateStmt') writes.push(...updated(inner));
    else if (type === 'CopyStmt' && inner.is_from) writes.push(...written(inner, 'insert'));
    else if (type === 'TruncateStmt') writes.push(...(inner.relations ?? []).flatMap((relation) => written({ relation }, 'delete')));
  });
  return writes;
}

function written(
  { relation }: Pick<InsertStmt | DeleteStmt | MergeStmt, 'relation'> | { relation: SqlNode },
  kind: RowWrite['kind'],
): RowWrite[] {
  const table = relationName(relation);
  return table === undefined || isSystem(table) ? [] : [{ table, kind }];
}

function updated({ relation, targetList, whereClause }: UpdateStmt): RowWrite[] {
  const table = relationName(relation);
  if (table === undefined || isSystem(table)) return [];
  const columns = fieldsOfEach(targetList, 'ResTarget').flatMap(({ name, val }) => (name === undefined || isColumn(val, name) ? [] : name));
  if (columns.length === 0) return [];
  const tested = nullTests(whereClause);
  return [{ table, kind: columns.every((column) => tested.has(column)) ? 'fill' : 'update', columns }];
}

/** The columns of which a condition demands that they are NULL. */
function nullTests(condition: SqlNode | undefined): ReadonlySet<string> {
  const terms = fieldsOf(condition, 'BoolExpr')?.boolop === 'AND_EXPR' ? fieldsOf(condition, 'BoolExpr')?.args : condition && [condition];
  const tests = fieldsOfEach(terms, 'NullTest').filter(({ nulltesttype }) => nulltesttype === 'IS_NULL');
  return new Set(tests.flatMap(({ arg }) => nameParts(fieldsOf(arg, 'ColumnRef')?.fields).at(-1) ?? []));
}

function isColumn(value: SqlNode | undefined, name: string): boolean {
  return nameParts(fieldsOf(value, 'ColumnRef')?.fields).at(-1) === name;
}

function isSystem({ schema = '', name }: QualifiedName): boolean {
  return schema === 'pg_catalog' || schema === 'information_schema' || (schema === '' && name.startsWith('pg_'));
}

/** True for a statement that changes nothing: transaction control, and a SELECT without table and function. */
export function hasNoEffect({ node }: ParsedStatement): boolean {
  if (fieldsOf(node, 'TransactionStmt')) return true;
  if (!fieldsOf(node, 'SelectStmt')) return false;
  let acts = false;
  walk(node, (...[type]: TypedEntry) => {
    if (type === 'RangeVar' || type === 'FuncCall') acts = true;
  });
  return !acts;
}
