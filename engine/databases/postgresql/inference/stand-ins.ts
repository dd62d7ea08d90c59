import type { DatabaseError, ReplayScript, ReplayStatement, ReplayStep, StepObservation } from '../../observation';
import {
  fieldsOf,
  fieldsOfEach,
  handleNode,
  nameFromList,
  nameParts,
  nodeEntry,
  type NodeHandlers,
  nodeType,
  relationName,
} from '../sql/nodes';
import { quotedIdentifier } from '../sql/quoting';
import type { ParsedStatement, SqlNode } from '../sql/statement';
import { remembered } from '../../../core/remember';
import { castsAmong, foreignTypes, functionSql, signature, type StandInFunction, typeSql } from './stand-in-sql';
import { nameInText } from './type-names';

/** How often the server is asked what it still lacks. Each answer names the first thing that a statement lacks. */
const mostRounds = 8;

/** A statement that does nothing, in a transaction and outside. */
const nothing = 'UNLISTEN mem8_left_out';

/** What is done about a statement that the embedded server cannot run as it stands. */
interface Remedy {
  /** What is sent in its place. */
  readonly sql: string;
  /** Set where nothing of the statement could be run: what it says is kept. */
  readonly error?: DatabaseError;
}

/** What was found out about the statements of a history, by their texts; it holds for as long as they stand there. */
export interface StandInKnowledge {
  readonly lacked: Set<string>;
  readonly types: Map<string, string>;
  readonly functions: Map<string, { readonly made: StandInFunction; readonly statement: string }>;
  readonly remedies: Map<string, Remedy>;
  /** Names with their schema, of which the stand-in is found without it. */
  readonly qualified: Set<string>;
}

const defining =
  /^(?:CreateFunction|CreateEnum|CreateDomain|CompositeType|CreateRange|CreateExtension|CreateSchema|Define|CreateCast|CreateAm|CreateOpClass|Rename|Create|View)Stmt$/;

/** What the scripts define, in one text: with other definitions, other things are lacked. */
export function definitionsKey(scripts: readonly ScriptToRun[]): string {
  return scripts
    .flatMap(({ up }) => up.map(defined))
    .filter((each) => each !== '')
    .join('\n');
}

/** What a statement defines; empty for one that defines nothing. */
const defined = remembered(({ node }: ParsedStatement) =>
  node && defining.test(nodeType(node)) ? [nodeType(node), ...(handleNode(definedNames, node) ?? [])].join(' ') : '',
);

const definedNames: NodeHandlers<readonly (string | undefined)[]> = {
  CreateFunctionStmt: ({ funcname }) => nameParts(funcname),
  CreateEnumStmt: ({ typeName }) => nameParts(typeName),
  CreateRangeStmt: ({ typeName }) => nameParts(typeName),
  CreateDomainStmt: ({ typeName }) => nameParts(typeName),
  CompositeTypeStmt: ({ typevar }) => [relationName(typevar)?.name],
  DefineStmt: ({ defnames }) => nameParts(defnames),
  CreateStmt: ({ relation }) => [relationName(relation)?.name],
  ViewStmt: ({ view }) => [relationName(view)?.name],
  RenameStmt: ({ relation, newname }) => [relationName(relation)?.name, newname],
  CreateExtensionStmt: ({ extname }) => [extname],
  CreateSchemaStmt: ({ schemaname }) => [schemaname],
};

export function noKnowledge(): StandInKnowledge {
  return { lacked: new Set(), types: new Map(), functions: new Map(), remedies: new Map(), qualified: new Set() };
}

interface ScriptToRun {
  readonly step: ReplayStep;
  /** Of the up script, those of kind `sql`. */
  readonly up: readonly ParsedStatement[];
  readonly down: readonly ParsedStatement[];
}

export interface StandIns {
  /** Makes the stand-ins; undefined when there are none. It belongs before the scripts. */
  readonly step: ReplayStep | undefined;
  /** The steps to replay in place of the scripts' own. */
  readonly steps: readonly ReplayStep[];
  /** By script and statement: what the server says of a statement that was left out. */
  readonly errors: readonly ReadonlyMap<number, DatabaseError>[];
  /** True when the error only says that an extension is not there. */
  isOfLacked(error: DatabaseError): boolean;
}

/**
 * Lets scripts run that need an extension which the embedded server does not have: its types get stand-ins, its kinds of index
 * become plain ones, its functions give NULL in definitions, and what cannot be run is left out. So one column of an unknown
 * type does not take its table out of everything. Undefined where nothing is lacked.
 * @param knowledge what was found out before; it is added to
 * @param observe replays a chain, given the steps that go before the scripts and the scripts
 */
