import type { RelationName } from '../../../../databases/observation';
import { asFields, asNode, asNodes, fields, fieldsOf, nodeType, relationName, walk } from '../../../../databases/postgresql/sql/untyped-nodes';
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

function changesRows(node: SqlNode): boolean {
  return ['UpdateStmt', 'DeleteStmt', 'InsertStmt', 'MergeStmt'].includes(nodeType(node));
}

/** The tables that the statement seems to read from end to end: all it names, except where one row is picked by `column = value`. */
function tablesReadThrough(node: SqlNode): Set<RelationName> {
  const tables = new Set<RelationName>();
  if (picksOneValue(asNode(fields(node)['whereClause']))) return tables;
  const target = relationName(asFields(fields(node)['relation']));
  walk(node, (type, inner) => {
    const name = type === 'RangeVar' ? relationName(inner) : undefined;
    if (name) tables.add(qualifiedName(name));
  });
  // INSERT writes its target without reading it, unless its query names it too.
  if (nodeType(node) === 'InsertStmt' && target && !namesTable(node, target.name)) {
    tables.delete(qualifiedName(target));
  }
  return tables;
}

function picksOneValue(where: SqlNode | undefined): boolean {
  const comparison = fieldsOf(where, 'A_Expr');
  const operator = asNodes(comparison?.['name'])[0];
  const isConstant = fieldsOf(asNode(comparison?.['rexpr']), 'A_Const') !== undefined;
  return fieldsOf(operator, 'String')?.['sval'] === '=' && isConstant;
}

function namesTable(insert: SqlNode, name: string): boolean {
  const query = asNode(fieldsOf(insert, 'InsertStmt')?.['selectStmt']);
  let found = false;
  if (query) walk(query, (type, inner) => void (found ||= type === 'RangeVar' && inner['relname'] === name));
  return found;
}
