import type { OnConflictClause, ReturningClause, SelectStmt } from '@pgsql/types';
import { fieldsOf, fieldsOfEach, nameParts, type NodeHandlers } from '../../sql/nodes';
import type { SqlNode } from '../../sql/statement';
import type { LiveTable } from '../live-schema';
import type { Queries, Scope } from './queries';
import { addItem, namedTable, scopeOfQuery } from './scopes';
import { mergeRows, nothing, type Value } from './values';

/** What each kind of query needs; the values of its result columns. */
export const queryHandlers: NodeHandlers<Value[], [queries: Queries, parent: Scope | undefined]> = {
  SelectStmt: (inner, queries, parent) => select(queries, inner, parent),

  InsertStmt({ withClause, relation, selectStmt, cols, onConflictClause, returningClause }, queries, parent) {
    const { schema, copied } = queries;
    const scope = scopeOfQuery(queries, withClause, parent);
    const { alias, table } = namedTable(queries, relation, scope);
    const values = queries.query(selectStmt, scope);
    const source = table && cols === undefined ? copiedWhole(queries, selectStmt, scope) : undefined;
    if (table && source) copied.push({ from: source, to: table });
    const named = fieldsOfEach(cols, 'ResTarget').flatMap(({ name }) => name ?? []);
    const columns = named.length > 0 ? named : unnamedColumns(table, values.length);
    if (table) {
      columns.forEach((name, index) => {
        const column = schema.column(table, name);
        const value = values[index];
        if (column && value) queries.relate({ column }, value);
      });
    }
    const tables = [alias, 'excluded', 'new', 'old'].map((each) => ({ alias: each, table }));
    const target: Scope = { ...scope, tables };
    if (onConflictClause) resolveConflict(queries, onConflictClause, table, target);
    return returned(queries, returningClause, target);
  },

  UpdateStmt({ withClause, relation, fromClause = [], targetList, whereClause, returningClause }, queries, parent) {
    const scope = scopeOfQuery(queries, withClause, parent);
    const target = namedTable(queries, relation, scope);
    scope.tables.push(target);
    for (const item of fromClause) addItem(queries, item, scope);
    assign(queries, targetList, target.table, scope);
    queries.condition(whereClause, scope);
    return returned(queries, returningClause, scope);
  },

  DeleteStmt({ withClause, relation, usingClause = [], whereClause, returningClause }, queries, parent) {
    const scope = scopeOfQuery(queries, withClause, parent);
    scope.tables.push(namedTable(queries, relation, scope));
    for (const item of usingClause) addItem(queries, item, scope);
    queries.condition(whereClause, scope);
    return returned(queries, returningClause, scope);
  },

  MergeStmt({ withClause, relation, sourceRelation, joinCondition, mergeWhenClauses, returningClause }, queries, parent) {
    const scope = scopeOfQuery(queries, withClause, parent);
    const target = namedTable(queries, relation, scope);
    scope.tables.push(target);
    if (sourceRelation) addItem(queries, sourceRelation, scope);
    queries.condition(joinCondition, scope);
    for (const { condition, targetList = [], values = [] } of fieldsOfEach(mergeWhenClauses, 'MergeWhenClause')) {
      queries.condition(condition, scope);
      assign(queries, targetList, target.table, scope);
      values.forEach((node, index) => {
        const name = fieldsOf(targetList[index], 'ResTarget')?.name;
        const column = target.table && name !== undefined ? queries.schema.column(target.table, name) : undefined;
        queries.relate(column ? { column } : nothing, queries.value(node, scope));
      });
    }
    return returned(queries, returningClause, scope);
  },
};

