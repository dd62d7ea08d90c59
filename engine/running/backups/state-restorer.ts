import { randomBytes } from 'node:crypto';
import type { Clock, ReportProgress } from '../../core/host';
import { ProblemError, throwIfCancelled } from '../../core/problem';
import type { StoredBackup } from '../../databases/backup-record';
import type { BackupStore } from '../../databases/backup-store';
import type { TargetSession } from '../../databases/target';
import { stampOf } from './backup-manager';
import { exactnessOf, type StateVerifier } from './state-verifier';

export interface RestoreOptions {
  /** On a server: ends the connections of other programs to the database. Default false: they prevent the restore. */
  readonly terminateOthers?: boolean;
  /** Called with the restored database before it takes the target's place. */
  readonly adopt?: (session: TargetSession) => Promise<void>;
  readonly signal?: AbortSignal;
  readonly onProgress?: ReportProgress;
}

/** Puts a backup in the place of the target's state. The state that was there is kept. */
export class StateRestorer {
  constructor(
    readonly store: BackupStore,
    readonly verifier: StateVerifier,
    readonly clock: Clock,
  ) {}

  /**
   * @returns where the state from before is kept; empty when there was none
   * @throws ProblemError `backup-damaged`, `target-busy`, `lock-held`, `restore-failed`, `cancelled`
   */
  async restore(backup: StoredBackup, options: RestoreOptions = {}): Promise<string> {
    options.onProgress?.({ step: 1, steps: 2, title: `Restore backup ${backup.record.id} next to the target and compare` });
    return this.store.putBack(backup, {
      // The time alone is not unique: clocks are set back, and two restores fit into one second.
      stamp: `${stampOf(this.clock.now())}-${randomBytes(3).toString('hex')}`,
      terminateOthers: options.terminateOthers ?? false,
      signal: options.signal,
      check: async (session) => {
        await this.check(backup, session);
        await options.adopt?.(session);
        throwIfCancelled(options.signal);
        options.onProgress?.({ step: 2, steps: 2, title: 'Replace the target with the restored state' });
      },
    });
  }

  /** @throws ProblemError `backup-damaged` when what was restored is not what was backed up */
  async check(backup: StoredBackup, session: TargetSession): Promise<void> {
    const differences = await this.differences(backup, session);
    if (differences.length === 0) return;
    throw new ProblemError({
      code: 'backup-damaged',
      message: `Backup ${backup.record.id} was restored next to the target, and the result differs from what was backed up. ${differences.slice(0, 5).join(' ')}`,
      remedy: 'Use another backup of this target. The target is unchanged.',
    });
  }

  async differences(backup: StoredBackup, session: TargetSession): Promise<string[]> {
    const actual = await this.verifier.capture(session);
    return this.verifier.differences(backup.record.fingerprint, actual.fingerprint, exactnessOf(backup.record.kind));
  }
}
