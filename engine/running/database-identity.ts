import type { BackupInfo, ListedBackup } from './plan';

/** What tells a database from every other one, also from one that was copied from it. */
export interface DatabaseIdentity {
  /** Made with the journal; undefined where there is no journal, or one of an earlier version. */
  readonly id: string | undefined;
  /** Where the database is and was, as `TargetSession.place` says: a restore gives it a new place. The present one is last. */
  readonly places: readonly string[];
}

/**
 * Which database a backup was taken of.
 * @param description of the target, for records of earlier versions, which have nothing else
 */
export function originOf(backup: BackupInfo, identity: DatabaseIdentity, description: string): ListedBackup['origin'] {
  const { identity: recorded, targetDescription } = backup;
  if (!recorded) return targetDescription === description ? 'unrecorded' : 'other';
  const sameJournal = recorded.id === null || identity.id === undefined || recorded.id === identity.id;
  return sameJournal && identity.places.includes(recorded.place) ? 'this' : 'other';
}
