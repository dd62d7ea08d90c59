import type { SqlNode } from './statement';

/** The fields of a node of the parse tree. Fields that have their default value are absent. */
export type Fields = Readonly<Record<string, unknown>>;

/** The type of a node, e.g. `IndexStmt`. */
export function nodeType(node: SqlNode): string {
  for (const type in node) return type;
  return '';
}

/** The fields of a node, whatever its type. */
export function fields(node: SqlNode): Fields {
  for (const type in node) return node[type] ?? {};
  return {};
}

/** The fields of the node when it is of the given type. */
export function fieldsOf(node: SqlNode | undefined, type: string): Fields | undefined {
  return node?.[type];
}

/** A field that holds one node, or a list's elements that are nodes, or undefined for anything else. */
export function asNode(value: unknown): SqlNode | undefined {
  return isRecord(value) ? (value as SqlNode) : undefined;
}

/** A field that holds a list of nodes; empty when it is absent. */
export function asNodes(value: unknown): readonly SqlNode[] {
  return Array.isArray(value) ? (value.filter(isRecord) as SqlNode[]) : [];
}

/** A field that holds plain fields without a type around them, as RangeVar and TypeName often stand. */
export function asFields(value: unknown): Fields | undefined {
  return isRecord(value) ? value : undefined;
}

/** The fields of those nodes of a list that are of the given type. */
export function fieldsOfEach(value: unknown, type: string): Fields[] {
  return asNodes(value).flatMap((node) => {
    const inner = fieldsOf(node, type);
    return inner ? [inner] : [];
  });
}

export function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export interface QualifiedName {
  readonly schema?: string;
  readonly name: string;
}

/** The name in a RangeVar, given as node or as bare fields. The schema is absent when the statement does not state it. */
export function relationName(rangeVar: unknown): QualifiedName | undefined {
  const record = asFields(rangeVar);
  const inner = asFields(record?.['RangeVar']) ?? record;
  const name = asText(inner?.['relname']);
  if (name === undefined) return undefined;
  const schema = asText(inner?.['schemaname']);
  return schema === undefined ? { name } : { schema, name };
}

/** The name in a list of String nodes, a List node of them, a TypeName or an ObjectWithArgs: what DROP, COMMENT and types use. */
export function nameFromList(value: unknown): QualifiedName | undefined {
  const parts = nameParts(value);
  const name = parts.at(-1);
  if (name === undefined) return undefined;
  const schema = parts.at(-2);
  return schema === undefined ? { name } : { schema, name };
}

/** All parts of such a name, outermost first: `["public", "memories", "valence"]`. */
export function nameParts(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((item) => nameParts(item));
  const record = asFields(value);
  if (!record) return [];
  const text = asText(asFields(record['String'])?.['sval']);
  if (text !== undefined) return [text];
  const list = asFields(record['List'])?.['items'];
  const type = asFields(record['TypeName'])?.['names'] ?? record['names'];
  const object = asFields(record['ObjectWithArgs'])?.['objname'];
  const inner = list ?? type ?? object;
  return inner === undefined ? [] : nameParts(inner);
}

