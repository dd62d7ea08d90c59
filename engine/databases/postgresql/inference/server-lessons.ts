import type { DatabaseError } from '../../observation';
import {
  alterTableCommands,
  fieldsOf,
  fieldsOfEach,
  locationIn,
  nameFromList,
  nameParts,
  nodeEntry,
  nodeType,
  type QualifiedName,
  relationName,
  walk,
} from '../sql/nodes';
import type { ParsedStatement, SqlNode } from '../sql/statement';
import { argumentTypes } from './function-types';
import { foreignTypes } from './stand-in-sql';
import { extensionFunctions, extensionTypes, nameInText, operatorClasses, typeNameOf } from './type-names';

interface Place {
  /** Text of the statement that failed: the lesson is learned just before it, wherever it stands. */
  readonly statement: string;
}

/** Something that the server's refusal of a statement says about what was assumed. */
export type Lesson =
  | ({ readonly kind: 'table'; readonly name: QualifiedName; readonly relation?: 'view' | 'materialized view' } & Place)
  | ({ readonly kind: 'column'; readonly table: QualifiedName | undefined; readonly name: string } & Place)
  | ({ readonly kind: 'unique'; readonly table: QualifiedName; readonly columns: readonly string[] } & Place)
  | ({ readonly kind: 'retype'; readonly column: string; readonly type: string; readonly tables: readonly string[] } & Place)
  | ({ readonly kind: 'type' | 'sequence'; readonly name: QualifiedName } & Place)
  | ({ readonly kind: 'label'; readonly type: QualifiedName; readonly label: string } & Place)
  | ({
      readonly kind: 'function';
      readonly name: QualifiedName;
      readonly routine: 'function' | 'procedure' | 'aggregate';
      readonly parameters: readonly string[];
      readonly returns: string;
      readonly isVolatile?: true;
    } & Place)
  | ({ readonly kind: 'schema' | 'role' | 'extension'; readonly name: string } & Place)
  /** It must not be assumed: something makes it after all. */
  | ({ readonly kind: 'exists'; readonly label: string } & Place);

/** What can be learned from an error; empty for errors that no assumption mends. */
export function lessonsOf(error: DatabaseError, statement: ParsedStatement, tables: readonly string[]): Lesson[] {
  const { message, sqlstate } = error;
  const place = { statement: statement.text };
  switch (sqlstate) {
    case '42P01':
      return missingRelation(message, place);
    case '42703':
      return missingColumn(message, place, statement.node);
    case '42704':
      return missingObject(message, place);
    case '42883':
      return missingFunction(error, statement, place, tables);
    case '3F000': {
      const name = match(message, /schema "(.+)" does not exist/);
      return name === undefined ? [] : [{ kind: 'schema', name, ...place }];
    }
    case '42804':
    case '42846':
    case '22P02':
    case '22007':
      return mismatch(error, statement, place, tables);
    case '42P10':
    case '42830':
      return missingKey(message, statement.node, place);
    case '42809':
      return wrongKind(message, place);
    case '42P07':
    case '42710':
    case '42701':
    case '42723':
    case '42P06':
      return existing(message, place);
    default:
      return [];
  }
}

function match(text: string, pattern: RegExp): string | undefined {
  return pattern.exec(text)?.[1];
}

function missingRelation(message: string, place: Place): Lesson[] {
  if (/missing FROM-clause/.test(message)) return [];
  const [, kind = '', name] = /(\S+(?: view)?) "(.+)" does not exist/.exec(message) ?? [];
  if (name === undefined) return [];
  const parsed = nameInText(name);
  if (kind.endsWith('sequence') || /_seq$/.test(name)) return [{ kind: 'sequence', name: parsed, ...place }];
  const relation = kind === 'view' ? 'view' : kind.includes('materialized') ? 'materialized view' : undefined;
  return [{ kind: 'table', name: parsed, relation, ...place }];
}

