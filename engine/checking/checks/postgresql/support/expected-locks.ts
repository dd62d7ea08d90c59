import { type LockMode, lockModes, type RelationName } from '../../../../databases/observation';
import {
  type AlterTableCommand,
  alterTableCommands,
  asFields,
  asNodes,
  fieldsOf,
  fields,
  nameParts,
  nodeType,
  relationName,
} from '../../../../databases/postgresql/sql/untyped-nodes';
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
  const inner = fields(node);
  const own = (mode: LockMode) => locked(mode, inner['relation']);
  switch (nodeType(node)) {
    case 'AlterTableStmt':
      return inner['objtype'] === 'OBJECT_TABLE'
        ? alterTableCommands(node).flatMap((command) => commandLocks(command, inner['relation']))
        : [];
    case 'IndexStmt':
      return inner['concurrent'] === true ? [] : own('Share');
    case 'RenameStmt':
      return inner['renameType'] === 'OBJECT_TABLE' || inner['relationType'] === 'OBJECT_TABLE' ? own('AccessExclusive') : [];
    case 'AlterObjectSchemaStmt':
      return inner['objectType'] === 'OBJECT_TABLE' ? own('AccessExclusive') : [];
    case 'CreateTrigStmt':
      return own('ShareRowExclusive');
    case 'RuleStmt':
    case 'ClusterStmt':
      return own('AccessExclusive');
    case 'CreatePolicyStmt':
    case 'AlterPolicyStmt':
      return locked('AccessExclusive', inner['table']);
    case 'RefreshMatViewStmt':
      return own(inner['concurrent'] === true ? 'Exclusive' : 'AccessExclusive');
    case 'CreateStmt':
      return [...asNodes(inner['inhRelations']).flatMap((parent) => partitionLocks(parent, inner)), ...referenceLocks(node)];
    case 'TruncateStmt':
      return asNodes(inner['relations']).flatMap((relation) => locked('AccessExclusive', relation));
    case 'DropStmt':
      return dropLocks(inner);
    case 'LockStmt':
      return asNodes(inner['relations']).flatMap((relation) => locked(explicitModes[Number(inner['mode'])] ?? 'AccessExclusive', relation));
    case 'VacuumStmt':
      return isFull(inner['options'])
        ? asNodes(inner['rels']).flatMap((relation) => locked('AccessExclusive', fieldsOf(relation, 'VacuumRelation')?.['relation']))
        : [];
    default:
      return [];
  }
}

/** The modes of LOCK TABLE by their number in the parse tree. */
const explicitModes: readonly (LockMode | undefined)[] = [undefined, ...lockModes];

const quietCommands: ReadonlySet<string> = new Set([
  'AT_SetStatistics',
  'AT_SetRelOptions',
  'AT_ResetRelOptions',
  'AT_SetOptions',
  'AT_ResetOptions',
  'AT_ValidateConstraint',
  'AT_ClusterOn',
  'AT_DropCluster',
]);

function commandLocks(command: AlterTableCommand, relation: unknown): ExpectedLock[] {
  const constraint = fieldsOf(command.def, 'Constraint');
  const partition = fieldsOf(command.def, 'PartitionCmd');
  if (quietCommands.has(command.subtype)) return [];
  if (constraint?.['contype'] === 'CONSTR_FOREIGN')
    return [...locked('ShareRowExclusive', relation), ...locked('ShareRowExclusive', constraint['pktable'])];
  if (command.subtype === 'AT_AttachPartition') return locked('AccessExclusive', partition?.['name']);
  if (command.subtype === 'AT_DetachPartition' && partition?.['concurrent'] === true) return [];
  if (/^AT_(?:Enable|Disable)(?:Always|Replica)?Trig/.test(command.subtype)) return locked('ShareRowExclusive', relation);
  return locked('AccessExclusive', relation);
}

function partitionLocks(parent: SqlNode, table: Readonly<Record<string, unknown>>): ExpectedLock[] {
  return table['partbound'] === undefined ? [] : locked('AccessExclusive', parent);
}

function referenceLocks(node: SqlNode): ExpectedLock[] {
  const elements = asNodes(fieldsOf(node, 'CreateStmt')?.['tableElts']);
  const constraints = [...elements, ...elements.flatMap((element) => asNodes(fieldsOf(element, 'ColumnDef')?.['constraints']))];
  return constraints.flatMap((constraint) => locked('ShareRowExclusive', fieldsOf(constraint, 'Constraint')?.['pktable']));
}

function dropLocks(inner: Readonly<Record<string, unknown>>): ExpectedLock[] {
  const ofTable =
    inner['removeType'] === 'OBJECT_TRIGGER' || inner['removeType'] === 'OBJECT_POLICY' || inner['removeType'] === 'OBJECT_RULE';
  if (!ofTable && inner['removeType'] !== 'OBJECT_TABLE') return [];
  return asNodes(inner['objects']).flatMap((object) => {
    const parts = ofTable ? nameParts(object).slice(0, -1) : nameParts(object);
    const [name, schema = 'public'] = [parts.at(-1), parts.at(-2)];
    return name === undefined ? [] : [{ table: `${schema}.${name}`, mode: 'AccessExclusive' as const }];
  });
}

function isFull(options: unknown): boolean {
  return asNodes(options).some((option) => fieldsOf(option, 'DefElem')?.['defname'] === 'full');
}

function locked(mode: LockMode, relation: unknown): ExpectedLock[] {
  const name = relationName(asFields(relation));
  return name && isAtLeast(mode, 'Share') ? [{ table: qualifiedName(name), mode }] : [];
}
