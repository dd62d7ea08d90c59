import type { ColumnDef, Constraint, RangeVar } from '@pgsql/types';
import type { LockMode, RelationName } from '../../../../databases/observation';
import {
  type AlterTableCommand,
  alterTableCommands,
  fieldsOf,
  fieldsOfEach,
  isConcurrent,
  isOptionOn,
  nodeEntry,
} from '../../../../databases/postgresql/sql/nodes';
import type { SqlNode } from '../../../../databases/postgresql/sql/statement';
import { constraintsOf, isSerial, mayBeVolatile } from './column-definitions';
import { relationOf } from './evidence';

/** Long work on a table under a lock, as the syntax lets expect it. */
export interface ExpectedWork {
  readonly table: RelationName;
  readonly mode: LockMode;
  readonly work: 'rewrite' | 'scan';
}

/**
 * What a statement that the shadow could not run is likely to do to tables that exist, as measured on PostgreSQL 15 and 18.
 * Never used where an observation exists.
 */
export function expectedWork(node: SqlNode): ExpectedWork[] {
  const [type, inner] = nodeEntry(node);
  switch (type) {
    case 'IndexStmt':
      return isConcurrent(node) || isOnly(inner.relation) ? [] : [{ table: relationOf(inner.relation), mode: 'Share', work: 'scan' }];
    case 'ReindexStmt':
      return isConcurrent(node) || inner.kind !== 'REINDEX_OBJECT_TABLE'
        ? []
        : [{ table: relationOf(inner.relation), mode: 'Share', work: 'scan' }];
    case 'AlterTableStmt':
      if (inner.objtype !== 'OBJECT_TABLE') return [];
      return strongestPerTable(alterTableCommands(node).flatMap((command) => commandWork(command, relationOf(inner.relation))));
    case 'VacuumStmt':
      if (!isOptionOn(inner.options, 'full', false)) return [];
      return fieldsOfEach(inner.rels, 'VacuumRelation').map(({ relation }) => rewriteOf(relationOf(relation)));
    case 'ClusterStmt':
      return inner.relation ? [rewriteOf(relationOf(inner.relation))] : [];
    default:
      return [];
  }
}

/** `ON ONLY`, which builds nothing on a partitioned table and is written for hardly anything else. */
function isOnly(relation: RangeVar | undefined): boolean {
  return relation !== undefined && relation.inh !== true;
}

function rewriteOf(table: RelationName): ExpectedWork {
  return { table, mode: 'AccessExclusive', work: 'rewrite' };
}

function commandWork({ subtype, def }: AlterTableCommand, table: RelationName): ExpectedWork[] {
  switch (subtype) {
    case 'AT_SetNotNull':
      return [{ table, mode: 'AccessExclusive', work: 'scan' }];
    case 'AT_AlterColumnType':
      return [rewriteOf(table)];
    case 'AT_AddConstraint':
      return constraintWork(fieldsOf(def, 'Constraint') ?? {}, table, 'ShareRowExclusive');
    case 'AT_AddColumn':
      return columnWork(fieldsOf(def, 'ColumnDef') ?? {}, table);
    default:
      return [];
  }
}

/** @param foreignKeyMode the lock on the table itself, which a foreign key needs */
function constraintWork(constraint: Constraint, table: RelationName, foreignKeyMode: LockMode): ExpectedWork[] {
  if (constraint.skip_validation === true || constraint.indexname !== undefined) return [];
  switch (constraint.contype) {
    case 'CONSTR_FOREIGN':
      return [
        { table, mode: foreignKeyMode, work: 'scan' },
        { table: relationOf(constraint.pktable), mode: 'ShareRowExclusive', work: 'scan' },
      ];
    case 'CONSTR_CHECK':
    case 'CONSTR_UNIQUE':
    case 'CONSTR_PRIMARY':
    case 'CONSTR_EXCLUSION':
    case 'CONSTR_NOTNULL':
      return [{ table, mode: 'AccessExclusive', work: 'scan' }];
    default:
      return [];
  }
}

function columnWork(column: ColumnDef, table: RelationName): ExpectedWork[] {
  const constraints = constraintsOf(column);
  if (isSerial(column) || constraints.some(rewrites)) return [rewriteOf(table)];
  const hasDefault = constraints.some(({ contype }) => contype === 'CONSTR_DEFAULT');
  return constraints.flatMap((constraint) => {
    // A new column holds NULL or the default everywhere: no row can be at fault without a default, and none for NOT NULL with one.
    if (constraint.contype === 'CONSTR_FOREIGN' && !hasDefault) return [];
    return constraint.contype === 'CONSTR_NOTNULL' ? [] : constraintWork(constraint, table, 'AccessExclusive');
  });
}

function rewrites({ contype, generated_kind: kind, raw_expr: expression }: Constraint): boolean {
  if (contype === 'CONSTR_IDENTITY') return true;
  return contype === 'CONSTR_GENERATED' ? kind !== 'v' : contype === 'CONSTR_DEFAULT' && mayBeVolatile(expression);
}

function strongestPerTable(works: ExpectedWork[]): ExpectedWork[] {
  const byTable = new Map<RelationName, ExpectedWork>();
  for (const work of works) {
    const known = byTable.get(work.table);
    if (!known || (known.work === 'scan' && work.work === 'rewrite')) byTable.set(work.table, work);
  }
  return [...byTable.values()];
}