function missingColumn(message: string, place: Place, node: SqlNode | undefined): Lesson[] {
  const [, column, relation] = /column "(.+?)" of relation "(.+?)" does not exist/.exec(message) ?? [];
  if (column !== undefined && relation !== undefined) return [{ kind: 'column', table: nameInText(relation), name: column, ...place }];
  const [, name] = /column "(.+?)" (?:named in key |referenced in foreign key constraint )?does not exist/.exec(message) ?? [];
  if (name !== undefined) return [{ kind: 'column', table: undefined, name, ...place }];
  const [, alias, part] = /column ([^\s"]+)\.([^\s".]+) does not exist/.exec(message) ?? [];
  if (alias === undefined || part === undefined) return [];
  return [{ kind: 'column', table: aliasedTable(node, alias), name: part, ...place }];
}

function aliasedTable(node: SqlNode | undefined, alias: string): QualifiedName | undefined {
  let found: QualifiedName | undefined;
  walk(node, (type, inner) => {
    if (type !== 'RangeVar') return;
    if ((inner.alias?.aliasname ?? inner.relname) === alias) found ??= relationName(inner);
  });
  return found;
}

function missingObject(message: string, place: Place): Lesson[] {
  const type = match(message, /^type "(.+?)(?:\[\])?" does not exist/);
  if (type !== undefined) {
    const name = nameInText(type);
    if (foreignTypes[name.name] !== undefined) return [];
    const extension = extensionTypes[name.name];
    return [extension === undefined ? { kind: 'type', name, ...place } : { kind: 'extension', name: extension, ...place }];
  }
  const role = match(message, /role "(.+)" does not exist/);
  if (role !== undefined) return [{ kind: 'role', name: role, ...place }];
  const extension = match(message, /extension "(.+)" does not exist/);
  if (extension !== undefined) return [{ kind: 'extension', name: extension, ...place }];
  const operatorClass = operatorClasses[match(message, /operator class "(.+)" does not exist/) ?? ''];
  return operatorClass?.extension === undefined ? [] : [{ kind: 'extension', name: operatorClass.extension, ...place }];
}

function missingFunction(error: DatabaseError, statement: ParsedStatement, place: Place, tables: readonly string[]): Lesson[] {
  const [, left, operator, right] = /operator does not exist: (?:(.+?) )?(\S+) (.+)$/.exec(error.message) ?? [];
  if (operator !== undefined && right !== undefined) return wrongOperands(left, operator, right, error, statement, place, tables);
  const [, kind = 'function', title, list = ''] =
    /(function|procedure|aggregate) (.+?)\((.*)\) (?:does not exist|is not unique)/.exec(error.message) ?? [];
  if (title === undefined) return [];
  const name = nameInText(title);
  const extension = extensionFunctions[name.name];
  const parameters = list === '' ? [] : list.split(', ').map((type) => (type === 'unknown' ? 'text' : type));
  const known = argumentTypes(name.name);
  if (known) {
    return columnsOfCall(statement, error.offset, name.name).flatMap(({ column, index }): Lesson[] => {
      const type = known(index);
      return type === undefined ? [] : [{ kind: 'retype', column, type, tables, ...place }];
    });
  }
  if (extension !== undefined) return [{ kind: 'extension', name: extension, ...place }];
  const routine = kind === 'procedure' || kind === 'aggregate' ? kind : 'function';
  const column = columnFilledBy(statement.node, name.name);
  const returns = column ?? returnType(name.name, statement.node);
  return [{ kind: 'function', name, routine, parameters, returns, isVolatile: column === undefined ? undefined : true, ...place }];
}

/** The type of a new column whose default is a call of the function; what CREATE FUNCTION makes is volatile if nothing else is said. */
function columnFilledBy(node: SqlNode | undefined, name: string): string | undefined {
  for (const { subtype, def } of alterTableCommands(node)) {
    const column = subtype === 'AT_AddColumn' ? fieldsOf(def, 'ColumnDef') : undefined;
    for (const { raw_expr: expression } of fieldsOfEach(column?.constraints, 'Constraint')) {
      const call = fieldsOf(expression, 'FuncCall');
      if (call && nameFromList(call.funcname)?.name === name) return typeNameOf(column?.typeName)?.text;
    }
  }
  return undefined;
}

