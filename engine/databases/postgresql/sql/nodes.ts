import type { AlterTableCmd, AlterTableStmt, AlterTableType, RangeVar, RoleSpec, TypeName } from '@pgsql/types';
import { remembered } from '../../../core/remember';
import type { SqlNode } from './statement';

/** The types of nodes, e.g. `IndexStmt`. */
export type NodeType = SqlNode extends infer Each ? (Each extends unknown ? keyof Each : never) : never;

/** The fields of each type of node. */
export type FieldsByType = { readonly [Type in NodeType]: Extract<SqlNode, Record<Type, unknown>>[Type] };

/** A node taken apart. */
export type TypedEntry = { [Type in NodeType]: [type: Type, fields: FieldsByType[Type]] }[NodeType];

/** The same, or the empty type for `{}`, which stands where a list has an empty element. */
export type NodeEntry = TypedEntry | [type: '', fields: object];

/** The type of a node; empty for `{}` and where there is none. */
export function nodeType(node: SqlNode | undefined): NodeType | '' {
  for (const type in node) return type as NodeType;
  return '';
}

/** The type and the fields of a node, so that `switch` over the type knows the fields: `const [type, inner] = nodeEntry(node)`. */
export function nodeEntry(node: SqlNode): NodeEntry {
  const type = nodeType(node);
  return [type, type === '' ? {} : fieldsOf(node, type)] as NodeEntry;
}

/** The fields of the node when it is of the given type. */
export function fieldsOf<Type extends NodeType>(node: SqlNode | undefined, type: Type): FieldsByType[Type] | undefined {
  return (node as { readonly [Each in NodeType]?: FieldsByType[Each] } | undefined)?.[type];
}

/** The fields of those nodes of a list that are of the given type; none where the list is absent. */
export function fieldsOfEach<Type extends NodeType>(nodes: readonly SqlNode[] | undefined, type: Type): FieldsByType[Type][] {
  return nodes?.flatMap((node) => fieldsOf(node, type) ?? []) ?? [];
}

/** One function per type of node, over its fields and the same further arguments. */
export type NodeHandlers<Result, Rest extends unknown[] = []> = {
  readonly [Type in NodeType]?: (fields: FieldsByType[Type], ...rest: Rest) => Result;
};

/** Calls the handler of the node's type; undefined when it has none. */
export function handleNode<Result, Rest extends unknown[]>(
  handlers: NodeHandlers<Result, Rest>,
  node: SqlNode,
  ...rest: Rest
): Result | undefined {
  return handleEntry(handlers, nodeEntry(node), ...rest);
}

/** Does the same with a node that is taken apart already. */
export function handleEntry<Result, Rest extends unknown[]>(
  handlers: NodeHandlers<Result, Rest>,
  [type, inner]: NodeEntry,
  ...rest: Rest
): Result | undefined {
  const handler = type === '' ? undefined : (handlers[type] as ((fields: object, ...rest: Rest) => Result) | undefined);
  return handler?.(inner, ...rest);
}

/** The name in the statement's field `relation`; undefined where the statement has none. */
export function ownRelation(node: SqlNode | undefined): RangeVar | undefined {
  if (!node) return undefined;
  const [type, inner] = nodeEntry(node);
  return type !== '' && type !== 'RangeTableSample' && 'relation' in inner ? inner.relation : undefined;
}

/** The name that CREATE TABLE, CREATE TABLE AS or CREATE MATERIALIZED VIEW gives; undefined for every other node. */
export function createdRelation(node: SqlNode | undefined): RangeVar | undefined {
  return fieldsOf(node, 'CreateStmt')?.relation ?? fieldsOf(node, 'CreateTableAsStmt')?.into?.rel;
}

export interface QualifiedName {
  readonly schema?: string;
  readonly name: string;
}

/** The name in a RangeVar, given as node or as bare fields. The schema is absent when the statement does not state it. */
export function relationName(rangeVar: RangeVar | SqlNode | undefined): QualifiedName | undefined {
  const inner: RangeVar | undefined =
    rangeVar && ('RangeVar' in rangeVar ? rangeVar.RangeVar : 'relname' in rangeVar ? rangeVar : undefined);
  if (inner?.relname === undefined) return undefined;
  return { schema: inner.schemaname, name: inner.relname };
}

