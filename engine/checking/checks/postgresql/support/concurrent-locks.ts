import type { RangeVar } from '@pgsql/types';
import {
  alterTableCommands,
  fieldsOf,
  fieldsOfEach,
  isConcurrent,
  isOptionOn,
  nodeEntry,
} from '../../../../databases/postgresql/sql/nodes';
import type { SqlNode } from '../../../../databases/postgresql/sql/statement';
import { relationOf } from './evidence';
import type { ExpectedLock } from './expected-locks';

/**
 * The locks on tables of a statement that cannot run in a transaction, so that they cannot be observed: of CREATE INDEX, REINDEX TABLE and
 * DETACH PARTITION with CONCURRENTLY, and of VACUUM without FULL, as PostgreSQL documents them. Empty for any other statement.
 */
export function concurrentLocks(node: SqlNode): ExpectedLock[] {
  const [type, inner] = nodeEntry(node);
  switch (type) {
    case 'IndexStmt':
      return isConcurrent(node) ? [shared(inner.relation)] : [];
    case 'ReindexStmt':
      return isConcurrent(node) && inner.kind === 'REINDEX_OBJECT_TABLE' ? [shared(inner.relation)] : [];
    case 'VacuumStmt':
      if (inner.is_vacuumcmd !== true || isOptionOn(inner.options, 'full', false)) return [];
      return fieldsOfEach(inner.rels, 'VacuumRelation').map(({ relation }) => shared(relation));
    case 'AlterTableStmt':
      return alterTableCommands(node).flatMap(({ subtype, def }) => {
        const partition = fieldsOf(def, 'PartitionCmd');
        if (subtype !== 'AT_DetachPartition' || partition?.concurrent !== true) return [];
        return [{ table: relationOf(partition.name), mode: 'AccessExclusive' as const }, shared(inner.relation)];
      });
    default:
      return [];
  }
}

function shared(relation: RangeVar | undefined): ExpectedLock {
  return { table: relationOf(relation), mode: 'ShareUpdateExclusive' };
}