function returnType(name: string, node: SqlNode | undefined): string {
  if (nodeType(node) === 'CreateTrigStmt') return 'trigger';
  if (/^(?:is|has|can)_/.test(name)) return 'boolean';
  if (/uuid/.test(name)) return 'uuid';
  return /(?:^|_)(?:next_)?id$/.test(name) ? 'bigint' : 'text';
}

function columnsOfCall(statement: ParsedStatement, offset: number | undefined, name: string): { column: string; index: number }[] {
  const found: { column: string; index: number }[] = [];
  walk(statement.node, (type, inner) => {
    if (type !== 'FuncCall' || nameFromList(inner.funcname)?.name !== name) return;
    if (offset !== undefined && !isAt(statement, inner.location, offset)) return;
    inner.args?.forEach((argument, index) => {
      const column = columnOf(argument);
      if (column !== undefined) found.push({ column, index });
    });
  });
  return found;
}

function isAt(statement: ParsedStatement, location = 0, offset: number): boolean {
  return statement.offsetOf(location) === statement.start + offset;
}

/** The column that an expression is, or that is inside casts and simple calls. */
function columnOf(node: SqlNode | undefined): string | undefined {
  const parts = nameParts(fieldsOf(node, 'ColumnRef')?.fields);
  return parts.at(-1);
}

function wrongOperands(
  left: string | undefined,
  operator: string,
  right: string,
  { offset }: DatabaseError,
  statement: ParsedStatement,
  place: Place,
  tables: readonly string[],
): Lesson[] {
  if (operator === '%' && /text|varying/.test(`${left} ${right}`)) return [{ kind: 'extension', name: 'pg_trgm', ...place }];
  const lessons: Lesson[] = [];
  walk(statement.node, (type, inner) => {
    if (type !== 'A_Expr' || (offset !== undefined && !isAt(statement, inner.location, offset))) return;
    const one = columnOf(inner.lexpr);
    const other = columnOf(inner.rexpr);
    if (one !== undefined && typeOfOperand(right) !== undefined)
      lessons.push({ kind: 'retype', column: one, type: operandType(operator, right), tables, ...place });
    else if (other !== undefined && left !== undefined)
      lessons.push({ kind: 'retype', column: other, type: operandType(operator, left), tables, ...place });
  });
  // In USING of a join there is no expression to look at.
  return lessons;
}

function typeOfOperand(type: string): string | undefined {
  return type === 'unknown' ? undefined : type;
}

function operandType(operator: string, partner: string): string {
  if (operator === '->' || operator === '->>' || operator === '?') return 'jsonb';
  if (/^!?~/.test(operator) || operator === '||') return 'text';
  return partner === 'unknown' ? 'text' : partner;
}

function mismatch(error: DatabaseError, statement: ParsedStatement, place: Place, tables: readonly string[]): Lesson[] {
  const { message, detail = '' } = error;
  const retype = (column: string, type: string): Lesson[] =>
    type === 'unknown' ? [] : [{ kind: 'retype', column, type, tables, ...place }];
  const [, assigned, expression] = /column "(.+?)" is of type .+? but expression is of type (.+)$/.exec(message) ?? [];
  if (assigned !== undefined && expression !== undefined) return retype(assigned, expression);
  const [, cast, target] = /column "(.+?)" cannot be cast automatically to type (.+)$/.exec(message) ?? [];
  if (cast !== undefined && target !== undefined) return retype(cast, target);
  const [, own, referenced, ownType, referencedType] =
    /Key columns "(.+?)" .* and "(.+?)" .* are of incompatible types: (.+) and (.+)\.$/.exec(detail) ?? [];
  if (own !== undefined && referenced !== undefined) return [...retype(own, referencedType ?? ''), ...retype(referenced, ownType ?? '')];
  const label = /invalid input value for enum (.+?): "(.*)"$/.exec(message);
  if (label) return [{ kind: 'label', type: nameInText(label[1] ?? ''), label: label[2] ?? '', ...place }];
  if (/^(?:argument of .+ must be type boolean|invalid input syntax for type|malformed)/.test(message)) {
    const type = message.startsWith('argument') ? 'boolean' : 'text';
    return columnsNear(statement, error.offset).flatMap((column) => retype(column, type));
  }
  const [, from, to] = /cannot cast type (.+?) to (.+)$/.exec(message) ?? [];
  if (from !== undefined && to !== undefined) return columnsInCasts(statement).flatMap((column) => retype(column, 'text'));
  const [, first, second] = /types (.+?) and (.+?) cannot be matched/.exec(message) ?? [];
  if (first !== undefined && second !== undefined) return columnsNear(statement, error.offset).flatMap((column) => retype(column, first));
  return [];
}

