import { definitionsIn } from '../sql/definitions';
import type { Origin } from '../../assumed-object';
import type { OtherHistory } from '../../other-histories';
import { handleNode, nameFromList, nodeEntry, type NodeHandlers, type QualifiedName, relationName, walk } from '../sql/nodes';
import type { ParsedStatement, SqlNode } from '../sql/statement';

/** Kinds of objects that are taken from another history. */
type SharedKind = 'relation' | 'type' | 'function' | 'schema';

/** An object that a history uses and does not create. */
export interface MissingObject {
  readonly kind: SharedKind;
  readonly name: QualifiedName;
}

/** What another history creates under the name, and the statements that make it there, in their order. */
interface SharedDefinition {
  readonly origin: Origin;
  /** The statement that creates it. */
  readonly sql: string;
  readonly statements: readonly ParsedStatement[];
}

/**
 * The definition of an object in another history: every statement that creates or changes it or something that it needs.
 * Undefined when the history does not create it or removes it later. What is in `own` (see `keyOf`) is left out.
 */
export function sharedDefinition(
  { title, statements }: OtherHistory<SqlNode>,
  { kind, name }: MissingObject,
  own: ReadonlySet<string>,
): SharedDefinition | undefined {
  const wanted = keyOf(kind, name.name);
  const placed = statements.map(({ file, statement }) => ({ file, statement, effect: effectOf(statement.node) }));
  const last = placed.findLast(({ effect }) => effect.creates.includes(wanted) || effect.removes.includes(wanted));
  if (!last?.effect.creates.includes(wanted)) return undefined;
  const { schema } = createdName(last.statement.node) ?? {};
  if (schema !== undefined && name.schema !== undefined && schema !== name.schema) return undefined;
  const keys = new Set<string>();
  const pending = [wanted];
  const used = new Set<(typeof placed)[number]>();
  for (let key = pending.pop(); key !== undefined; key = pending.pop()) {
    if (keys.has(key) || own.has(key)) continue;
    keys.add(key);
    for (const each of placed) {
      const { creates, removes, changes, uses } = each.effect;
      if (used.has(each) || ![creates, removes, changes].some((names) => names.includes(key))) continue;
      used.add(each);
      pending.push(...changes, ...uses);
    }
  }
  const { start, end, text } = last.statement;
  return {
    origin: { directory: title, file: last.file, range: { start, end } },
    sql: text,
    statements: placed.filter((each) => used.has(each)).map(({ statement }) => statement),
  };
}

/** Schemas are not told apart: most scripts do not state them. */
export function keyOf(kind: string, name: string): string {
  return `${kind} ${name}`;
}

interface Effect {
  readonly creates: readonly string[];
  readonly removes: readonly string[];
  readonly changes: readonly string[];
  readonly uses: readonly string[];
}

const sharedKinds: ReadonlySet<string> = new Set<SharedKind>(['relation', 'type', 'function', 'schema']);

/** What a statement does to a schema; nothing for one that only writes rows. */
function effectOf(node: SqlNode | undefined): Effect {
  if (!node) return { creates: [], removes: [], changes: [], uses: [] };
  const definitions = definitionsIn(node).filter(({ kind }) => sharedKinds.has(kind));
  const named = (action: string) => definitions.filter((each) => each.action === action).map(({ kind, name }) => keyOf(kind, name));
  const creates = named('create');
  const changes = changedBy(node);
  return { creates, removes: named('drop'), changes, uses: creates.length + changes.length > 0 ? usedBy(node) : [] };
}

/** The relation or type that a statement gives another shape. */
function changedBy(node: SqlNode): string[] {
  const [type, inner] = nodeEntry(node);
  const isOfRelation = type === 'AlterTableStmt' || type === 'IndexStmt' || type === 'RenameStmt';
  const relation = isOfRelation ? relationName(inner.relation) : undefined;
  const changed = type === 'AlterEnumStmt' ? nameFromList(inner.typeName) : undefined;
  return [...(relation ? [keyOf('relation', relation.name)] : []), ...(changed ? [keyOf('type', changed.name)] : [])];
}

function usedBy(node: SqlNode): string[] {
  const used: string[] = [];
  const add = (kind: SharedKind, name: QualifiedName | undefined) => {
    if (name?.schema !== undefined) used.push(keyOf('schema', name.schema));
    if (name) used.push(keyOf(kind, name.name));
  };
  walk(node, (type, inner) => {
    if (type === 'RangeVar') add('relation', relationName(inner));
    if (type === 'TypeName') add('type', nameFromList(inner));
    if (type === 'FuncCall') add('function', nameFromList(inner.funcname));
  });
  return used;
}

/** The name that a statement gives to what it creates. */
function createdName(node: SqlNode | undefined): QualifiedName | undefined {
  return node && handleNode(createdNames, node);
}

const createdNames: NodeHandlers<QualifiedName | undefined> = {
  CreateStmt: ({ relation }) => relationName(relation),
  IndexStmt: ({ relation }) => relationName(relation),
  RenameStmt: ({ relation }) => relationName(relation),
  CreateTableAsStmt: ({ into }) => relationName(into?.rel),
  ViewStmt: ({ view }) => relationName(view),
  CreateSeqStmt: ({ sequence }) => relationName(sequence),
  CompositeTypeStmt: ({ typevar }) => relationName(typevar),
  CreateEnumStmt: ({ typeName }) => nameFromList(typeName),
  CreateRangeStmt: ({ typeName }) => nameFromList(typeName),
  // It is the type below the domain, not the domain, whose schema is looked at.
  CreateDomainStmt: ({ typeName }) => nameFromList(typeName),
  CreateFunctionStmt: ({ funcname }) => nameFromList(funcname),
};