export async function standInsFor(
  scripts: readonly ScriptToRun[],
  knowledge: StandInKnowledge,
  observe: (before: readonly ReplayStep[], steps: readonly ReplayStep[]) => Promise<readonly StepObservation[]>,
): Promise<StandIns | undefined> {
  if (!scripts.some(mayLack)) return undefined;
  const made = typesMadeIn(scripts);
  let applied = apply(scripts, knowledge);
  for (let round = 0; round < mostRounds; round++) {
    const observed = await observe(applied.step ? [applied.step] : [], applied.steps);
    let isNew = false;
    const tried = new Set([...knowledge.types.keys(), ...knowledge.functions.keys()]);
    for (const [index, script] of scripts.entries()) {
      for (const [place, statement] of script.up.entries()) {
        const error = observed[index]?.statements[place]?.error;
        if (error && !error.gaveUp) isNew = learn(error, statement, knowledge, { made, tried, isLast: round === mostRounds - 1 }) || isNew;
      }
    }
    if (!isNew) break;
    applied = apply(scripts, knowledge);
  }
  return applied.step || applied.errors.some((each) => each.size > 0) || applied.steps.some((each, index) => each !== scripts[index]?.step)
    ? applied
    : undefined;
}

const namesForeignType = new RegExp(`\\b(?:${Object.keys(foreignTypes).join('|')})\\b`, 'i');

const foreignIn = remembered(({ text }: ParsedStatement) => ({
  type: namesForeignType.test(text),
  extension: /\bextension\b/i.test(text),
}));

function mayLack({ up, down }: ScriptToRun): boolean {
  return [up, down].some((statements) => statements.some((statement) => foreignIn(statement).type || foreignIn(statement).extension));
}

/** True when a script names a type of an extension that the embedded server does not have. */
export function usesForeignTypes(scripts: readonly ScriptToRun[]): boolean {
  return scripts.some(({ up, down }) => [up, down].some((statements) => statements.some((statement) => foreignIn(statement).type)));
}

interface Round {
  /** Names of types that the scripts make themselves. */
  readonly made: ReadonlySet<string>;
  /** The types and functions that had stand-ins when the error came. */
  readonly tried: ReadonlySet<string>;
  readonly isLast: boolean;
}

/** Adds what an error tells. Returns whether it was anything. */
function learn(error: DatabaseError, statement: ParsedStatement, knowledge: StandInKnowledge, { made, tried, isLast }: Round): boolean {
  const { text, node } = statement;
  const { lacked, types, functions, remedies } = knowledge;
  if (!node || remedies.has(text)) return false;
  const extension = lackedExtension(error);
  if (extension !== undefined) {
    lacked.add(extension);
    remedies.set(text, { sql: nothing, error });
    return true;
  }
  const type = /^type "?(.+?)(?:\[\])?"? does not exist/.exec(error.message)?.[1];
  if (error.sqlstate === '42704' && type !== undefined) {
    const { schema, name } = nameInText(type);
    if ((lacked.size === 0 && foreignTypes[name] === undefined) || made.has(name)) return false;
    if (tried.has(type)) remedies.set(text, { sql: nothing, error });
    else if (!types.has(type)) types.set(type, text);
    if (schema !== undefined) knowledge.qualified.add(`${schema}.${name}`);
    return true;
  }
  if (lacked.size === 0 && types.size === 0) return false;
  const returned = [...functions.values()].findLast((each) => each.statement === text);
  const wanted = returned && wantedType(error, returned.made.returns);
  if (returned && wanted !== undefined && !isLast) {
    returned.made.returns = wanted;
    return true;
  }
  if (!isOfLacked(error, knowledge)) return false;
  const index = plainIndex(node);
  const called = isDefinition(node) && !isLast ? calledFunction(error, types) : undefined;
  if (index !== undefined) remedies.set(text, { sql: index });
  else if (called && !tried.has(signature(called))) {
    functions.set(signature(called), { made: called, statement: text });
    const { schema, name } = nameInText(/^function (.+?)\(/.exec(error.message)?.[1] ?? '');
    if (schema !== undefined) knowledge.qualified.add(`${schema}.${name}`);
  } else remedies.set(text, { sql: nothing, error });
  return true;
}

/** The extension that the server does not have. */
function lackedExtension({ sqlstate, message }: DatabaseError): string | undefined {
  return sqlstate === '0A000' ? /^extension "([^"]+)" is not available$/.exec(message)?.[1] : undefined;
}

