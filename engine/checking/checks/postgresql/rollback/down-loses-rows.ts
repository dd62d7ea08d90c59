import type { Constraint } from '@pgsql/types';
import { bodyOf } from '../../../../databases/postgresql/sql/inner-statements';
import {
  type AlterTableCommand,
  alterTableCommands,
  fieldsOf,
  fieldsOfEach,
  nameParts,
  nodeType,
  type NodeType,
  walk,
} from '../../../../databases/postgresql/sql/nodes';
import type { ParsedStatement, SqlNode } from '../../../../databases/postgresql/sql/statement';
import type { Check } from '../../check';
import type { MigrationContext, ProjectContext, ScriptContext } from '../../../context/context';
import { columnsBornInUnit, displayName, headOf, relationOf, tablesBornInUnit } from '../support/evidence';
import { mentions, placeInDown } from '../support/place-in-down';

export const check: Check = {
  id: 'down-loses-rows',
  hazards: ['P72', 'M19'],
  severity: 'warning',
  summary: 'Restores a column or table in the down script without its data.',
  *migration(context, project) {
    const { up, down, roundTrip } = context;
    if (!down || roundTrip?.down !== 'ok' || roundTrip.rowsRestored !== false) return;
    const told = new Set<number>();
    for (const { table, column, at } of lossesOf(context, project)) {
      if (isMissing(context, table, column) || statementsOf(down).some(({ node }) => fills(node, table, column))) continue;
      const back = sqlOf(down).find(({ node }) => bringsBack(node, table, column));
      const range = back ? headOf(back) : placeInDown(down, [`table ${column === undefined ? table : `${table}.${column}`}`]);
      if (told.has(range.start)) continue;
      told.add(range.start);
      const name = displayName(table);
      const isKept = statementsOf(up).some((each) => (column === undefined ? copies(each, table) : reads(each, table, column)));
      const filling = column === undefined ? `INSERT INTO ${name} SELECT ...;` : `UPDATE ${name} SET ${column} = ...;`;
      const advice = isKept
        ? `Fill it from the place to which the up script moved the data: ${filling}`
        : 'Drop it in a later release, when this one can no longer be rolled back.';
      yield {
        file: down.script.file,
        range,
        severity: isKept ? 'warning' : 'info',
        message: `Rolling back restores ${column === undefined ? `table ${name}` : `${name}.${column}`} without its data`,
        advice,
        related: [{ file: up.script.file, range: headOf(at), message: 'Drops the data.' }],
      };
    }
  },
};

/** A table, or a column of one, that is there again after the down script while its data is not. */
interface Loss {
  readonly table: string;
  readonly column?: string;
  /** The statement of the up script that takes the data away. */
  readonly at: ParsedStatement;
}

function* lossesOf(context: MigrationContext, project: ProjectContext): Iterable<Loss> {
  for (const { object, kind, columns = [] } of context.roundTrip?.differences ?? []) {
    const table = /^rows (.+)$/.exec(object)?.[1];
    if (table === undefined || kind === 'left-over' || tablesBornInUnit(context, project).has(table)) continue;
    const born = columnsBornInUnit(context, project);
    for (const column of columns) {
      const at = droppedBy(context, `column ${table}.${column}`) ?? sqlOf(context.up).find(({ node }) => converts(node, table, column));
      if (at && !born.has(`${table}.${column}`)) yield { table, column, at };
    }
    const at = droppedBy(context, `table ${table}`);
    if (at) yield { table, at };
  }
}

/** True where the down script does not restore the table or column at all, which `down-incomplete` reports. */
function isMissing({ roundTrip }: MigrationContext, table: string, column: string | undefined): boolean {
  const objects = [`table ${table}`, `column ${table}.${column}`];
  return roundTrip?.differences.some(({ kind, object }) => kind === 'missing' && objects.includes(object)) === true;
}

function droppedBy({ up, observation }: MigrationContext, object: string): ParsedStatement | undefined {
  const index = observation?.statements.findIndex(({ changes }) =>
    changes.some((each) => each.kind === 'dropped' && each.object === object),
  );
  return index === undefined ? undefined : sqlOf(up)[index];
}

function converts(node: SqlNode | undefined, table: string, column: string): boolean {
  return commandsOn(node, table).some(({ subtype, name }) => subtype === 'AT_AlterColumnType' && name === column);
}

function bringsBack(node: SqlNode | undefined, table: string, column: string | undefined): boolean {
  const created = fieldsOf(node, 'CreateStmt')?.relation;
  if (created !== undefined && relationOf(created) === table) return true;
  return commandsOn(node, table).some(
    ({ subtype, name, def }) =>
      (subtype === 'AT_AddColumn' && fieldsOf(def, 'ColumnDef')?.colname === column) ||
      (subtype === 'AT_AlterColumnType' && name === column),
  );
}

