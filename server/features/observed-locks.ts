import type { MigrationContext } from '#engine/checks/check';
import { lockTitles } from '#engine/checks/support/table-work';
import { lockModes, type ObservedLock, type StatementObservation } from '#engine/shadow/observation';

/** The locks on tables that were there before, one a table, that keep others from writing or from changing the schema; the strongest first. */
export function notableLocks(observation: StatementObservation): ObservedLock[] {
  const strongest = new Map<string, ObservedLock>();
  for (const lock of observation.locks) {
    if (!lock.existedBefore || rank(lock) < lockModes.indexOf('ShareUpdateExclusive')) continue;
    const known = strongest.get(lock.table);
    if (!known || rank(lock) > rank(known)) strongest.set(lock.table, lock);
  }
  return [...strongest.values()].sort((a, b) => rank(b) - rank(a));
}

/** As `notableLocks`, of all statements of a migration. */
export function notableLocksOf({ observation }: MigrationContext): ObservedLock[] {
  const locks = observation?.statements.flatMap((statement) => notableLocks(statement)) ?? [];
  const strongest = new Map<string, ObservedLock>();
  for (const lock of locks.sort((a, b) => rank(b) - rank(a))) if (!strongest.has(lock.table)) strongest.set(lock.table, lock);
  return [...strongest.values()];
}

/** `ACCESS EXCLUSIVE on memories`. */
export function lockText({ mode, table }: ObservedLock): string {
  return `${lockTitles[mode]} on ${table.replace(/^public\./, '')}`;
}

function rank({ mode }: ObservedLock): number {
  return lockModes.indexOf(mode);
}
