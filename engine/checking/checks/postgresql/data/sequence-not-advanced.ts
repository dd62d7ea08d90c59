import type { ColumnDef } from '@pgsql/types';
import { identifier, stringConstant } from '../../../../databases/postgresql/sql/quoting';
import type { Fix } from '../../../../core/finding';
import type { TextRange } from '../../../../core/text';
import {
  alterTableCommands,
  fieldsOf,
  fieldsOfEach,
  nameParts,
  nodeEntry,
  nodeType,
  relationName,
  walk,
} from '../../../../databases/postgresql/sql/nodes';
import type { ParsedStatement, SqlNode } from '../../../../databases/postgresql/sql/statement';
import type { Check } from '../../check';
import type { ProjectContext, StatementContext } from '../../../context/context';
import { constraintsOf, isSerial } from '../support/column-definitions';
import { displayName, failsInShadow, headOf, qualifiedName } from '../support/evidence';
import { fix } from '../support/fixes';
import { statementContexts } from '../../../context/statement-contexts';
import { nameIn } from '../support/statement-tokens';

export const check: Check = {
  id: 'sequence-not-advanced',
  hazards: ['P57'],
  severity: 'warning',
  summary: 'Inserts explicit numbers into a column with a sequence, which later generates the same numbers.',
  *statement(context) {
    const { node } = context.statement;
    const target = node && insertedInto(node);
    if (!target || failsInShadow(context)) return;
    const table = tableBefore(context, target.table);
    const column = table?.sequenceColumns.find((name) => isGiven(target, name, table.columns));
    if (!table || column === undefined) return;
    const takenUp = (statement: ParsedStatement): boolean =>
      advances(statement, target.table) || insertsAgain(statement, target.table, column, table.columns);
    if (hasLater(context, takenUp)) return;
    yield {
      range: placeOf(context, column),
      message: `Later inserts into ${displayName(target.table)} collide: the sequence of ${column} is not advanced`,
      details: 'The sequence generates the numbers of these rows again: as an error if the column is unique, as duplicates otherwise.',
      advice: `Advance it afterwards: ${advance(target.table, column)};`,
      verified: context.observation !== undefined && !context.observation.error,
      fixes: context.statement.tailEnd > context.statement.end || isLast(context) ? fixes(context, target.table, column) : [],
    };
  },
};

/** Rows that a statement brings, with the columns that it names; all columns where it names none. */
interface Target {
  readonly table: string;
  readonly columns: readonly string[] | undefined;
  /** The rows of VALUES; undefined for rows that come from elsewhere. */
  readonly rows: readonly (readonly SqlNode[])[] | undefined;
}

function insertedInto(node: SqlNode): Target | undefined {
  const copy = fieldsOf(node, 'CopyStmt');
  const insert = fieldsOf(node, 'InsertStmt');
  const relation = relationName((copy ?? insert)?.relation);
  if (!relation) return undefined;
  const table = qualifiedName(relation);
  if (copy?.is_from) return { table, columns: copy.attlist && nameParts(copy.attlist), rows: undefined };
  const select = fieldsOf(insert?.selectStmt, 'SelectStmt');
  if (!select || insert?.override === 'OVERRIDING_USER_VALUE') return undefined;
  const cols = fieldsOfEach(insert?.cols, 'ResTarget').map(({ name = '' }) => name);
  const lists = fieldsOfEach(select.valuesLists, 'List').map(({ items = [] }) => items);
  const targets = fieldsOfEach(select.targetList, 'ResTarget').flatMap(({ val }) => val ?? []);
  const hasStar = JSON.stringify(select.targetList ?? []).includes('A_Star');
  const rows = lists.length > 0 ? lists : select.op === 'SETOP_NONE' && !hasStar ? [targets] : undefined;
  return { table, columns: cols.length > 0 ? cols : undefined, rows };
}

/** True when some row has a number of its own in the column, and not one that the sequence gave. */
function isGiven({ columns, rows }: Target, column: string, all: readonly string[]): boolean {
  const place = (columns ?? all).indexOf(column);
  if (place < 0) return false;
  return rows === undefined || rows.some((row) => isOwnNumber(row[place]));
}

function isOwnNumber(value: SqlNode | undefined): boolean {
  if (!value || nodeType(value) === 'SetToDefault') return false;
  const constant = fieldsOf(value, 'A_Const');
  if (constant) {
    const number = constant.ival;
    return constant.isnull !== true && (number === undefined || (number.ival ?? 0) > 0);
  }
  // A minus sign makes it a number below those of the sequence.
  const operation = fieldsOf(value, 'A_Expr');
  if (operation && operation.lexpr === undefined && nameParts(operation.name)[0] === '-') return false;
  return !callsNextval(value);
}

function callsNextval(value: SqlNode | undefined): boolean {
  let found = false;
  walk(value, (type, inner) => {
    if (type === 'FuncCall' && nameParts(inner.funcname).at(-1) === 'nextval') found = true;
  });
  return found;
}

interface KnownTable {
  readonly columns: string[];
  readonly sequenceColumns: string[];
}

interface TableStatement {
  readonly node: SqlNode;
  /** Places of the migration in the chain and of the statement in its script. */
  readonly migration: number;
  readonly index: number;
}

const tableStatements = new WeakMap<ProjectContext, readonly TableStatement[]>();

