import type { Problem } from '../../core/problem';
import type { LeftCopy } from '../../databases/backup-store';
import type { TargetSession } from '../../databases/target';
import type { BackupInfo, ListedBackup } from '../plan';

/** What a run needs of backups. Backups that it takes are proven: restored into a scratch place and compared. */
export interface Backups {
  /** @throws ProblemError `backup-failed` */
  take(session: TargetSession, options: { release: string | null; signal?: AbortSignal }): Promise<BackupInfo>;
  /** Every backup in the folder of the target that can be found, oldest first, with the database that it was taken of. */
  list(): Promise<readonly ListedBackup[]>;
  /** The copies that interrupted backups and restores left, which the next backup removes. */
  leftovers(session: TargetSession): Promise<readonly LeftCopy[]>;
  /**
   * Replaces the target's content. The session given is closed; the one returned is to be used from then on, and holds the lock
   * again. `problem` says why the target is still as before: `restore-failed`, `backup-not-found`, `backup-damaged`. `previous` says
   * where the replaced content is kept.
   */
  restore(
    session: TargetSession,
    backup: BackupInfo,
    options: { signal?: AbortSignal },
  ): Promise<{ readonly session: TargetSession; readonly problem?: Problem; readonly previous?: string }>;
}
