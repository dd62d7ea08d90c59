import type { AlterTableType, CreateStmt, DropStmt, RangeVar } from '@pgsql/types';
import { type LockMode, lockModes, type RelationName } from '../../../../databases/observation';
import {
  type AlterTableCommand,
  alterTableCommands,
  fieldsOf,
  fieldsOfEach,
  nameParts,
  nodeEntry,
  relationName,
} from '../../../../databases/postgresql/sql/nodes';
import type { SqlNode } from '../../../../databases/postgresql/sql/statement';
import { qualifiedName } from './evidence';
import { isAtLeast } from './table-work';

export interface ExpectedLock {
  readonly table: RelationName;
  readonly mode: LockMode;
}

/**
 * The locks that make others wait, as the syntax lets expect them of a statement that the shadow could not observe. The
 * tables of dropped indexes and constraints are not known. Never used where an observation exists.
 */
export function expectedLocks(node: SqlNode): ExpectedLock[] {
  const [type, inner] = nodeEntry(node);
  switch (type) {
    case 'AlterTableStmt':
      return inner.objtype === 'OBJECT_TABLE' ? alterTableCommands(node).flatMap((command) => commandLocks(command, inner.relation)) : [];
    case 'IndexStmt':
      return inner.concurrent === true ? [] : locked('Share', inner.relation);
    case 'RenameStmt':
      return inner.renameType === 'OBJECT_TABLE' || inner.relationType === 'OBJECT_TABLE' ? locked('AccessExclusive', inner.relation) : [];
    case 'AlterObjectSchemaStmt':
      return inner.objectType === 'OBJECT_TABLE' ? locked('AccessExclusive', inner.relation) : [];
    case 'CreateTrigStmt':
      return locked('ShareRowExclusive', inner.relation);
    case 'RuleStmt':
    case 'ClusterStmt':
      return locked('AccessExclusive', inner.relation);
    case 'CreatePolicyStmt':
    case 'AlterPolicyStmt':
      return locked('AccessExclusive', inner.table);
    case 'RefreshMatViewStmt':
      return locked(inner.concurrent === true ? 'Exclusive' : 'AccessExclusive', inner.relation);
    case 'CreateStmt':
      return [...partitionLocks(inner), ...referenceLocks(inner)];
    case 'TruncateStmt':
      return (inner.relations ?? []).flatMap((relation) => locked('AccessExclusive', relation));
    case 'DropStmt':
      return dropLocks(inner);
    case 'LockStmt':
      return (inner.relations ?? []).flatMap((relation) => locked(explicitModes[inner.mode ?? 0] ?? 'AccessExclusive', relation));
    case 'VacuumStmt':
      if (!fieldsOfEach(inner.options, 'DefElem').some(({ defname }) => defname === 'full')) return [];
      return fieldsOfEach(inner.rels, 'VacuumRelation').flatMap(({ relation }) => locked('AccessExclusive', relation));
    default:
      return [];
  }
}

/** The modes of LOCK TABLE by their number in the parse tree. */
const explicitModes: readonly (LockMode | undefined)[] = [undefined, ...lockModes];

const quietCommands = new Set<AlterTableType>([
  'AT_SetStatistics',
  'AT_SetRelOptions',
  'AT_ResetRelOptions',
  'AT_SetOptions',
  'AT_ResetOptions',
  'AT_ValidateConstraint',
  'AT_ClusterOn',
  'AT_DropCluster',
]);

function commandLocks(command: AlterTableCommand, relation: RangeVar | undefined): ExpectedLock[] {
  const constraint = fieldsOf(command.def, 'Constraint');
  const partition = fieldsOf(command.def, 'PartitionCmd');
  if (quietCommands.has(command.subtype)) return [];
  if (constraint?.contype === 'CONSTR_FOREIGN')
    return [...locked('ShareRowExclusive', relation), ...locked('ShareRowExclusive', constraint.pktable)];
  if (command.subtype === 'AT_AttachPartition') return locked('AccessExclusive', partition?.name);
  if (command.subtype === 'AT_DetachPartition' && partition?.concurrent === true) return [];
  if (/^AT_(?:Enable|Disable)(?:Always|Replica)?Trig/.test(command.subtype)) return locked('ShareRowExclusive', relation);
  return locked('AccessExclusive', relation);
}

function partitionLocks({ partbound, inhRelations: parents = [] }: CreateStmt): ExpectedLock[] {
  return partbound ? parents.flatMap((parent) => locked('AccessExclusive', parent)) : [];
}

function referenceLocks({ tableElts: elements = [] }: CreateStmt): ExpectedLock[] {
  const ofColumns = fieldsOfEach(elements, 'ColumnDef').flatMap(({ constraints = [] }) => constraints);
  return fieldsOfEach([...elements, ...ofColumns], 'Constraint').flatMap(({ pktable }) => locked('ShareRowExclusive', pktable));
}

function dropLocks({ removeType, objects = [] }: DropStmt): ExpectedLock[] {
  const ofTable = removeType === 'OBJECT_TRIGGER' || removeType === 'OBJECT_POLICY' || removeType === 'OBJECT_RULE';
  if (!ofTable && removeType !== 'OBJECT_TABLE') return [];
  return objects.flatMap((object) => {
    const parts = ofTable ? nameParts(object).slice(0, -1) : nameParts(object);
    const [name, schema = 'public'] = [parts.at(-1), parts.at(-2)];
    return name === undefined ? [] : [{ table: `${schema}.${name}`, mode: 'AccessExclusive' as const }];
  });
}

function locked(mode: LockMode, relation: RangeVar | SqlNode | undefined): ExpectedLock[] {
  const name = relationName(relation);
  return name && isAtLeast(mode, 'Share') ? [{ table: qualifiedName(name), mode }] : [];
}
