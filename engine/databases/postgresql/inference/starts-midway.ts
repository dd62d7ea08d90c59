import type { ObjectType } from '@pgsql/types';
import { fieldsOf, nameFromList, nodeEntry, nodeType, type NodeType, type QualifiedName, relationName, walk } from '../sql/nodes';
import type { ParsedStatement, SqlNode } from '../sql/statement';

/**
 * True when a history plainly began before its first script: the first statement that has to do with a table changes one
 * that no script makes. (A first script that makes its tables and misspells one later is no such history.)
 */
export function startsMidway(scripts: readonly (readonly ParsedStatement[])[]): boolean {
  for (const { node } of scripts.flat()) {
    if (!node) continue;
    if (makes(node)) return false;
    const changed = changedTable(node);
    if (changed) return !scripts.flat().some((statement) => statement.node && madeTables(statement.node).includes(changed.name));
    const maker = needed(node);
    if (maker === 'CreateStmt') {
      const named = fieldsOf(node, 'DropStmt')?.objects?.map((object) => nameFromList(object)?.name) ?? [];
      return !scripts.flat().some((each) => each.node && madeTables(each.node).some((made) => named.includes(made)));
    }
    if (maker !== undefined && !scripts.flat().some((each) => each.node && nodeType(each.node) === maker)) return true;
  }
  return false;
}

function makes(node: SqlNode): boolean {
  return /^(?:CreateStmt|CreateTableAsStmt|ViewStmt|CreateForeignTableStmt|SelectStmt|DoStmt|CallStmt)$/.test(nodeType(node));
}

/** What has to be made by a statement of the second kind before one of the first can change or drop it. */
function needed(node: SqlNode): NodeType | undefined {
  const [type, inner] = nodeEntry(node);
  switch (type) {
    case 'DropStmt':
      return inner.missing_ok === true ? undefined : makerOf(inner.removeType);
    case 'RenameStmt':
      return inner.missing_ok === true ? undefined : makerOf(inner.renameType);
    case 'ReindexStmt':
      return inner.kind === 'REINDEX_OBJECT_INDEX' ? 'CreateStmt' : undefined;
    case 'RefreshMatViewStmt':
      return 'CreateStmt';
    case 'AlterDomainStmt':
      return inner.missing_ok === true ? undefined : 'CreateDomainStmt';
    default:
      return undefined;
  }
}

function makerOf(kind: ObjectType | undefined): NodeType | undefined {
  switch (kind) {
    case 'OBJECT_TABLE':
    case 'OBJECT_INDEX':
    case 'OBJECT_VIEW':
    case 'OBJECT_MATVIEW':
      return 'CreateStmt';
    case 'OBJECT_SCHEMA':
      return 'CreateSchemaStmt';
    case 'OBJECT_DOMAIN':
      return 'CreateDomainStmt';
    case 'OBJECT_SEQUENCE':
      return 'CreateSeqStmt';
    default:
      return undefined;
  }
}

function changedTable(node: SqlNode): QualifiedName | undefined {
  const [type, inner] = nodeEntry(node);
  switch (type) {
    case 'AlterTableStmt':
      return inner.objtype === 'OBJECT_TABLE' ? relationName(inner.relation) : undefined;
    case 'IndexStmt':
    case 'UpdateStmt':
    case 'DeleteStmt':
    case 'InsertStmt':
    case 'CreateTrigStmt':
    case 'ReindexStmt':
    case 'ClusterStmt':
      return relationName(inner.relation);
    case 'TruncateStmt':
    case 'LockStmt':
      return relationName(inner.relations?.[0]);
    case 'RenameStmt':
      return /^OBJECT_(?:TABLE|COLUMN|TABCONSTRAINT)$/.test(inner.renameType ?? '') ? relationName(inner.relation) : undefined;
    default:
      return undefined;
  }
}

/** The names that a statement gives to relations. */
function madeTables(node: SqlNode): string[] {
  const names = [fieldsOf(node, 'RenameStmt')?.newname];
  walk(node, (type, each) => {
    if (type === 'CreateStmt') names.push(relationName(each.relation)?.name);
    if (type === 'ViewStmt') names.push(relationName(each.view)?.name);
    if (type === 'CreateTableAsStmt') names.push(relationName(each.into?.rel)?.name);
  });
  return names.filter((name) => name !== undefined);
}