/** The statements of a project that make or change tables. */
function tableStatementsOf(project: ProjectContext): readonly TableStatement[] {
  const before = tableStatements.get(project);
  if (before) return before;
  const found = project.chain.flatMap((migration, place) =>
    statementContexts(migration, project).flatMap(({ statement: { node }, index }) =>
      node && /^(?:CreateStmt|AlterTableStmt)$/.test(nodeType(node)) ? { node, migration: place, index } : [],
    ),
  );
  tableStatements.set(project, found);
  return found;
}

/** The columns of a table and those that a sequence fills, by the scripts so far. */
function tableBefore({ project, migration, index }: StatementContext, table: string): KnownTable | undefined {
  const place = project.chain.indexOf(migration);
  let known: KnownTable | undefined;
  for (const each of tableStatementsOf(project)) {
    if (each.migration > place || (each.migration === place && each.index >= index)) return known;
    known = tableAfter(known, each.node, table);
  }
  return known;
}

function tableAfter(known: KnownTable | undefined, node: SqlNode, table: string): KnownTable | undefined {
  const create = fieldsOf(node, 'CreateStmt');
  const relation = relationName((create ?? fieldsOf(node, 'AlterTableStmt'))?.relation);
  if (!relation || qualifiedName(relation) !== table) return known;
  if (create) return fieldsOfEach(create.tableElts, 'ColumnDef').reduce<KnownTable>(withColumn, { columns: [], sequenceColumns: [] });
  return alterTableCommands(node).reduce<KnownTable | undefined>((table, { subtype, name, def }) => {
    const column = fieldsOf(def, 'ColumnDef');
    if (subtype === 'AT_AddColumn' && column && table) return withColumn(table, column);
    if (!table || name === undefined) return table;
    if (subtype === 'AT_DropColumn') {
      const without = (names: readonly string[]): string[] => names.filter((each) => each !== name);
      return { columns: without(table.columns), sequenceColumns: without(table.sequenceColumns) };
    }
    const gets = subtype === 'AT_AddIdentity' || (subtype === 'AT_ColumnDefault' && callsNextval(def));
    return gets ? { ...table, sequenceColumns: [...table.sequenceColumns, name] } : table;
  }, known);
}

function withColumn(table: KnownTable, column: ColumnDef): KnownTable {
  const name = column.colname ?? '';
  const fromSequence =
    isSerial(column) ||
    constraintsOf(column).some(
      ({ contype, raw_expr: value }) => contype === 'CONSTR_IDENTITY' || (contype === 'CONSTR_DEFAULT' && callsNextval(value)),
    );
  return { columns: [...table.columns, name], sequenceColumns: fromSequence ? [...table.sequenceColumns, name] : table.sequenceColumns };
}

/** True when a statement behind this one in its migration is such. */
function hasLater({ migration, project, index }: StatementContext, isSuch: (statement: ParsedStatement) => boolean): boolean {
  const contexts = statementContexts(migration, project);
  for (let at = index + 1; at < contexts.length; at++) {
    const context = contexts[at];
    if (context && isSuch(context.statement)) return true;
  }
  return false;
}

/** True for what moves a sequence on or starts it anew, and for code that cannot be read here but speaks of that. */
function advances({ node, text }: ParsedStatement, table: string): boolean {
  if (!node) return false;
  const bare = table.slice(table.indexOf('.') + 1);
  const [type, inner] = nodeEntry(node);
  switch (type) {
    case 'SelectStmt':
    case 'DoStmt':
    case 'CallStmt':
      return /\bsetval\b|\brestart\b/i.test(text);
    case 'AlterSeqStmt':
      return /\brestart\b/i.test(text);
    case 'AlterTableStmt':
      return (
        inner.relation?.relname === bare && /\brestart\b|\bnextval\b|\bset\s+start\b|\bdrop\s+identity\b|\badd\s+generated\b/i.test(text)
      );
    case 'TruncateStmt':
    case 'DropStmt':
      return text.includes(bare);
    case 'DeleteStmt':
      return inner.relation?.relname === bare && inner.whereClause === undefined;
    default:
      return false;
  }
}

function insertsAgain({ node }: ParsedStatement, table: string, column: string, columns: readonly string[]): boolean {
  const target = node && insertedInto(node);
  return target?.table === table && isGiven(target, column, columns);
}

function advance(table: string, column: string): string {
  const name = displayName(table).split('.').map(identifier).join('.');
  return `SELECT setval(pg_get_serial_sequence(${stringConstant(name)}, ${stringConstant(column)}), (SELECT max(${identifier(column)}) FROM ${name}))`;
}

function placeOf({ statement }: StatementContext, column: string): TextRange {
  const target = statement.node && insertedInto(statement.node);
  return (target?.columns && nameIn(statement, column)) ?? headOf(statement);
}

function isLast({ script, statement }: StatementContext): boolean {
  return script.statements.filter(({ kind }) => kind === 'sql').at(-1) === statement;
}

/** Behind the statement, or behind the rows of COPY. */
function fixes(context: StatementContext, table: string, column: string): Fix[] {
  const { script, statement } = context;
  const rows = script.statements[script.statements.indexOf(statement) + 1];
  const last = rows?.kind === 'copy-data' ? rows : statement;
  const lineEnd = script.script.text.includes('\r\n') ? '\r\n' : '\n';
  const closed = last.kind === 'copy-data' || last.tailEnd > last.end;
  const newText = `${closed ? '' : ';'}${last.kind === 'copy-data' ? '' : lineEnd}${advance(table, column)};${last.kind === 'copy-data' ? lineEnd : ''}`;
  return [fix(context, `Advance the sequence of ${column}`, [{ range: { start: last.tailEnd, end: last.tailEnd }, newText }])];
}
