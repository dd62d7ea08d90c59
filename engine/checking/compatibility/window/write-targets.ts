import type { ProbeTarget } from '../../../databases/observation';
import {
  asFields,
  asNode,
  asNodes,
  asText,
  fieldsOf,
  nameParts,
  nodeType,
  relationName,
  walk,
  type Fields,
} from '../../../databases/postgresql/sql/untyped-nodes';
import { quotedIdentifier } from '../../../databases/postgresql/sql/quoting';
import type { SqlNode } from '../../../databases/postgresql/sql/statement';

const writingTypes: ReadonlySet<string> = new Set(['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt']);

/**
 * Where the parameters of a statement that writes go, by position from `$1`: columns that they are stored in or compared with.
 * Undefined for a statement that only reads.
 */
export function writeTargets(node: SqlNode): readonly (ProbeTarget | undefined)[] | undefined {
  const targets: (ProbeTarget | undefined)[] = [];
  let writes = false;
  const set = (value: SqlNode | undefined, table: string, column: string | undefined, use: ProbeTarget['use']): void => {
    const number = parameterIn(value);
    if (number !== undefined && column !== undefined) targets[number - 1] ??= { table, column, use };
  };
  walk(node, (type, fields) => {
    if (!writingTypes.has(type)) return;
    writes = true;
    const table = tableName(fields['relation']);
    if (table === undefined) return;
    if (type === 'InsertStmt') insertTargets(fields, table, set);
    else for (const target of asNodes(fields['targetList'])) setColumn(target, table, set);
    for (const part of ['whereClause', 'joinCondition']) comparisons(asNode(fields[part]), table, set);
  });
  return writes ? Array.from(targets) : undefined;
}

type SetTarget = (value: SqlNode | undefined, table: string, column: string | undefined, use: ProbeTarget['use']) => void;

function insertTargets(fields: Fields, table: string, set: SetTarget): void {
  const columns = asNodes(fields['cols']).map((column) => asText(fieldsOf(column, 'ResTarget')?.['name']));
  const select = fieldsOf(asNode(fields['selectStmt']), 'SelectStmt');
  const rows = asNodes(select?.['valuesLists']).map((row) => asNodes(fieldsOf(row, 'List')?.['items']));
  const listed = asNodes(select?.['targetList']).map((target) => asNode(fieldsOf(target, 'ResTarget')?.['val']));
  for (const row of rows.length > 0 ? rows : [listed]) row.forEach((value, index) => set(value, table, columns[index], 'new'));
  const conflict = asFields(fields['onConflictClause']);
  const update = asFields(conflict?.['OnConflictClause']) ?? conflict;
  for (const target of asNodes(update?.['targetList'])) setColumn(target, table, set);
}

function setColumn(target: SqlNode, table: string, set: SetTarget): void {
  const inner = fieldsOf(target, 'ResTarget');
  set(asNode(inner?.['val']), table, asText(inner?.['name']), 'new');
}

/** `column = $1`, in either order. */
function comparisons(condition: SqlNode | undefined, table: string, set: SetTarget): void {
  if (!condition) return;
  walk(condition, (type, fields) => {
    if (type !== 'A_Expr') return;
    const sides = [asNode(fields['lexpr']), asNode(fields['rexpr'])] as const;
    for (const [one, other] of [sides, [sides[1], sides[0]]] as const) {
      const column = one && fieldsOf(one, 'ColumnRef');
      if (column) set(other, table, nameParts(column['fields']).at(-1), 'existing');
    }
  });
}

/** The number of the parameter that a value is, perhaps inside a cast. */
function parameterIn(value: SqlNode | undefined): number | undefined {
  if (!value) return undefined;
  if (nodeType(value) === 'ParamRef') return Number(fieldsOf(value, 'ParamRef')?.['number'] ?? 0) || undefined;
  const cast = fieldsOf(value, 'TypeCast');
  return cast ? parameterIn(asNode(cast['arg'])) : undefined;
}

function tableName(rangeVar: unknown): string | undefined {
  const name = relationName(rangeVar);
  return name && [name.schema, name.name].flatMap((part) => (part === undefined ? [] : quotedIdentifier(part))).join('.');
}