function commandsOn(node: SqlNode | undefined, table: string): readonly AlterTableCommand[] {
  return relationOf(fieldsOf(node, 'AlterTableStmt')?.relation) === table ? alterTableCommands(node) : [];
}

function sqlOf({ statements }: ScriptContext): readonly ParsedStatement[] {
  return statements.filter(({ kind }) => kind === 'sql');
}

/** The statements of a script, with those in its DO blocks and functions; what a trigger will do later is not part of it. */
function statementsOf(script: ScriptContext): readonly ParsedStatement[] {
  return sqlOf(script).flatMap((each) => [each, ...(isTriggerFunction(each) ? [] : (bodyOf(each)?.statements ?? []))]);
}

function isTriggerFunction({ node }: ParsedStatement): boolean {
  return nameParts(fieldsOf(node, 'CreateFunctionStmt')?.returnType).at(-1) === 'trigger';
}

/** True for a statement that puts values into the column, or rows into the table. */
function fills(node: SqlNode | undefined, table: string, column: string | undefined): boolean {
  const insert = fieldsOf(node, 'InsertStmt') ?? fieldsOf(node, 'MergeStmt') ?? fieldsOf(node, 'CopyStmt');
  if (insert?.relation !== undefined && relationOf(insert.relation) === table) return true;
  const made = fieldsOf(node, 'CreateTableAsStmt')?.into?.rel;
  if (made !== undefined && relationOf(made) === table) return true;
  if (column === undefined) return false;
  const update = fieldsOf(node, 'UpdateStmt');
  if (update && relationOf(update.relation) === table) {
    return fieldsOfEach(update.targetList, 'ResTarget').some(({ name, val }) => name === column && !isNull(val));
  }
  return commandsOn(node, table).some(({ subtype, def, name }) => {
    const { colname, constraints } = fieldsOf(def, 'ColumnDef') ?? {};
    if (subtype === 'AT_AlterColumnType') return name === column && fieldsOf(def, 'ColumnDef')?.raw_default !== undefined;
    return subtype === 'AT_AddColumn' && colname === column && fieldsOfEach(constraints, 'Constraint').some(computes);
  });
}

function isNull(value: SqlNode | undefined): boolean {
  return fieldsOf(value, 'A_Const')?.isnull === true;
}

/** GENERATED ALWAYS AS, or a default that is more than a constant. */
function computes({ contype, raw_expr: expression }: Constraint): boolean {
  if (contype === 'CONSTR_GENERATED') return true;
  let value = expression;
  while (fieldsOf(value, 'TypeCast')) value = fieldsOf(value, 'TypeCast')?.arg;
  return contype === 'CONSTR_DEFAULT' && value !== undefined && fieldsOf(value, 'A_Const') === undefined;
}

/** True for a statement that may write the rows of the table elsewhere. */
function copies({ node, text }: Pick<ParsedStatement, 'node' | 'text'>, table: string): boolean {
  return writesRows(node) && mentions(text, table.split('.').at(-1) ?? table);
}

/** True for a statement that writes the column's value to another place: a test of it in WHERE writes nothing of it. */
function reads({ node, text }: ParsedStatement, table: string, column: string): boolean {
  const update = fieldsOf(node, 'UpdateStmt');
  if (update) return fieldsOfEach(update.targetList, 'ResTarget').some(({ name, val }) => name !== column && uses(val, column));
  const query = fieldsOf(fieldsOf(node, 'InsertStmt')?.selectStmt ?? fieldsOf(node, 'CreateTableAsStmt')?.query, 'SelectStmt');
  if (query?.targetList !== undefined && query.withClause === undefined && query.fromClause !== undefined) {
    const isNested = JSON.stringify(query.fromClause).includes('SelectStmt');
    return query.targetList.some((each) => uses(each, column, copies({ node, text }, table))) || (isNested && mentions(text, column));
  }
  return nodeType(node) !== 'DoStmt' && writesRows(node) && mentions(text, column);
}

/** True when an expression has the column, or all columns. */
function uses(value: SqlNode | undefined, column: string, countsAll = false): boolean {
  let found = false;
  walk(value, (type, inner) => {
    const isAll = countsAll && type === 'A_Star';
    if (isAll || (type === 'ColumnRef' && nameParts(inner.fields).at(-1) === column)) found = true;
  });
  return found;
}

const writing: ReadonlySet<string> = new Set<NodeType>(['InsertStmt', 'UpdateStmt', 'MergeStmt', 'CreateTableAsStmt', 'DoStmt']);

/** The data may live on in what the statement writes. */
function writesRows(node: SqlNode | undefined): boolean {
  return writing.has(nodeType(node));
}
