import { foundSqlstate } from '../routines/routine-probe-sql';
import type { RoutineFailure, RoutineOutcome, RoutineProbe } from '../../observation';
import type { Wire } from './wire';

/** For a routine of which nothing is known. */
export const untriedRoutine: RoutineOutcome = { exists: false, failures: [] };

/**
 * Tries the body of a routine at the state at hand. Leaves nothing behind.
 * @throws BrokenInstance
 */
export async function tryRoutine(wire: Wire, { sql }: RoutineProbe, inTransaction: boolean): Promise<RoutineOutcome> {
  const opened = await wire.query(`${inTransaction ? 'SAVEPOINT mem8_routine' : 'BEGIN'}; SET LOCAL ROLE NONE`, false);
  const { error } = opened.error ? opened : await wire.query(sql, false);
  await wire.query(inTransaction ? 'ROLLBACK TO SAVEPOINT mem8_routine; RELEASE SAVEPOINT mem8_routine' : 'ROLLBACK', false);
  if (error?.sqlstate !== foundSqlstate) return untriedRoutine;
  return { exists: true, failures: failuresIn(error.detail ?? '[]') };
}

/** As the probe raises them: for each table, or once, what was found there. */
interface FoundAt {
  readonly table: string | null;
  readonly events: readonly string[] | null;
  readonly failures: readonly Pick<RoutineFailure, 'piece' | 'sqlstate' | 'message'>[];
}

function failuresIn(detail: string): RoutineFailure[] {
  const found = JSON.parse(detail) as readonly FoundAt[];
  return found.flatMap(({ table, events, failures }) =>
    failures.map((failure) => ({ ...failure, table: table ?? undefined, events: events ?? undefined })),
  );
}
