import type { RelationName } from '../shadow/observation';
import type { StatementContext } from './check';

/**
 * What the shadow saw of the statement on rows that it had put into the table: it `fails` with one of the given SQLSTATEs,
 * it `works`, or nothing is known because the table had no rows or the statement did not run.
 */
export function rowsEvidence(
  { observation, migration }: StatementContext,
  table: RelationName,
  sqlstates: readonly string[],
): 'fails' | 'works' | 'unknown' {
  if (!observation || observation.error) return 'unknown';
  if (observation.rowsError) return sqlstates.includes(observation.rowsError.sqlstate) ? 'fails' : 'unknown';
  const { unseeded } = migration.observation ?? {};
  return unseeded && !unseeded.some((each) => each.table === table) ? 'works' : 'unknown';
}
