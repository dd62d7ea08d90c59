import type { BackupInfo } from '../plan';

/** Sentences about the database that a backup was taken of. */

export function takenOfOther({ id, targetDescription }: BackupInfo): string {
  return `Backup ${id} was taken of another database, ${targetDescription}.`;
}

export function howToRestoreOther({ id, target }: BackupInfo): string {
  return `To restore it here all the same, run: mem8-upgrade restore --target ${target} --other-database ${id}.`;
}

export function unrecordedDatabase({ id, targetDescription }: BackupInfo): string {
  return `Backup ${id} was made by an earlier version, which recorded only the address of the database: ${targetDescription}. Make sure that it was the same database.`;
}
