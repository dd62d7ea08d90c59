import type { InsertStmt, RangeVar } from '@pgsql/types';
import type { ProbeTarget } from '../../observation';
import { fieldsOf, fieldsOfEach, nameParts, relationName, walk } from './nodes';
import { quotedIdentifier } from './quoting';
import { parseStatements } from './parser';
import type { SqlNode } from './statement';

/**
 * Where the parameters of a query that writes go, by position from `$1`: columns that they are stored in or compared with.
 * Undefined for a query that only reads.
 */
export function writeTargets(sql: string): readonly (ProbeTarget | undefined)[] | undefined {
  const node = parseStatements(sql)[0]?.node;
  if (!node) return undefined;
  const targets: (ProbeTarget | undefined)[] = [];
  let writes = false;
  const set = (value: SqlNode | undefined, table: string, column: string | undefined, use: ProbeTarget['use']): void => {
    const number = parameterIn(value);
    if (number !== undefined && column !== undefined) targets[number - 1] ??= { table, column, use };
  };
  walk(node, (type, inner) => {
    if (type !== 'InsertStmt' && type !== 'UpdateStmt' && type !== 'DeleteStmt' && type !== 'MergeStmt') return;
    writes = true;
    const table = tableName(inner.relation);
    if (table === undefined) return;
    if (type === 'InsertStmt') insertTargets(inner, table, set);
    else if (type === 'UpdateStmt') setColumns(inner.targetList, table, set);
    if (type === 'MergeStmt') comparisons(inner.joinCondition, table, set);
    else if (type !== 'InsertStmt') comparisons(inner.whereClause, table, set);
  });
  return writes ? Array.from(targets) : undefined;
}

type SetTarget = (value: SqlNode | undefined, table: string, column: string | undefined, use: ProbeTarget['use']) => void;

function insertTargets({ cols, selectStmt, onConflictClause }: InsertStmt, table: string, set: SetTarget): void {
  const columns = fieldsOfEach(cols, 'ResTarget').map(({ name }) => name);
  const select = fieldsOf(selectStmt, 'SelectStmt');
  const rows = fieldsOfEach(select?.valuesLists, 'List').map(({ items = [] }) => items);
  const listed = fieldsOfEach(select?.targetList, 'ResTarget').map(({ val }) => val);
  for (const row of rows.length > 0 ? rows : [listed]) row.forEach((value, index) => set(value, table, columns[index], 'new'));
  setColumns(onConflictClause?.targetList, table, set);
}

function setColumns(targets: readonly SqlNode[] | undefined, table: string, set: SetTarget): void {
  for (const { name, val } of fieldsOfEach(targets, 'ResTarget')) set(val, table, name, 'new');
}

/** `column = $1`, in either order. */
function comparisons(condition: SqlNode | undefined, table: string, set: SetTarget): void {
  walk(condition, (type, inner) => {
    if (type !== 'A_Expr') return;
    const { lexpr, rexpr } = inner;
    for (const [one, other] of [
      [lexpr, rexpr],
      [rexpr, lexpr],
    ] as const) {
      const column = fieldsOf(one, 'ColumnRef');
      if (column) set(other, table, nameParts(column.fields).at(-1), 'existing');
    }
  });
}

/** The number of the parameter that a value is, perhaps inside a cast. */
function parameterIn(value: SqlNode | undefined): number | undefined {
  const cast = fieldsOf(value, 'TypeCast');
  return cast ? parameterIn(cast.arg) : fieldsOf(value, 'ParamRef')?.number || undefined;
}

function tableName(rangeVar: RangeVar | undefined): string | undefined {
  const name = relationName(rangeVar);
  return name && [name.schema, name.name].flatMap((part) => (part === undefined ? [] : quotedIdentifier(part))).join('.');
}
