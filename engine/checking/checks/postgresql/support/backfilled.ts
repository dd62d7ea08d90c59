import type { RelationName } from '../../../../databases/observation';
import { fieldsOf, nodeType, type NodeType, relationName, walk } from '../../../../databases/postgresql/sql/nodes';
import type { SqlNode } from '../../../../databases/postgresql/sql/statement';
import type { StatementContext } from '../../../context/context';
import { lockEvidence, qualifiedName } from './evidence';
import { locksHeldBefore } from './table-locks';
import type { TableWork } from './table-work';

/**
 * The tables that a statement which changes rows reads from end to end, although an earlier statement of its transaction
 * holds a lock on them that blocks writes. Empty for every other statement.
 */
export function backfilledUnderLock(context: StatementContext): TableWork[] {
  const { node } = context.statement;
  if (!node || context.inside || !changesRows(node)) return [];
  const held = locksHeldBefore(context);
  if (held.length === 0) return [];
  const observation = lockEvidence(context);
  const read = observation ? new Set(observation.scans) : tablesReadThrough(node);
  const works = new Map<RelationName, TableWork>();
  for (const { lock, by } of held) {
    if (!read.has(lock.table) || works.has(lock.table)) continue;
    works.set(lock.table, {
      table: lock.table,
      mode: lock.mode,
      work: 'scan',
      since: by.context.statement,
      verified: lock.verified && observation !== undefined,
    });
  }
  return [...works.values()];
}

const changing: ReadonlySet<string> = new Set<NodeType>(['UpdateStmt', 'DeleteStmt', 'InsertStmt', 'MergeStmt']);

function changesRows(node: SqlNode): boolean {
  return changing.has(nodeType(node));
}

/** The tables that the statement seems to read from end to end: all it names, except where one row is picked by `column = value`. */
function tablesReadThrough(node: SqlNode): Set<RelationName> {
  const tables = new Set<RelationName>();
  if (picksOneValue((fieldsOf(node, 'UpdateStmt') ?? fieldsOf(node, 'DeleteStmt'))?.whereClause)) return tables;
  walk(node, (type, inner) => {
    const name = type === 'RangeVar' ? relationName(inner) : undefined;
    if (name) tables.add(qualifiedName(name));
  });
  // INSERT writes its target without reading it, unless its query names it too.
  const insert = fieldsOf(node, 'InsertStmt');
  const target = relationName(insert?.relation);
  if (target && !namesTable(insert?.selectStmt, target.name)) tables.delete(qualifiedName(target));
  return tables;
}

function picksOneValue(where: SqlNode | undefined): boolean {
  const comparison = fieldsOf(where, 'A_Expr');
  const operator = comparison?.name?.[0];
  const isConstant = fieldsOf(comparison?.rexpr, 'A_Const') !== undefined;
  return fieldsOf(operator, 'String')?.sval === '=' && isConstant;
}

function namesTable(query: SqlNode | undefined, name: string): boolean {
  let found = false;
  walk(query, (type, inner) => void (found ||= type === 'RangeVar' && inner.relname === name));
  return found;
}
