import type { ReportProgress } from '../core/host';
import type { TargetSession } from './target';
import type { CapturedState } from './schema-state';
import type { BackupRecord, DatabaseProperties, StoredBackup } from './backup-record';

/** How the state of one kind of target is copied, tried out and put back. The manager and the restorer do the rest. */
export interface BackupStore {
  /** Captures the state and copies it as of the same moment, into `folder` or onto the server. */
  copy(request: CopyRequest): Promise<Copied>;
  /** Restores the backup into a place of its own, hands a session on it to `work`, and removes the place whatever happens. */
  inScratch<T>(backup: StoredBackup, work: (session: TargetSession) => Promise<T>, signal?: AbortSignal): Promise<T>;
  /**
   * Restores the backup beside the target, has it checked, and only then puts it in the target's place.
   * @returns where the state that was there before is kept; empty when there was none
   */
  putBack(backup: StoredBackup, options: PutBackOptions): Promise<string>;
  /**
   * The copies that interrupted backups and restores left outside of the backups' folder; not those that are in use. The next backup
   * removes them.
   * @param announced names that copies without an end were announced under
   */
  leftovers(session: TargetSession, announced: readonly string[]): Promise<readonly LeftCopy[]>;
  /** Removes what a copy that did not get to its end has left outside of its folder. */
  discard(content: Pick<BackupRecord, 'kind' | 'content'>): Promise<void>;
}

/** A copy of the target that serves nothing any more. */
export interface LeftCopy {
  /** A path or a database name. */
  readonly location: string;
  readonly bytes: number;
}

export interface CopyRequest {
  readonly id: string;
  /** Exists and is empty. */
  readonly folder: string;
  /** A session of the caller; else one is opened. */
  readonly session?: TargetSession;
  readonly signal?: AbortSignal;
  /** Called before anything is made outside of the folder, so that it can be removed after a crash. */
  announce(content: string): Promise<void>;
  capture(session: TargetSession): Promise<CapturedState>;
}

export interface Copied {
  readonly state: CapturedState;
  readonly kind: BackupRecord['kind'];
  readonly content: string;
  readonly bytes: number;
  readonly serverVersion: string;
  readonly extensions: readonly string[];
  readonly database: DatabaseProperties | null;
}

export interface PutBackOptions {
  readonly stamp: string;
  /** Ends the connections of other programs, which otherwise prevent the restore. */
  readonly terminateOthers: boolean;
  readonly signal?: AbortSignal;
  /** @throws ProblemError when the restored state is not the recorded one */
  check(session: TargetSession): Promise<void>;
  readonly onProgress?: ReportProgress;
}

export interface BackupStoreOptions {
  /** Path of the server's own program for backups, with the one that restores beside it; false: do not use them. Default: those on the PATH. */
  readonly dumpProgram?: string | false;
}
