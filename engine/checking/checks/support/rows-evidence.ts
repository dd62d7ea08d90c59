import type { StatementContext } from '../../context/context';

/**
 * True when the shadow saw the statement fail with one of the SQLSTATEs on rows that it had made up. That it did not fail
 * proves nothing: the rows may have been taken away for an earlier statement, or be other rows than those of a target.
 */
export function failsOnRows({ observation }: StatementContext, sqlstates: readonly string[]): boolean {
  const error = observation?.rowsError;
  return error !== undefined && sqlstates.includes(error.sqlstate);
}
