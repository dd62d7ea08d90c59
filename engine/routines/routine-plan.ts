import type { RoutineProbe } from '../shadow/observation';
import { codeOf } from '../sql/inner-statements';
import { alterTableCommands, asFields, asNode, asNodes, asText, fieldsOf, nameParts, nodeType, relationName } from '../sql/nodes';
import { quotedIdentifier } from '../sql/quoting';
import type { ParsedStatement, SqlNode } from '../sql/statement';
import { plpgsqlBody, type PlpgsqlBody } from './plpgsql-body';
import { routineProbeSql } from './routine-probe-sql';

/** A function or procedure in PL/pgSQL or SQL whose code is given as a string. */
export interface Routine {
  readonly name: string;
  /** The script that creates it, by its place. */
  readonly script: number;
  readonly statement: ParsedStatement;
  /** Undefined for one in SQL. */
  readonly body: PlpgsqlBody | undefined;
  /** Every word of its code, in lower case. */
  readonly words: ReadonlySet<string>;
  readonly sql: string;
}

/** A routine that is tried after a statement. */
export interface PlannedRoutine extends RoutineProbe {
  readonly routine: Routine;
}

/**
 * After which statements of each script which routines are tried: a new one at the end of its script, and one of an earlier
 * script after each statement that changes something that its code has a word for. Depends on the scripts so far only.
 * @param scripts the statements of the up scripts, in order
 */
export function planRoutines(scripts: readonly (readonly ParsedStatement[])[]): PlannedRoutine[][] {
  const triggers = new Map<string, string>();
  let routines: Routine[] = [];
  const create = (statement: ParsedStatement, script: number, searchPath: string): void => {
    const routine = routineOf(statement, script, searchPath);
    if (routine) routines = [...routines.filter((each) => !isSameText(each, routine)), routine];
  };
  return scripts.map((statements, script) => {
    const sent = statements.filter(({ kind }) => kind === 'sql');
    const earlier = routines;
    noteTriggers(sent, triggers);
    let searchPath = defaultSearchPath;
    const planned: PlannedRoutine[] = [];
    for (const [index, statement] of sent.entries()) {
      searchPath = searchPathOf(statement.node) ?? searchPath;
      create(statement, script, searchPath);
      const change = changeOf(statement, triggers);
      if (change)
        for (const routine of earlier) if (concerns(change, routine)) planned.push({ statement: index, routine, sql: routine.sql });
    }
    const last = sent.length - 1;
    const again = new Set(planned.filter(({ statement }) => statement < last).map(({ routine }) => routine));
    for (const { routine, statement } of planned) if (statement === last) again.delete(routine);
    const atEnd = [...again, ...routines.filter((routine) => routine.script === script)];
    return [...planned, ...atEnd.map((routine) => ({ statement: last, routine, sql: routine.sql }))];
  });
}

function isSameText(one: Routine, other: Routine): boolean {
  return one.name === other.name && one.statement.text === other.statement.text;
}

const known = new WeakMap<
  SqlNode,
  Omit<Routine, 'script' | 'statement' | 'sql'> & { start: number; bySearchPath: Map<string, string>; code: string }
>();

function routineOf(statement: ParsedStatement, script: number, searchPath: string): Routine | undefined {
  const { node } = statement;
  const create = fieldsOf(node, 'CreateFunctionStmt');
  const code = create && codeOf(statement);
  if (!node || !create || !code || !/^(?:plpgsql|sql)$/.test(code.language)) return undefined;
  let read = known.get(node);
  if (read?.start !== statement.start) {
    const body = code.language === 'plpgsql' ? plpgsqlBody(statement) : undefined;
    if (code.language === 'plpgsql' && !body) return undefined;
    const words = wordsOf(code.text);
    read = {
      name: nameParts(create['funcname']).at(-1) ?? '',
      body,
      words,
      start: statement.start,
      bySearchPath: new Map(),
      code: code.text,
    };
    known.set(node, read);
  }
  const { name, body, words, bySearchPath } = read;
  const sql = bySearchPath.get(searchPath) ?? routineProbeSql({ name, code: code.text, body, searchPath });
  bySearchPath.set(searchPath, sql);
  return { name, body, words, script, statement, sql };
}

function wordsOf(code: string): ReadonlySet<string> {
  return new Set(code.toLowerCase().match(/[\p{L}_][\p{L}\p{N}_$]*/gu) ?? []);
}

const defaultSearchPath = '"$user", public';

