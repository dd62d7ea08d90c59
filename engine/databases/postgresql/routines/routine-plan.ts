import type { RunnerProfile } from '../../../core/scripts';
import type { RoutineProbe } from '../../observation';
import { codeOf } from '../sql/inner-statements';
import { alterTableCommands, asFields, asNode, asNodes, asText, fieldsOf, nameParts, nodeType, relationName } from '../sql/untyped-nodes';
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

/** A routine that is tried at the end of a script. */
export interface PlannedRoutine extends RoutineProbe {
  readonly routine: Routine;
  /** The statements of the script that change something that the routine may use, by their places; empty where it is new. */
  readonly causes: readonly { readonly statement: number; readonly change: Change }[];
}

/**
 * Which routines are tried at the end of each script: new ones, and those that have a word for something that the script
 * changes. Depends on the scripts so far only.
 * @param scripts the statements of the up scripts, in order
 * @param connection how the tool connects
 */
export function planRoutines(
  scripts: readonly (readonly ParsedStatement[])[],
  connection: Pick<RunnerProfile, 'searchPath' | 'keepsSession'> = {},
): PlannedRoutine[][] {
  const start = connection.searchPath?.map((each) => quotedIdentifier(each)).join(', ') ?? defaultSearchPath;
  let kept = start;
  const triggers = new TriggerNames();
  let routines: Routine[] = [];
  return scripts.map((statements, script) => {
    const sent = statements.filter(({ kind }) => kind === 'sql');
    const earlier = routines;
    const causes = new Map<Routine, { statement: number; change: Change }[]>();
    let searchPath = connection.keepsSession ? kept : start;
    for (const [index, statement] of sent.entries()) {
      const set = searchPathOf(statement.node);
      if (set !== undefined && fieldsOf(statement.node, 'VariableSetStmt')?.['is_local'] !== true) kept = set;
      searchPath = set ?? searchPath;
      triggers.note(statement.node);
      const routine = routineOf(statement, script, searchPath);
      if (routine) routines = [...routines.filter((each) => !isSameText(each, routine)), routine];
      const change = changeOf(statement, triggers);
      for (const each of change ? earlier : []) {
        if (change && concerns(change, each, triggers)) causes.set(each, [...(causes.get(each) ?? []), { statement: index, change }]);
      }
    }
    const born = routines.filter((routine) => routine.script === script).map((routine) => [routine, []] as const);
    return [...causes, ...born].map(([routine, own]) => ({ statement: sent.length - 1, routine, sql: routine.sql, causes: own }));
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
export interface Change {
  readonly names: readonly string[];
  /** The table that the names are columns of. */
  readonly table?: string | undefined;
  /** True when code is concerned that uses the table and inserts, whatever columns it names. */
  readonly asWhole?: boolean;
}

function concerns({ names, table, asWhole }: Change, { words, name }: Routine, triggers: TriggerNames): boolean {
  if (table !== undefined && !words.has(table) && !triggers.tablesOf(name).has(table)) return false;
  return names.some((each) => words.has(each) || each === name) || (asWhole === true && words.has('insert'));
}

/** Which functions triggers call, and for which tables. */
class TriggerNames {
  readonly #functions = new Map<string, string>();
  readonly #tables = new Map<string, Set<string>>();

  note(node: SqlNode | undefined): void {
    const create = fieldsOf(node, 'CreateTrigStmt');
    if (create) {
      const name = lastName(create['funcname']) ?? '';
      this.#functions.set(asText(create['trigname']) ?? '', name);
      this.#tables.set(name, new Set([...this.tablesOf(name), relationName(create['relation'])?.name.toLowerCase() ?? '']));
    }
    const rename = fieldsOf(node, 'RenameStmt');
    if (rename?.['renameType'] !== 'OBJECT_TABLE') return;
    const old = relationName(rename['relation'])?.name.toLowerCase() ?? '';
    for (const tables of this.#tables.values()) if (tables.has(old)) tables.add(asText(rename['newname'])?.toLowerCase() ?? '');
  }

  functionOf(trigger: string | undefined): string | undefined {
    return this.#functions.get(trigger ?? '');
  }

  tablesOf(name: string): ReadonlySet<string> {
    return this.#tables.get(name) ?? noTables;
  }
}

const noTables: ReadonlySet<string> = new Set();

const columnCommands: ReadonlySet<string> = new Set(['AT_AddColumn', 'AT_DropColumn', 'AT_AlterColumnType']);
const constraintCommands: ReadonlySet<string> = new Set(['AT_DropConstraint', 'AT_AddConstraint']);

function changeOf({ node, text }: ParsedStatement, triggers: TriggerNames): Change | undefined {
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
      return { names: names.map(lower), table: relation?.toLowerCase(), asWhole: true };
    }
    case 'RenameStmt':
      return inner['renameType'] === 'OBJECT_COLUMN'
        ? { ...change(inner['subname'], inner['newname']), table: relation?.toLowerCase() }
        : change(inner['newname'], relation, lastName(inner['object']));
    case 'DropStmt': {
      const objects = asNodes(inner['objects']).map((each) => lastName(each));
      const called = inner['removeType'] === 'OBJECT_TRIGGER' ? objects.map((each) => triggers.functionOf(each)) : [];
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