/** What holds a name: a list of String nodes, one of its elements, or a node or bare fields of a type that has such a list. */
export type NameHolder = readonly SqlNode[] | SqlNode | TypeName | undefined;

/** The name in a list of String nodes, a List node of them, a TypeName or an ObjectWithArgs: what DROP, COMMENT and types use. */
export function nameFromList(holder: NameHolder): QualifiedName | undefined {
  const parts = nameParts(holder);
  const name = parts.at(-1);
  return name === undefined ? undefined : { schema: parts.at(-2), name };
}

/** All parts of such a name, outermost first: `["public", "memories", "valence"]`. */
export function nameParts(holder: NameHolder): readonly string[] {
  if (holder === undefined) return [];
  if (isList(holder)) return holder.flatMap(nameParts);
  if ('String' in holder) return holder.String.sval === undefined ? [] : [holder.String.sval];
  if ('List' in holder) return nameParts(holder.List.items);
  if ('TypeName' in holder) return nameParts(holder.TypeName.names);
  if ('ObjectWithArgs' in holder) return nameParts(holder.ObjectWithArgs.objname);
  return 'names' in holder ? nameParts(holder.names) : [];
}

function isList(holder: readonly SqlNode[] | SqlNode | TypeName): holder is readonly SqlNode[] {
  return Array.isArray(holder);
}

/** The value of a string constant; undefined for every other node. */
export function constantText(node: SqlNode | undefined): string | undefined {
  const text = fieldsOf(node, 'A_Const')?.sval;
  return text && (text.sval ?? '');
}

/** CREATE, DROP or REINDEX ... CONCURRENTLY, DETACH PARTITION ... CONCURRENTLY, REFRESH MATERIALIZED VIEW CONCURRENTLY. */
export function isConcurrent(node: SqlNode): boolean {
  const [type, inner] = nodeEntry(node);
  switch (type) {
    case 'IndexStmt':
    case 'DropStmt':
    case 'RefreshMatViewStmt':
      return inner.concurrent === true;
    case 'ReindexStmt':
      return isOptionOn(inner.params, 'concurrently', false);
    case 'AlterTableStmt':
      return alterTableCommands(node).some(
        ({ subtype, def }) => subtype === 'AT_DetachPartition' && fieldsOf(def, 'PartitionCmd')?.concurrent === true,
      );
    default:
      return false;
  }
}

/**
 * Whether the server refuses the statement inside a transaction block, whatever its tables are. Not decided here, because the
 * tables decide: REINDEX of a partitioned table, CLUSTER of a partitioned table. ALTER TYPE ... ADD VALUE is allowed (since 12).
 */
export function cannotRunInTransaction(node: SqlNode): boolean {
  const [type, inner] = nodeEntry(node);
  switch (type) {
    case 'IndexStmt':
    case 'DropStmt':
    case 'AlterTableStmt':
      return isConcurrent(node);
    case 'ReindexStmt':
      return isConcurrent(node) || /^REINDEX_OBJECT_(?:SCHEMA|SYSTEM|DATABASE)$/.test(inner.kind ?? '');
    case 'VacuumStmt':
      return inner.is_vacuumcmd === true;
    case 'ClusterStmt':
      return inner.relation === undefined;
    case 'AlterDatabaseStmt':
      return fieldsOfEach(inner.options, 'DefElem').some(({ defname }) => defname === 'tablespace');
    case 'DiscardStmt':
      return inner.target === 'DISCARD_ALL';
    case 'CreateSubscriptionStmt':
      return isOptionOn(inner.options, 'connect', true) && isOptionOn(inner.options, 'create_slot', true);
    case 'AlterSubscriptionStmt':
      return inner.kind === 'ALTER_SUBSCRIPTION_REFRESH';
    case 'TransactionStmt':
      return inner.kind === 'TRANS_STMT_COMMIT_PREPARED' || inner.kind === 'TRANS_STMT_ROLLBACK_PREPARED';
    case 'CreatedbStmt':
    case 'DropdbStmt':
    case 'AlterSystemStmt':
    case 'CreateTableSpaceStmt':
    case 'DropTableSpaceStmt':
      return true;
    default:
      return false;
  }
}