/** CREATE, DROP or REINDEX ... CONCURRENTLY, DETACH PARTITION ... CONCURRENTLY, REFRESH MATERIALIZED VIEW CONCURRENTLY. */
export function isConcurrent(node: SqlNode): boolean {
  const inner = fields(node);
  switch (nodeType(node)) {
    case 'IndexStmt':
    case 'DropStmt':
    case 'RefreshMatViewStmt':
      return inner['concurrent'] === true;
    case 'ReindexStmt':
      return isOptionOn(inner['params'], 'concurrently', false);
    case 'AlterTableStmt':
      return alterTableCommands(node).some(
        (command) => command.subtype === 'AT_DetachPartition' && fieldsOf(command.def, 'PartitionCmd')?.['concurrent'] === true,
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
  const inner = fields(node);
  switch (nodeType(node)) {
    case 'IndexStmt':
    case 'DropStmt':
    case 'AlterTableStmt':
      return isConcurrent(node);
    case 'ReindexStmt':
      return isConcurrent(node) || /^REINDEX_OBJECT_(?:SCHEMA|SYSTEM|DATABASE)$/.test(asText(inner['kind']) ?? '');
    case 'VacuumStmt':
      return inner['is_vacuumcmd'] === true;
    case 'ClusterStmt':
      return inner['relation'] === undefined;
    case 'AlterDatabaseStmt':
      return asNodes(inner['options']).some((option) => fieldsOf(option, 'DefElem')?.['defname'] === 'tablespace');
    case 'DiscardStmt':
      return inner['target'] === 'DISCARD_ALL';
    case 'CreateSubscriptionStmt':
      return isOptionOn(inner['options'], 'connect', true) && isOptionOn(inner['options'], 'create_slot', true);
    case 'AlterSubscriptionStmt':
      return inner['kind'] === 'ALTER_SUBSCRIPTION_REFRESH';
    case 'TransactionStmt':
      return inner['kind'] === 'TRANS_STMT_COMMIT_PREPARED' || inner['kind'] === 'TRANS_STMT_ROLLBACK_PREPARED';
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
export function isOptionOn(options: unknown, name: string, whenAbsent: boolean): boolean {
  const named = asNodes(options)
    .map((option) => fieldsOf(option, 'DefElem'))
    .findLast((option) => option?.['defname'] === name);
  if (!named) return whenAbsent;
  const value = asNode(named['arg']);
  if (!value) return true;
  const inner = fields(value);
  const word = inner['sval'] ?? inner['boolval'] ?? inner['ival'] ?? false;
  return !/^(?:false|off|0|no|f|n)$/i.test(String(word));
}

/** One command of ALTER TABLE (or INDEX, VIEW, composite TYPE, ...). */
export interface AlterTableCommand {
  /** As in the parse tree, e.g. `AT_AddColumn`. */
  readonly subtype: string;
  /** The column, constraint or trigger it names, where it names one. */
  readonly name: string | undefined;
  readonly def: SqlNode | undefined;
  readonly behavior: 'restrict' | 'cascade';
  /** All fields of the AlterTableCmd node. */
  readonly fields: Fields;
}

/** The commands of an AlterTableStmt in order; empty for every other node. */
export function alterTableCommands(node: SqlNode): readonly AlterTableCommand[] {
  const before = knownCommands.get(node);
  if (before) return before;
  const commands = readCommands(node);
  knownCommands.set(node, commands);
  return commands;
}

/** Many checks ask for the commands of the same statement. */
const knownCommands = new WeakMap<SqlNode, readonly AlterTableCommand[]>();

function readCommands(node: SqlNode): AlterTableCommand[] {
  return asNodes(fieldsOf(node, 'AlterTableStmt')?.['cmds']).flatMap((command) => {
    const inner = fieldsOf(command, 'AlterTableCmd');
    if (!inner) return [];
    return {
      subtype: asText(inner['subtype']) ?? '',
      name: asText(inner['name']),
      def: asNode(inner['def']),
      behavior: inner['behavior'] === 'DROP_CASCADE' ? 'cascade' : 'restrict',
      fields: inner,
    };
  });
}

/**
 * Calls `visit` for the node and every node inside it, outermost first, in the order of the tree. A RangeVar or TypeName is
 * visited also where it stands as bare fields, without its type around it. `visit` returns false to skip what is inside.
 */
export function walk(node: SqlNode, visit: (type: string, fields: Fields) => boolean | void): void {
  const pending: unknown[] = [node];
  while (pending.length > 0) {
    const value = pending.pop();
    if (Array.isArray(value)) {
      for (let i = value.length - 1; i >= 0; i--) pending.push(value[i]);
      continue;
    }
    if (!isRecord(value)) continue;
    const [type, inner] = typed(value);
    if (type !== '' && visit(type, inner) === false) continue;
    const children = Object.values(inner);
    for (let i = children.length - 1; i >= 0; i--) if (typeof children[i] === 'object') pending.push(children[i]);
  }
}

/** The type and fields of a value of the tree; the type is empty for bare fields of an unknown type. */
function typed(value: Fields): [type: string, inner: Fields] {
  const keys = Object.keys(value);
  const [first] = keys;
  if (keys.length === 1 && first !== undefined && /^[A-Z]/.test(first)) {
    const inner = value[first];
    if (isRecord(inner)) return [first, inner];
  }
  if (typeof value['relname'] === 'string' && 'relpersistence' in value) return ['RangeVar', value];
  if (Array.isArray(value['names']) && 'typemod' in value) return ['TypeName', value];
  return ['', value];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
