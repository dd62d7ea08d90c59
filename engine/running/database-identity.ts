import type { BackupInfo, ListedBackup } from './plan';

/** What tells a database from every other one, also from one that was copied from it. */
export interface DatabaseIdentity {
  /** Made with the journal; undefined where there is no journal, or one of an earlier version. */
  readonly id: string | undefined;
  /** Where the database is and was, as `TargetSession.place` says: a restore gives it a new place. The present one is last. Empty where it is not known. */
  readonly places: readonly string[];
}

/**
 * Which database a backup was taken of.
 * @param description of the target, for records of earlier versions, which have nothing else
 */
export function originOf(backup: BackupInfo, identity: DatabaseIdentity, description: string): ListedBackup['origin'] {
  const { id, place } = backup.identity ?? { id: null, place: null };
  const verdicts = [
    ...(id !== null && identity.id !== undefined ? [id === identity.id] : []),
    ...(place !== null && identity.places.length > 0 ? [identity.places.includes(place)] : []),
  ];
  if (verdicts.length > 0) return verdicts.includes(false) ? 'other' : 'this';
  return backup.targetDescription === description ? 'unrecorded' : 'other';
}
