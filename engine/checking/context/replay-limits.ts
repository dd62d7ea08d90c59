import type { MigrationContext, ScriptContext } from './context';

/** More statements than this are data, not a migration; replaying them takes too long. */
export const mostStatements = 5_000;
export const mostText = 4_000_000;

/** True for a script that the shadow does not get to see. */
export function isTooLargeToReplay({ script, statements }: ScriptContext<unknown>): boolean {
  return statements.length > mostStatements || script.sql.length > mostText;
}

/** False for a migration with a script that the shadow does not get to see. */
export function isReplayable({ up, down }: Pick<MigrationContext<unknown>, 'up' | 'down'>): boolean {
  return !isTooLargeToReplay(up) && !(down && isTooLargeToReplay(down));
}