/** Functions, operators, kinds of index and the like are only put down to an extension where one is known to be lacked. */
function isOfLacked({ sqlstate, message }: DatabaseError, { lacked, types }: StandInKnowledge): boolean {
  const names = [...types.keys()].map((type) => nameInText(type).name);
  const isAbout = names.some((name) => message.includes(name));
  switch (sqlstate) {
    case '42883':
      return (lacked.size > 0 && /^(?:function|procedure) /.test(message)) || isAbout;
    case '42704':
      return (
        isAbout ||
        (lacked.size + types.size > 0 &&
          /^(?:access method|operator class|text search|language|foreign-data wrapper|event trigger|extension) /.test(message))
      );
    case '22023':
    case '42804':
    case '42846':
    case '42725':
    case '42P17':
      return isAbout || /^unrecognized parameter/.test(message);
    case '3F000':
    case '42P01':
      return [...lacked].some(
        (extension) => message.includes(`"${extension}`) || message.includes(`"${schemasOf[extension] ?? extension}`),
      );
    default:
      return false;
  }
}

/** Extensions that make a schema of another name. */
const schemasOf: Readonly<Record<string, string>> = { pg_cron: 'cron', pg_net: 'net', pg_partman: 'partman', postgis_topology: 'topology' };

const definitions = new Set([
  'CreateStmt',
  'AlterTableStmt',
  'ViewStmt',
  'IndexStmt',
  'CreateFunctionStmt',
  'CreateTrigStmt',
  'CreatePolicyStmt',
  'CreateDomainStmt',
]);

/** True for statements that need a function to exist more than to give anything. */
function isDefinition(node: SqlNode): boolean {
  return definitions.has(nodeType(node));
}

function calledFunction({ sqlstate, message }: DatabaseError, types: ReadonlyMap<string, string>): StandInFunction | undefined {
  const [, title, list = ''] = sqlstate === '42883' ? (/^function (.+?)\((.*)\) does not exist/.exec(message) ?? []) : [];
  if (title === undefined) return undefined;
  const { name } = nameInText(title);
  const parameters = list === '' ? [] : list.split(', ').map((type) => (type === 'unknown' ? 'text' : type));
  return { name, parameters, returns: returnType(name, types) };
}

function returnType(name: string, types: ReadonlyMap<string, string>): string {
  if (/^(?:st_)?(?:is|has|contains|within|intersects|dwithin|equals|touches|covers|coveredby|overlaps|crosses|disjoint)/.test(name))
    return 'boolean';
  if (/distance|area|length|perimeter|azimuth|^st_[xyzm]$|inner_product|norm$/.test(name)) return 'double precision';
  if (/uuid/.test(name)) return 'uuid';
  const [first] = types.keys();
  return name.startsWith('st_') && !/^st_(?:as|geohash|summary)/.test(name) ? (first ?? 'text') : 'text';
}

/** The type that the server would rather have of an expression. */
function wantedType({ sqlstate, message }: DatabaseError, given: string): string | undefined {
  if (sqlstate !== '42804') return undefined;
  const wanted =
    /is of type (.+?) but (?:default )?expression is of type/.exec(message)?.[1] ?? /must be type (\w+), not type/.exec(message)?.[1];
  return wanted === given ? undefined : wanted;
}

/** An index of the same name on the same table that any server can build, over whether its first column is NULL. */
function plainIndex(node: SqlNode): string | undefined {
  const index = fieldsOf(node, 'IndexStmt');
  const table = index && relationName(index.relation);
  if (!index || !table) return undefined;
  const column = fieldsOfEach(index.indexParams, 'IndexElem').find((each) => each.name !== undefined)?.name;
  const name = index.idxname;
  const words = [
    'CREATE INDEX',
    index.concurrent === true ? 'CONCURRENTLY' : '',
    index.if_not_exists === true ? 'IF NOT EXISTS' : '',
    name === undefined ? '' : quotedIdentifier(name),
    index.relation?.inh === false ? 'ON ONLY' : 'ON',
    [table.schema, table.name].flatMap((part) => (part === undefined ? [] : quotedIdentifier(part))).join('.'),
    column === undefined ? '((1))' : `((${quotedIdentifier(column)} IS NULL))`,
  ];
  return words.filter((word) => word !== '').join(' ');
}

/** Names of the types that the scripts make themselves. */
function typesMadeIn(scripts: readonly ScriptToRun[]): Set<string> {
  const names = scripts.flatMap(({ up }) => up.map(({ node }) => node && handleNode(madeTypes, node)));
  return new Set(names.filter((name) => name !== undefined));
}

const madeTypes: NodeHandlers<string | undefined> = {
  CreateEnumStmt: ({ typeName }) => nameFromList(typeName)?.name,
  AlterEnumStmt: ({ typeName }) => nameFromList(typeName)?.name,
  CreateRangeStmt: ({ typeName }) => nameFromList(typeName)?.name,
  AlterTypeStmt: ({ typeName }) => nameFromList(typeName)?.name,
  // It is the type below the domain that counts as made.
  CreateDomainStmt: ({ typeName }) => nameFromList(typeName)?.name,
  AlterDomainStmt: ({ typeName }) => nameFromList(typeName)?.name,
  CompositeTypeStmt: ({ typevar }) => relationName(typevar)?.name,
  CreateStmt: ({ relation }) => relationName(relation)?.name,
  ViewStmt: ({ view }) => relationName(view)?.name,
  RenameStmt: ({ newname }) => newname,
};

