import type { DropStmt, RenameStmt } from '@pgsql/types';
import { alterTableCommands, fieldsOf, nameFromList, nodeEntry, relationName } from './nodes';
import type { SqlNode } from './statement';

/** `relation` stands for all that share one name space: tables, views, indexes, sequences. */
export type DefinedKind =
  'relation' | 'column' | 'type' | 'function' | 'schema' | 'constraint' | 'trigger' | 'policy' | 'role' | 'extension' | 'statistics';

/** Something that a statement of the project creates or drops. Schemas are not distinguished: most scripts do not state them. */
export interface Definition {
  readonly action: 'create' | 'drop';
  readonly kind: DefinedKind;
  readonly name: string;
  /** The table of a column, constraint, trigger or policy. */
  readonly parent: string | undefined;
}

/** What a statement creates and drops, as far as its syntax names it. */
export function definitionsIn(node: SqlNode | undefined): Definition[] {
  if (!node) return [];
  const [type, inner] = nodeEntry(node);
  switch (type) {
    case 'CreateStmt':
      return tableDefinitions(relationName(inner.relation)?.name, inner.tableElts ?? []);
    case 'CreateForeignTableStmt': {
      const { base } = inner;
      return tableDefinitions(relationName(base?.relation)?.name, base?.tableElts ?? []);
    }
    case 'CreateTableAsStmt':
      return created('relation', relationName(inner.into?.rel)?.name);
    case 'ViewStmt':
      return created('relation', relationName(inner.view)?.name);
    case 'IndexStmt':
      return created('relation', inner.idxname, relationName(inner.relation)?.name);
    case 'CreateSeqStmt':
      return created('relation', relationName(inner.sequence)?.name);
    case 'CreateStatsStmt':
      return created('statistics', nameFromList(inner.defnames)?.name);
    case 'CreateFunctionStmt':
      return created('function', nameFromList(inner.funcname)?.name);
    case 'CreateEnumStmt':
    case 'CreateRangeStmt':
      return created('type', nameFromList(inner.typeName)?.name);
    case 'CompositeTypeStmt':
      return created('type', relationName(inner.typevar)?.name);
    case 'CreateDomainStmt':
      return created('type', nameFromList(inner.domainname)?.name);
    case 'CreateSchemaStmt':
      return created('schema', inner.schemaname);
    case 'CreateExtensionStmt':
      return created('extension', inner.extname);
    case 'CreateRoleStmt':
      return created('role', inner.role);
    case 'CreateTrigStmt':
      return created('trigger', inner.trigname, relationName(inner.relation)?.name);
    case 'CreatePolicyStmt':
      return created('policy', inner.policy_name, relationName(inner.table)?.name);
    case 'AlterTableStmt':
      return alterDefinitions(node, relationName(inner.relation)?.name);
    case 'RenameStmt':
      return renameDefinitions(inner);
    case 'DropStmt':
      return dropDefinitions(inner);
    default:
      return [];
  }
}

function created(kind: DefinedKind, name: string | undefined, parent?: string): Definition[] {
  return name === undefined ? [] : [{ action: 'create', kind, name, parent: kind === 'relation' ? undefined : parent }];
}

function dropped(kind: DefinedKind, name: string | undefined, parent?: string): Definition[] {
  return name === undefined ? [] : [{ action: 'drop', kind, name, parent }];
}

function tableDefinitions(table: string | undefined, elements: readonly SqlNode[]): Definition[] {
  return [...created('relation', table), ...elements.flatMap((element) => elementDefinitions(element, table))];
}

function elementDefinitions(element: SqlNode | undefined, table: string | undefined): Definition[] {
  const column = fieldsOf(element, 'ColumnDef');
  const constraint = fieldsOf(element, 'Constraint');
  if (constraint) return created('constraint', constraint.conname, table);
  if (!column) return [];
  return [...created('column', column.colname, table), ...(column.constraints ?? []).flatMap((each) => elementDefinitions(each, table))];
}

function alterDefinitions(node: SqlNode, table: string | undefined): Definition[] {
  return alterTableCommands(node).flatMap(({ subtype, name, def }) => {
    switch (subtype) {
      case 'AT_AddColumn':
      case 'AT_AddConstraint':
        return elementDefinitions(def, table);
      case 'AT_DropColumn':
        return dropped('column', name, table);
      case 'AT_DropConstraint':
        return dropped('constraint', name, table);
      default:
        return [];
    }
  });
}

const renamedKinds: Readonly<Record<string, DefinedKind>> = {
  OBJECT_TABLE: 'relation',
  OBJECT_VIEW: 'relation',
  OBJECT_MATVIEW: 'relation',
  OBJECT_INDEX: 'relation',
  OBJECT_SEQUENCE: 'relation',
  OBJECT_FOREIGN_TABLE: 'relation',
  OBJECT_COLUMN: 'column',
  OBJECT_TABCONSTRAINT: 'constraint',
  OBJECT_TYPE: 'type',
  OBJECT_DOMAIN: 'type',
  OBJECT_FUNCTION: 'function',
  OBJECT_PROCEDURE: 'function',
  OBJECT_ROUTINE: 'function',
  OBJECT_SCHEMA: 'schema',
  OBJECT_TRIGGER: 'trigger',
  OBJECT_POLICY: 'policy',
  OBJECT_ROLE: 'role',
  OBJECT_EXTENSION: 'extension',
  OBJECT_STATISTIC_EXT: 'statistics',
};

function renameDefinitions(inner: RenameStmt): Definition[] {
  const kind = renamedKinds[inner.renameType ?? ''];
  if (!kind) return [];
  const relation = relationName(inner.relation)?.name;
  const parent = kind === 'relation' ? undefined : relation;
  const before = kind === 'relation' ? relation : (inner.subname ?? nameFromList(inner.object)?.name);
  return [...dropped(kind, before, parent), ...created(kind, inner.newname, parent)];
}

function dropDefinitions(inner: DropStmt): Definition[] {
  const kind = renamedKinds[inner.removeType ?? ''];
  if (!kind) return [];
  return (inner.objects ?? []).flatMap((object) => {
    const name = nameFromList(object);
    return kind === 'trigger' || kind === 'policy' ? dropped(kind, name?.name, name?.schema) : dropped(kind, name?.name);
  });
}
