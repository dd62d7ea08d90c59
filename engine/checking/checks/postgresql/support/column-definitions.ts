import type { ColumnDef, Constraint } from '@pgsql/types';
import { alterTableCommands, fieldsOf, fieldsOfEach, nameParts, walk } from '../../../../databases/postgresql/sql/nodes';
import type { SqlNode } from '../../../../databases/postgresql/sql/statement';

/** What CREATE TABLE defines the table with, or ALTER TABLE adds: columns, constraints, LIKE clauses. Empty for every other statement. */
export function elementsOf(node: SqlNode | undefined): readonly SqlNode[] {
  return fieldsOf(node, 'CreateStmt')?.tableElts ?? alterTableCommands(node).flatMap(({ def }) => def ?? []);
}

/** The fields of the constraints that a column is defined with. */
export function constraintsOf(column: ColumnDef): Constraint[] {
  return fieldsOfEach(column.constraints, 'Constraint');
}

/** The fields of the constraints that an element of a table's definition, or of ADD in ALTER TABLE, states: its own or its column's. */
export function constraintsIn(element: SqlNode | undefined): Constraint[] {
  const column = fieldsOf(element, 'ColumnDef');
  const own = fieldsOf(element, 'Constraint');
  return column ? constraintsOf(column) : own ? [own] : [];
}

/** True for a column of the pseudo-types smallserial, serial and bigserial, whatever they are called. */
export function isSerial(column: ColumnDef): boolean {
  return /^(?:small|big)?serial[248]?$/i.test(nameParts(column.typeName).at(-1) ?? '');
}

/** True when the rows that are there get a value in the column that is added. */
export function isFilled(column: ColumnDef): boolean {
  const fills = constraintsOf(column).some(
    ({ contype, raw_expr: value }) =>
      contype === 'CONSTR_IDENTITY' ||
      contype === 'CONSTR_GENERATED' ||
      (contype === 'CONSTR_DEFAULT' && fieldsOf(value, 'A_Const')?.isnull !== true),
  );
  return fills || isSerial(column);
}

/**
 * Common functions of the server that give the same result for every row of a statement (`pg_proc.provolatile` is not `v`).
 * Only for expressions that were not observed: a default that calls nothing else is evaluated once for all rows.
 */
const steadyFunctions = new Set(
  [
    'now transaction_timestamp statement_timestamp timezone date_trunc date_part extract age make_date make_time make_interval',
    'make_timestamp make_timestamptz to_timestamp to_date to_char to_number current_schema current_schemas current_setting current_user',
    'session_user current_database version pg_current_xact_id txid_current lower upper initcap concat concat_ws format md5 sha256 encode',
    'decode convert_to repeat replace left right lpad rpad btrim ltrim rtrim substring substr length char_length abs round floor ceil',
    'ceiling trunc mod power sqrt greatest least array_fill string_to_array array_append to_json to_jsonb json_build_object',
    'json_build_array json_object jsonb_build_object jsonb_build_array jsonb_object int4range int8range numrange tsrange tstzrange',
    'daterange point box hashtext to_tsvector',
  ].flatMap((names) => names.split(' ')),
);

/** True when the expression calls a function that may give another result for each row, by its name. */
export function mayBeVolatile(expression: SqlNode | undefined): boolean {
  let found = false;
  walk(expression, (type, inner) => {
    if (type === 'FuncCall' && !isSteady(nameParts(inner.funcname))) found = true;
    return !found;
  });
  return found;
}

function isSteady(name: readonly string[]): boolean {
  const schema = name.at(-2);
  return (schema === undefined || schema === 'pg_catalog') && steadyFunctions.has(name.at(-1) ?? '');
}