function apply(scripts: readonly ScriptToRun[], knowledge: StandInKnowledge): StandIns {
  const texts = new Set(scripts.flatMap(({ up }) => up.map(({ text }) => text)));
  const created = new Set(scripts.flatMap(({ up }) => up.flatMap(({ node }) => fieldsOf(node, 'CreateExtensionStmt')?.extname ?? [])));
  const isLacked = [...knowledge.lacked].some((name) => created.has(name));
  const types = [...knowledge.types].filter(
    ([type, text]) => texts.has(text) && (isLacked || foreignTypes[nameInText(type).name] !== undefined),
  );
  const functions = isLacked || types.length > 0 ? [...knowledge.functions.values()].filter(({ statement }) => texts.has(statement)) : [];
  const names = [...new Set(types.map(([type]) => nameInText(type).name))];
  const sql = [...names.flatMap(typeSql), ...castsAmong(names), ...functions.map(({ made }) => functionSql(made))];
  const statements = sql.map((text) => ({ text }));
  const remedyOf = (statement: ParsedStatement): Remedy | undefined => {
    if (isLacked || types.length > 0) {
      const known = knowledge.remedies.get(statement.text);
      if (known) return known;
    }
    return isAboutExtension(statement.node, knowledge.lacked) ? { sql: nothing } : undefined;
  };
  const hasStandIns = statements.length > 0;
  const unqualified = (text: string) => (hasStandIns ? withoutSchemas(text, knowledge.qualified) : text);
  const errors = scripts.map(
    ({ up }) =>
      new Map(
        up.flatMap((statement, index) => {
          const error = remedyOf(statement)?.error;
          return error ? [[index, error] as const] : [];
        }),
      ),
  );
  return {
    step: statements.length === 0 ? undefined : { id: 'stand-ins', up: { transaction: 'script', sends: 'statements', statements } },
    steps: scripts.map(({ step, up, down }) => {
      const ups = replaced(step.up, up, remedyOf, unqualified);
      const downs = step.down && replaced(step.down, down, remedyOf, unqualified);
      return ups === step.up && downs === step.down ? step : { ...step, up: ups, down: downs };
    }),
    errors,
    isOfLacked: (error) =>
      isOfLacked(error, knowledge) || (knowledge.lacked.size > 0 && error.sqlstate === '42704' && /^type /.test(error.message)),
  };
}

function replaced(
  script: ReplayScript,
  statements: readonly ParsedStatement[],
  remedyOf: (statement: ParsedStatement) => Remedy | undefined,
  unqualified: (text: string) => string,
): ReplayScript {
  const sent = script.statements.map((each, index): ReplayStatement => {
    const statement = statements[index];
    const remedy = statement && remedyOf(statement);
    if (!remedy) {
      const text = unqualified(each.text);
      return text === each.text ? each : { ...each, text };
    }
    const concurrently = /^CREATE INDEX CONCURRENTLY /;
    const outside = each.outside && concurrently.test(remedy.sql);
    return {
      text: remedy.sql,
      outside: outside ? { ...each.outside, imitation: remedy.sql.replace(concurrently, 'CREATE INDEX ') } : undefined,
    };
  });
  return sent.every((each, index) => each === script.statements[index]) ? script : { ...script, statements: sent };
}

/** The text with blanks for the schemas of these names, so that all else stays where it is. */
function withoutSchemas(text: string, names: ReadonlySet<string>): string {
  let result = text;
  for (const qualifiedName of names) {
    const [schema = '', name = ''] = qualifiedName.split('.').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    result = result.replace(new RegExp(`(?<![\\w."])"?${schema}"?\\.(?="?${name}(?!\\w))`, 'gi'), (found) => ' '.repeat(found.length));
  }
  return result;
}

/** True for a statement about an extension that is not there. */
function isAboutExtension(node: SqlNode | undefined, lacked: ReadonlySet<string>): boolean {
  if (!node || lacked.size === 0) return false;
  const [type, inner] = nodeEntry(node);
  switch (type) {
    case 'CreateExtensionStmt':
    case 'AlterExtensionStmt':
    case 'AlterExtensionContentsStmt':
      return lacked.has(inner.extname ?? '');
    case 'DropStmt':
      return inner.removeType === 'OBJECT_EXTENSION' && !!inner.objects?.some((object) => lacked.has(nameParts(object).at(-1) ?? ''));
    case 'CommentStmt':
      return inner.objtype === 'OBJECT_EXTENSION' && lacked.has(nameParts(inner.object).at(-1) ?? '');
    default:
      return false;
  }
}