/** The search path that a statement sets. */
function searchPathOf(node: SqlNode | undefined): string | undefined {
  const set = fieldsOf(node, 'VariableSetStmt');
  if (set?.['name'] === 'search_path') {
    const schemas = asNodes(set['args']).flatMap((each) => constant(each) ?? []);
    return (
      schemas
        .filter((each) => each !== '')
        .map(quotedIdentifier)
        .join(', ') || defaultSearchPath
    );
  }
  const target = fieldsOf(asNodes(fieldsOf(node, 'SelectStmt')?.['targetList'])[0], 'ResTarget');
  const call = fieldsOf(asNode(target?.['val']), 'FuncCall');
  const [name, value] = asNodes(call?.['args']).map(constant);
  const isSetting = nameParts(call?.['funcname']).at(-1) === 'set_config' && name === 'search_path';
  return isSetting ? value || defaultSearchPath : undefined;
}

function constant(node: SqlNode): string | undefined {
  return asText(asFields(fieldsOf(node, 'A_Const')?.['sval'])?.['sval']);
}

/** What a statement changes, as words that code would use for it. */
interface Change {
  readonly names: readonly string[];
  /** A table of which the columns change, which matters to code that uses all of them. */
  readonly table?: string | undefined;
}

function concerns({ names, table }: Change, { words, name }: Routine): boolean {
  if (names.some((each) => words.has(each) || each === name)) return true;
  return table !== undefined && words.has(table) && words.has('insert');
}

function noteTriggers(statements: readonly ParsedStatement[], triggers: Map<string, string>): void {
  for (const { node } of statements) {
    const create = fieldsOf(node, 'CreateTrigStmt');
    if (create) triggers.set(asText(create['trigname']) ?? '', nameParts(create['funcname']).at(-1) ?? '');
  }
}

const columnCommands: ReadonlySet<string> = new Set(['AT_AddColumn', 'AT_DropColumn', 'AT_AlterColumnType']);
const constraintCommands: ReadonlySet<string> = new Set(['AT_DropConstraint', 'AT_AddConstraint']);

function changeOf({ node, text }: ParsedStatement, triggers: ReadonlyMap<string, string>): Change | undefined {
  if (!node) return undefined;
  const inner = fieldsOf(node, nodeType(node)) ?? {};
  const relation = relationName(inner['relation'])?.name;
  switch (nodeType(node)) {
    case 'AlterTableStmt': {
      const commands = alterTableCommands(node);
      const columns = commands.filter(({ subtype }) => columnCommands.has(subtype));
      const names = columns.flatMap(({ name, def }) => name ?? asText(fieldsOf(def, 'ColumnDef')?.['colname']) ?? []);
      const constraints = commands.some(({ subtype }) => constraintCommands.has(subtype));
      if (columns.length === 0 && !constraints) return undefined;
      return { names: names.map(lower), table: relation?.toLowerCase() };
    }
    case 'RenameStmt':
      return change(inner['subname'], inner['newname'], relation, lastName(inner['object']));
    case 'DropStmt': {
      const objects = asNodes(inner['objects']).map((each) => lastName(each));
      const called = inner['removeType'] === 'OBJECT_TRIGGER' ? objects.map((each) => triggers.get(each ?? '')) : [];
      return change(...objects, ...called);
    }
    case 'CreateTrigStmt':
    case 'CreateFunctionStmt':
      return change(lastName(inner['funcname']));
    case 'CreateStmt':
      return change(relation);
    case 'CreateTableAsStmt':
      return change(relationName(asFields(inner['into'])?.['rel'])?.name);
    case 'ViewStmt':
      return change(relationName(inner['view'])?.name);
    case 'CreateEnumStmt':
    case 'CreateDomainStmt':
      return change(lastName(inner['typeName'] ?? inner['domainname']));
    case 'AlterObjectSchemaStmt':
      return change(relation, lastName(inner['object']), inner['newschema']);
    case 'IndexStmt':
      return inner['unique'] === true ? { names: [], table: relation?.toLowerCase() } : undefined;
    case 'DoStmt':
      return { names: [...wordsOf(text)].filter((word) => !commonWords.has(word)) };
    default:
      return undefined;
  }
}

function change(...names: readonly unknown[]): Change {
  return { names: names.flatMap((each) => (typeof each === 'string' && each !== '' ? each.toLowerCase() : [])) };
}

function lower(name: string): string {
  return name.toLowerCase();
}

/** The last part of a name, be it of a table, a type or a function. */
function lastName(value: unknown): string | undefined {
  return nameParts(value).at(-1);
}

/** Words of nearly all code, which say nothing of what it uses. */
const commonWords: ReadonlySet<string> = new Set(
  (
    'begin end declare if then else elsif for in loop select insert update delete from where and or not null into values set return returns is as ' +
    'create table drop alter column add exists execute format raise notice exception when on to do language plpgsql record text integer bigint boolean'
  ).split(' '),
);
