import type { Clock, Logger } from '../../core/host';
import { ProblemError, type ProblemCode } from '../../core/problem';
import type { BackupStoreOptions, LeftCopy } from '../../databases/backup-store';
import type { Database } from '../../databases/database';
import { DatabaseFailure, type Target, type TargetSession } from '../../databases/target';
import type { BackupInfo } from '../plan';
import { BackupManager, type BackupList, type BackupRequest } from './backup-manager';
import { backupInfo } from './backup-info';
import { StateRestorer, type RestoreOptions } from './state-restorer';
import { StateVerifier } from './state-verifier';

interface TargetBackupsOptions extends BackupStoreOptions {
  readonly target: Target;
  /** The target's product. */
  readonly database: Database;
  /** Absolute path of the folder of all backups, usually `.mem8/backups` beside the manifest. */
  readonly backupsFolder: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface Restored {
  readonly backup: BackupInfo;
  /** True: what was restored was compared with what was backed up before it took the target's place. */
  readonly verified: boolean;
  /** Where the state from before the restore is kept, a folder or a database; empty when there was none. */
  readonly previous: string;
}

interface BackupVerification {
  readonly backup: BackupInfo;
  readonly passed: boolean;
  /** In words; empty when the backup restores to what was backed up. */
  readonly differences: readonly string[];
}

/** The backups of one target: takes backups that are known to restore, and restores them. */
export class TargetBackups {
  readonly #options: TargetBackupsOptions;
  readonly #manager: BackupManager;
  readonly #restorer: StateRestorer;

  constructor(options: TargetBackupsOptions) {
    this.#options = options;
    const { target, database, clock } = options;
    const verifier = new StateVerifier(database.catalogue);
    const store = database.backups.storeOf(target, options);
    this.#manager = new BackupManager({ ...options, store, verifier });
    this.#restorer = new StateRestorer(store, verifier, clock);
  }

  /**
   * Takes a backup, restores it into a scratch place and compares.
   * @throws ProblemError `backup-failed`, with nothing left behind, or what opening the target fails with
   */
  create(request: BackupRequest): Promise<BackupInfo> {
    return this.#guarded('backup-failed', () => this.#manager.create(request));
  }

  /** The backups on disk, newest first; entries that cannot be read are told, and hide no other. */
  list(): Promise<BackupList> {
    return this.#guarded('backup-not-found', () => this.#manager.list());
  }

  /** The copies that interrupted backups and restores left, which the next backup removes. */
  leftovers(session: TargetSession): Promise<readonly LeftCopy[]> {
    return this.#guarded('backup-not-found', () => this.#manager.leftovers(session));
  }

  /**
   * Restores a backup in the target's place. The caller must have closed its own sessions on the target.
   * The journal comes back with the state: it is as it was when the backup was taken.
   * @param id an id, or `latest`
   * @throws ProblemError `backup-not-found`, `backup-damaged`, `target-busy`, `lock-held`, `restore-failed`; the target is then as before
   */
  restore(id: string, options: RestoreOptions = {}): Promise<Restored> {
    return this.#guarded('restore-failed', async () => {
      const backup = await this.#manager.load(id);
      const previous = await this.#restorer.restore(backup, options);
      if (previous) this.#options.logger.info(`The state before the restore is kept at ${previous}.`);
      return { backup: backupInfo(backup), verified: true, previous };
    });
  }

  /** Restores a backup into a scratch place and compares; the target is not touched. */
  verify(id: string, options: { signal?: AbortSignal } = {}): Promise<BackupVerification> {
    return this.#guarded('verification-failed', async () => {
      const backup = await this.#manager.load(id);
      const restorer = this.#restorer;
      const differences = await restorer.store.inScratch(backup, (session) => restorer.differences(backup, session), options.signal);
      return { backup: backupInfo(backup), passed: differences.length === 0, differences };
    });
  }

  /** Failures of the outside world become problems. */
  async #guarded<T>(code: ProblemCode, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const cause = causeOf(error);
      if (cause === undefined) throw error;
      const message = sentences[code] ?? 'The operation failed.';
      throw new ProblemError({ code, message, remedy: remedyFor(error), cause: this.#options.target.redact(cause) });
    }
  }
}

const sentences: Partial<Record<ProblemCode, string>> = {
  'backup-failed': 'The backup failed; its partial files were removed.',
  'backup-not-found': 'The list of backups could not be read.',
  'restore-failed': 'The restore failed; the target is unchanged.',
  'verification-failed': 'The backup could not be test-restored.',
};

/** @returns undefined for what is not a failure of the outside world but a bug */
function causeOf(error: unknown): string | undefined {
  if (error instanceof ProblemError) return undefined;
  if (error instanceof DatabaseFailure) return [error.message, error.error.detail, error.error.hint].filter(Boolean).join(' ');
  const { code, message } = error as NodeJS.ErrnoException;
  return typeof code === 'string' && /^E[A-Z0-9]+$/.test(code) ? message : undefined;
}

function remedyFor(error: unknown): string {
  const code = error instanceof DatabaseFailure ? error.error.sqlstate : (error as NodeJS.ErrnoException).code;
  switch (code) {
    case 'ENOSPC':
    case '53100':
      return 'Free some space on the disk and try again.';
    case '42501':
      return 'Allow the login to read every table and to create databases (ALTER ROLE ... CREATEDB), or install pg_dump of the same version as the server.';
    default:
      return 'Check that the backup folder is writable and that the server works, and try again.';
  }
}