function select(queries: Queries, inner: SelectStmt, parent: Scope | undefined): Value[] {
  const { fromClause = [], targetList, valuesLists, larg, rarg } = inner;
  const scope = scopeOfQuery(queries, inner.withClause, parent);
  for (const item of fromClause) addItem(queries, item, scope);
  const values = fieldsOfEach(targetList, 'ResTarget').map(({ name, val }) => {
    const value = queries.value(val, scope);
    if (name !== undefined) scope.results.add(name);
    return value;
  });
  queries.condition(inner.whereClause, scope);
  queries.condition(inner.havingClause, scope);
  for (const clause of [inner.groupClause, inner.sortClause, inner.distinctClause, inner.windowClause]) {
    for (const each of clause ?? []) order(queries, each, scope);
  }
  queries.value(inner.limitCount, scope);
  queries.value(inner.limitOffset, scope);
  const rows = fieldsOfEach(valuesLists, 'List').map(({ items = [] }) => items.map((each) => queries.value(each, scope)));
  const [first = [], second = []] = [larg, rarg].map((side) => (side ? select(queries, side, scope) : []));
  first.forEach((value, index) => second[index] && queries.relate(value, second[index]));
  if (rows.length > 0) return mergeRows(rows);
  return values.length > 0 ? values : first;
}

/** An element of ORDER BY, GROUP BY and the like, which may be the name of a result. */
function order(queries: Queries, node: SqlNode, scope: Scope): void {
  const sorted = fieldsOf(node, 'SortBy')?.node ?? node;
  const [only, ...more] = nameParts(fieldsOf(sorted, 'ColumnRef')?.fields);
  if (only === undefined || more.length > 0 || !scope.results.has(only)) queries.value(sorted, scope);
}

/** The one relation all of whose columns a query returns. */
function copiedWhole(queries: Queries, query: SqlNode | undefined, scope: Scope): LiveTable | undefined {
  const { targetList = [], fromClause = [] } = fieldsOf(query, 'SelectStmt') ?? {};
  const [target, ...more] = targetList;
  const [from, ...others] = fromClause;
  const relation = fieldsOf(from, 'RangeVar');
  const parts = fieldsOf(fieldsOf(target, 'ResTarget')?.val, 'ColumnRef')?.fields;
  if (!relation || more.length + others.length > 0 || !fieldsOf(parts?.at(-1), 'A_Star')) return undefined;
  return namedTable(queries, relation, scope).table;
}

/** Columns of INSERT INTO t VALUES (...): those that are known, and others for the values left over. */
function unnamedColumns(table: LiveTable | undefined, count: number): string[] {
  const names = [...(table?.columns.keys() ?? [])].slice(0, count);
  for (let place = names.length + 1; table?.assumed && place <= count; place++) names.push(place === 1 ? 'id' : `column${place}`);
  return names;
}

function resolveConflict(queries: Queries, conflict: OnConflictClause, table: LiveTable | undefined, scope: Scope): void {
  const elements = fieldsOfEach(conflict.infer?.indexElems, 'IndexElem');
  for (const { expr } of elements) queries.value(expr, scope);
  const names = elements.flatMap(({ name }) => name ?? []);
  for (const name of names) if (table) queries.schema.column(table, name);
  if (table?.assumed && names.length > 0 && names.length === elements.length) table.assumed.uniques.push(names);
  queries.condition(conflict.infer?.whereClause, scope);
  assign(queries, conflict.targetList, table, scope);
  queries.condition(conflict.whereClause, scope);
}

/** The targets of UPDATE and the like, each with its value. */
function assign(queries: Queries, targets: readonly SqlNode[] | undefined, table: LiveTable | undefined, scope: Scope): void {
  for (const { name, val, indirection } of fieldsOfEach(targets, 'ResTarget')) {
    const value = queries.value(val, scope);
    const column = table && name !== undefined ? queries.schema.column(table, name) : undefined;
    if (column && indirection === undefined) queries.relate({ column }, value);
  }
}

function returned(queries: Queries, clause: ReturningClause | undefined, scope: Scope): Value[] {
  return fieldsOfEach(clause?.exprs, 'ResTarget').map(({ val }) => queries.value(val, scope));
}