/** Columns at a place of a statement, or compared with what stands there. */
function columnsNear(statement: ParsedStatement, offset: number | undefined): string[] {
  const found: string[] = [];
  if (offset === undefined) return found;
  const at = (node: SqlNode | undefined) => node !== undefined && isAt(statement, locationIn(nodeEntry(node)[1]), offset);
  walk(statement.node, (type, inner) => {
    if (type === 'ColumnRef' && isAt(statement, inner.location, offset)) found.push(nameParts(inner.fields).at(-1) ?? '');
    if (type !== 'A_Expr') return;
    const sides = [inner.lexpr, inner.rexpr];
    const items = fieldsOf(inner.rexpr, 'List')?.items ?? [];
    if (![...sides, ...items].some(at)) return;
    found.push(...sides.flatMap((side) => columnOf(side) ?? []));
  });
  return found;
}

function columnsInCasts(statement: ParsedStatement): string[] {
  const found: string[] = [];
  walk(statement.node, (type, inner) => {
    const column = type === 'TypeCast' ? columnOf(inner.arg) : undefined;
    if (column !== undefined) found.push(column);
  });
  return found;
}

/** ON CONFLICT and FOREIGN KEY need a unique key. */
function missingKey(message: string, node: SqlNode | undefined, place: Place): Lesson[] {
  const lessons: Lesson[] = [];
  walk(node, (type, inner) => {
    if (type === 'Constraint' && inner.contype === 'CONSTR_FOREIGN') {
      const table = relationName(inner.pktable);
      const columns = nameParts(inner.pk_attrs);
      if (!table) return;
      lessons.push({ kind: 'unique', table, columns: columns.length > 0 ? columns : ['id'], ...place });
    }
    if (type === 'InsertStmt' && /ON CONFLICT/.test(message)) {
      const name = inner.relation?.relname;
      const infer = inner.onConflictClause?.infer;
      const columns = fieldsOfEach(infer?.indexElems, 'IndexElem').flatMap(({ name: column }) => column ?? []);
      if (name !== undefined && columns.length > 0) lessons.push({ kind: 'unique', table: { name }, columns, ...place });
    }
  });
  return lessons;
}

function wrongKind(message: string, place: Place): Lesson[] {
  const [, name, kind] = /"(.+?)" is not an? (view|materialized view)/.exec(message) ?? [];
  if (name === undefined) return [];
  return [{ kind: 'table', name: nameInText(name), relation: kind === 'view' ? 'view' : 'materialized view', ...place }];
}

function existing(message: string, place: Place): Lesson[] {
  const [, column, table] = /column "(.+?)" of relation "(.+?)" already exists/.exec(message) ?? [];
  if (column !== undefined && table !== undefined) return [{ kind: 'exists', label: `column public.${table}.${column}`, ...place }];
  const [, kind = '', name] = /(\w+) "(.+?)" already exists/.exec(message) ?? [];
  if (name === undefined) return [];
  if (kind === 'relation')
    return ['table', 'sequence', 'index'].map((each) => ({ kind: 'exists', label: `${each} public.${name}`, ...place }) as const);
  const isQualified = kind === 'type' || kind === 'function';
  return [{ kind: 'exists', label: isQualified ? `${kind} public.${name}` : `${kind} ${name}`, ...place }];
}
