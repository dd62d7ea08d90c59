import { open, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { restoringPath, swapInRestored } from '../connections/data-directory';
import { pgliteTarget, type PgliteSession, type PgliteTarget } from '../connections/pglite-target';
import { unpackDataDirectory } from '../connections/tar';
import type { TargetSession } from '../../target';
import { backupDamaged, type StoredBackup } from '../../backup-record';
import type { BackupStore, Copied, CopyRequest, LeftCopy, PutBackOptions } from '../../backup-store';
import { folderBytes } from '../../storage/folder-bytes';
import { installedExtensions } from './installed-extensions';

const archiveName = 'data.tar.gz';

/** Backups of an embedded database: its data directory as a gzipped tar. */
export class EmbeddedStore implements BackupStore {
  constructor(readonly target: PgliteTarget) {}

  async copy(request: CopyRequest): Promise<Copied> {
    const session = (request.session as PgliteSession | undefined) ?? (await this.target.open(request));
    try {
      // A restore that is decided is finished when the directory is opened: what is here now serves nothing.
      await rm(restoringPath(this.target.path), { recursive: true, force: true });
      const state = await request.capture(session);
      const bytes = await session.dumpDataDirectory();
      const file = await open(join(request.folder, archiveName), 'w');
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
      return {
        state,
        kind: 'data-directory',
        content: archiveName,
        bytes: bytes.length,
        serverVersion: session.serverVersion,
        extensions: await installedExtensions(session),
        database: null,
      };
    } finally {
      if (!request.session) await session.close();
    }
  }

  async inScratch<T>(backup: StoredBackup, work: (session: TargetSession) => Promise<T>): Promise<T> {
    const scratch = join(backup.folder, 'scratch');
    try {
      return await this.#opened(backup, scratch, work);
    } finally {
      await rm(scratch, { recursive: true, force: true });
      await rm(`${scratch}.lock`, { force: true });
    }
  }

  async putBack(backup: StoredBackup, options: PutBackOptions): Promise<string> {
    const { path } = this.target;
    const lock = await this.target.lockDirectory();
    try {
      try {
        await this.#opened(backup, restoringPath(path), options.check, this.target.place);
      } catch (error) {
        await rm(restoringPath(path), { recursive: true, force: true });
        throw error;
      }
      const previous = existsSync(path) ? `${path}.before-restore-${options.stamp}` : '';
      await swapInRestored(path, previous);
      return previous;
    } finally {
      await lock.release();
    }
  }

  async leftovers(): Promise<readonly LeftCopy[]> {
    const location = restoringPath(this.target.path);
    return existsSync(location) ? [{ location, bytes: await folderBytes(location) }] : [];
  }

  async discard(): Promise<void> {
    // Everything is in the backup's folder.
  }

  async #opened<T>(backup: StoredBackup, path: string, work: (session: TargetSession) => Promise<T>, place?: string): Promise<T> {
    const archive = join(backup.folder, backup.record.content);
    await rm(path, { recursive: true, force: true });
    try {
      await unpackDataDirectory(archive, path);
    } catch (error) {
      if (isOfDisk(error)) throw error;
      throw backupDamaged(archive, `The backup ${archive} cannot be unpacked.`, error);
    }
    const { assets, clock } = this.target;
    const { extensions } = backup.record;
    const copy = pgliteTarget({ name: 'copy', path, place, assets, clock, protected: false, extensions, durable: false });
    const session = await copy.open();
    try {
      return await work(session);
    } finally {
      await session.close();
    }
  }
}

/** A full disk or a folder that cannot be written says nothing about the archive. */
function isOfDisk(error: unknown): boolean {
  return ['ENOSPC', 'EACCES', 'EPERM', 'EROFS', 'EDQUOT', 'ENOTDIR', 'EIO'].includes((error as NodeJS.ErrnoException).code ?? '');
}
