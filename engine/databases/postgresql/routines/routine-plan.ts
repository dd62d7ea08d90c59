import type { RangeVar } from '@pgsql/types';
import { remembered } from '../../../core/remember';
import type { RunnerProfile } from '../../../core/scripts';
import type { RoutineProbe } from '../../observation';
import { codeOf } from '../sql/inner-statements';
import { alterTableCommands, constantText, fieldsOf, type NameHolder, nameParts, nodeEntry, relationName } from '../sql/nodes';
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
      const { searchPath: set, isLocal, ...read } = roleOf(statement);
      if (set !== undefined && !isLocal) kept = set;
      searchPath = set ?? searchPath;
      triggers.note(statement.node);
      const routine = routineOf(statement, script, searchPath);
      if (routine) routines = [...routines.filter((each) => !isSameText(each, routine)), routine];
      const change = read.change && withFunctions(read.change, triggers);
      for (const each of change ? earlier : []) {
        if (change && concerns(change, each, triggers)) causes.set(each, [...(causes.get(each) ?? []), { statement: index, change }]);
      }
    }
    const born = routines.filter((routine) => routine.script === script).map((routine) => [routine, []] as const);
    return [...causes, ...born].map(([routine, own]) => ({ statement: sent.length - 1, routine, sql: routine.sql, causes: own }));
  });
}

/** What a statement is to routines, whatever stands before it. */
const roleOf = remembered((statement: ParsedStatement) => ({
  searchPath: searchPathOf(statement.node),
  isLocal: fieldsOf(statement.node, 'VariableSetStmt')?.is_local === true,
  change: changeOf(statement),
}));

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
      name: nameParts(create.funcname).at(-1) ?? '',
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
  if (set?.name === 'search_path') {
    const schemas = set.args?.flatMap((each) => constantText(each) || []) ?? [];
    return schemas.map(quotedIdentifier).join(', ') || defaultSearchPath;
  }
  const target = fieldsOf(fieldsOf(node, 'SelectStmt')?.targetList?.[0], 'ResTarget');
  const call = fieldsOf(target?.val, 'FuncCall');
  const [name, value] = call?.args?.map(constantText) ?? [];
  const isSetting = nameParts(call?.funcname).at(-1) === 'set_config' && name === 'search_path';
  return isSetting ? value || defaultSearchPath : undefined;
}

/** What a statement changes, as words that code would use for it. */
interface Change {
  readonly names: readonly string[];
  /** The table that the names are columns of. */
  readonly table?: string | undefined;
  /** Triggers that go, with which their functions are concerned. */
  readonly triggers?: readonly (string | undefined)[];
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
      const name = lastName(create.funcname) ?? '';
      this.#functions.set(create.trigname ?? '', name);
      this.#tables.set(name, new Set([...this.tablesOf(name), relationName(create.relation)?.name.toLowerCase() ?? '']));
    }
    const rename = fieldsOf(node, 'RenameStmt');
    if (rename?.renameType !== 'OBJECT_TABLE') return;
    const old = relationName(rename.relation)?.name.toLowerCase() ?? '';
    for (const tables of this.#tables.values()) if (tables.has(old)) tables.add(rename.newname?.toLowerCase() ?? '');
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

function withFunctions(told: Change, triggers: TriggerNames): Change {
  return told.triggers ? change(...told.names, ...told.triggers.map((each) => triggers.functionOf(each))) : told;
}

function changeOf({ node, text }: ParsedStatement): Change | undefined {
  if (!node) return undefined;
  const [type, inner] = nodeEntry(node);
  switch (type) {
    case 'AlterTableStmt': {
      const commands = alterTableCommands(node);
      const columns = commands.filter(({ subtype }) => columnCommands.has(subtype));
      const names = columns.flatMap(({ name, def }) => name ?? fieldsOf(def, 'ColumnDef')?.colname ?? []);
      const constraints = commands.some(({ subtype }) => constraintCommands.has(subtype));
      if (columns.length === 0 && !constraints) return undefined;
      return { names: names.map(lower), table: nameOf(inner.relation)?.toLowerCase(), asWhole: true };
    }
    case 'RenameStmt':
      return inner.renameType === 'OBJECT_COLUMN'
        ? { ...change(inner.subname, inner.newname), table: nameOf(inner.relation)?.toLowerCase() }
        : change(inner.newname, nameOf(inner.relation), lastName(inner.object));
    case 'DropStmt': {
      const objects = (inner.objects ?? []).map(lastName);
      return { ...change(...objects), ...(inner.removeType === 'OBJECT_TRIGGER' && { triggers: objects }) };
    }
    case 'CreateTrigStmt':
    case 'CreateFunctionStmt':
      return change(lastName(inner.funcname));
    case 'CreateStmt':
      return change(nameOf(inner.relation));
    case 'CreateTableAsStmt':
      return change(nameOf(inner.into?.rel));
    case 'ViewStmt':
      return change(nameOf(inner.view));
    case 'CreateEnumStmt':
      return change(lastName(inner.typeName));
    case 'CreateDomainStmt':
      // For a domain that is the type below it.
      return change(lastName(inner.typeName ?? inner.domainname));
    case 'AlterObjectSchemaStmt':
      return change(nameOf(inner.relation), lastName(inner.object), inner.newschema);
    case 'DoStmt':
      return { names: [...wordsOf(text)].filter((word) => !commonWords.has(word)) };
    default:
      return undefined;
  }
}

function change(...names: readonly (string | undefined)[]): Change {
  return { names: names.flatMap((each) => (each ? each.toLowerCase() : [])) };
}

function lower(name: string): string {
  return name.toLowerCase();
}

/** The last part of a name, be it of a table, a type or a function. */
function lastName(holder: NameHolder): string | undefined {
  return nameParts(holder).at(-1);
}

function nameOf(rangeVar: RangeVar | undefined): string | undefined {
  return relationName(rangeVar)?.name;
}

/** Words of nearly all code, which say nothing of what it uses. */
const commonWords: ReadonlySet<string> = new Set(
  (
    'begin end declare if then else elsif for in loop select insert update delete from where and or not null into values set return returns is as ' +
    'create table drop alter column add exists execute format raise notice exception when on to do language plpgsql record text integer bigint boolean'
  ).split(' '),
);