/** Whether an option of a list of DefElem nodes is on; an option without value is, and an absent one has the given default. */
export function isOptionOn(options: readonly SqlNode[] | undefined, name: string, whenAbsent: boolean): boolean {
  const named = fieldsOfEach(options, 'DefElem').findLast(({ defname }) => defname === name);
  if (!named) return whenAbsent;
  const { arg } = named;
  if (!arg) return true;
  const word = fieldsOf(arg, 'String')?.sval ?? fieldsOf(arg, 'Boolean')?.boolval ?? fieldsOf(arg, 'Integer')?.ival ?? false;
  return !/^(?:false|off|0|no|f|n)$/i.test(String(word));
}

/** One command of ALTER TABLE (or INDEX, VIEW, composite TYPE, ...). */
export interface AlterTableCommand {
  readonly subtype: AlterTableType;
  /** The column, constraint or trigger it names, where it names one. */
  readonly name: string | undefined;
  readonly def: SqlNode | undefined;
  readonly behavior: 'restrict' | 'cascade';
  /** All fields of the AlterTableCmd node. */
  readonly fields: AlterTableCmd;
}

/** The commands of an AlterTableStmt in order; empty for every other node. */
export function alterTableCommands(node: SqlNode | undefined): readonly AlterTableCommand[] {
  const statement = fieldsOf(node, 'AlterTableStmt');
  return statement ? commandsOf(statement) : [];
}

/** Many checks ask for the commands of the same statement, some by its fields alone. */
const commandsOf = remembered((statement: AlterTableStmt): readonly AlterTableCommand[] =>
  fieldsOfEach(statement.cmds, 'AlterTableCmd').map((fields) => ({
    subtype: fields.subtype ?? 'AT_AddColumn',
    name: fields.name,
    def: fields.def,
    behavior: fields.behavior === 'DROP_CASCADE' ? 'cascade' : 'restrict',
    fields,
  })),
);

/** The byte location of a node in its statement, from its fields; -1 or undefined where the tree does not tell it. */
export function locationIn(fields: object): number | undefined {
  return 'location' in fields && typeof fields.location === 'number' ? fields.location : undefined;
}

/** The roles that are named anywhere in a node, as often as they are; PUBLIC, CURRENT_USER and the like are none. */
export function rolesIn(node: SqlNode): string[] {
  const names: string[] = [];
  const pending: unknown[] = [node];
  while (pending.length > 0) {
    const value = pending.pop();
    if (Array.isArray(value)) pending.push(...(value as unknown[]));
    if (!isRecord(value)) continue;
    const { rolename, roletype } = value as RoleSpec;
    if (rolename !== undefined && roletype === 'ROLESPEC_CSTRING') names.push(rolename);
    pending.push(...Object.values(value).filter((child) => typeof child === 'object'));
  }
  return names;
}

/**
 * Calls `visit` for the node and every node inside it, outermost first, in the order of the tree. A RangeVar or TypeName is
 * visited also where it stands as bare fields, without its type around it. `visit` returns false to skip what is inside.
 */
export function walk(node: object | undefined, visit: (...entry: TypedEntry) => boolean | void): void {
  const pending: unknown[] = [node];
  while (pending.length > 0) {
    const value = pending.pop();
    if (Array.isArray(value)) {
      for (let i = value.length - 1; i >= 0; i--) pending.push(value[i]);
      continue;
    }
    if (!isRecord(value)) continue;
    const entry = anyEntry(value);
    if (entry[0] !== '' && visit(...entry) === false) continue;
    const children = Object.values(entry[1]) as unknown[];
    for (let i = children.length - 1; i >= 0; i--) if (typeof children[i] === 'object') pending.push(children[i]);
  }
}

/** The type and fields of a value of the tree; the type is empty for bare fields of an unknown type. */
function anyEntry(value: Readonly<Record<string, unknown>>): NodeEntry {
  const keys = Object.keys(value);
  const [first] = keys;
  if (keys.length === 1 && first !== undefined && /^[A-Z]/.test(first)) {
    const inner = value[first];
    if (isRecord(inner)) return [first, inner] as NodeEntry;
  }
  if (typeof value['relname'] === 'string' && 'relpersistence' in value) return ['RangeVar', value];
  if (Array.isArray(value['names']) && 'typemod' in value) return ['TypeName', value];
  return ['', value];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
