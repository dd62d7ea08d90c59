import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock, Logger, ReportProgress } from '../../core/host';
import { ProblemError, throwIfCancelled, type Problem } from '../../core/problem';
import {
  backupDamaged,
  readRecord,
  recordName,
  writeRecord,
  type BackupRecord,
  type RecordedIdentity,
  type StoredBackup,
} from '../../databases/backup-record';
import type { BackupStore, Copied, LeftCopy } from '../../databases/backup-store';
import { folderBytes } from '../../databases/storage/folder-bytes';
import { makeFolder } from '../../databases/storage/private-folder';
import { isLocked, takeProcessLock } from '../../databases/storage/process-lock';
import { syncFolder } from '../../databases/storage/sync';
import type { Target, TargetSession } from '../../databases/target';
import type { BackupInfo } from '../plan';
import { backupInfo } from './backup-info';
import { exactnessOf, type StateVerifier } from './state-verifier';

export interface BackupRequest {
  /** The release that the target has. */
  readonly release: string | null;
  /** Of the database, so that the backup is not taken for one of another. Without it, only the address is recorded. */
  readonly identity?: RecordedIdentity;
  /** A session on the target that the caller has open, outside a transaction; its lock is kept or taken again. */
  readonly session?: TargetSession;
  readonly signal?: AbortSignal;
  readonly onProgress?: ReportProgress;
}

export interface BackupList {
  /** Newest first, in the order in which they were taken, whatever the clock said. */
  readonly backups: readonly BackupInfo[];
  /** One for each entry that cannot be read. */
  readonly problems: readonly Problem[];
}

interface BackupManagerOptions {
  readonly target: Pick<Target, 'name' | 'description'>;
  /** Absolute path; each target has a folder of its own in it. */
  readonly backupsFolder: string;
  readonly store: BackupStore;
  readonly verifier: StateVerifier;
  readonly clock: Clock;
  readonly logger: Logger;
}

const halfSuffix = '.half';
const announcementName = 'started.json';

/** Makes, lists and loads the backups of one target. A backup appears in the list only once it was restored and compared. */
export class BackupManager {
  readonly #folder: string;

  constructor(readonly options: BackupManagerOptions) {
    this.#folder = join(options.backupsFolder, options.target.name);
  }

  /** @throws ProblemError, or what the file system or the database throw; nothing half-made is left behind */
  async create(request: BackupRequest): Promise<BackupInfo> {
    const { clock, target } = this.options;
    makeFolder(this.#folder);
    const lock = await takeProcessLock(`${this.#folder}.lock`, { what: `The backup folder of ${target.name}`, waitMs: 0, clock });
    try {
      await this.#removeHalfMade();
      return await this.#createLocked(request);
    } finally {
      await lock.release();
    }
  }

  async #createLocked(request: BackupRequest): Promise<BackupInfo> {
    const { clock, target, store } = this.options;
    const createdAt = clock.now();
    const id = `${stampOf(createdAt)}-${randomBytes(3).toString('hex')}`;
    const half = join(this.#folder, id + halfSuffix);
    const report = (step: number, title: string) => request.onProgress?.({ step, steps: 3, title });
    await mkdir(half);
    try {
      report(1, `Copy ${target.description}`);
      const copied = await this.#copy(id, half, request);
      throwIfCancelled(request.signal);
      const record = await this.#recordOf(id, half, createdAt, request, copied);
      report(2, 'Restore the copy into a scratch database and compare');
      const proven = await store.inScratch({ record, folder: half }, (session) => this.#prove(record, copied, session), request.signal);
      throwIfCancelled(request.signal);
      report(3, 'Record the backup');
      return await this.#publish(proven, half);
    } catch (error) {
      await this.#removeHalf(half).catch((cause: unknown) => this.options.logger.warn(`${half} could not be removed: ${String(cause)}`));
      throw error;
    }
  }

  async #recordOf(id: string, folder: string, createdAt: Date, request: BackupRequest, copied: Copied): Promise<BackupRecord> {
    const { target } = this.options;
    return {
      format: 1,
      id,
      sequence: 1 + ((await this.#stored()).stored[0]?.record.sequence ?? 0),
      target: target.name,
      targetDescription: target.description,
      identity: request.identity,
      createdAt: createdAt.toISOString(),
      release: request.release,
      kind: copied.kind,
      content: copied.content,
      bytes: copied.bytes,
      contentHash: copied.kind === 'database' ? null : await hashFile(join(folder, copied.content)),
      serverVersion: copied.serverVersion,
      journalIncluded: copied.state.hasJournal,
      extensions: [...copied.extensions],
      database: copied.database,
      fingerprint: plain(copied.state.fingerprint),
      proven: false,
    };
  }

  async list(): Promise<BackupList> {
    const { stored, problems } = await this.#stored();
    return { backups: stored.map(backupInfo), problems };
  }

  async #stored(): Promise<{ stored: StoredBackup[]; problems: Problem[] }> {
    const stored: StoredBackup[] = [];
    const problems: Problem[] = [];
    for (const folder of await this.#folders()) {
      try {
        stored.push(await readRecord(folder));
      } catch (error) {
        if (!(error instanceof ProblemError)) throw error;
        problems.push(error.problem);
      }
    }
    const order = ({ record }: StoredBackup) => record.sequence ?? 0;
    stored.sort((a, b) => order(b) - order(a) || compare(b.record.createdAt, a.record.createdAt) || compare(b.record.id, a.record.id));
    return { stored, problems };
  }

  /**
   * Finds a backup and checks that its file is the one that was made.
   * @throws ProblemError `backup-not-found`, `backup-damaged`
   */
  async load(id: string): Promise<StoredBackup> {
    const wanted = id === 'latest' ? (await this.list()).backups.find((backup) => backup.proven)?.id : id;
    const folder = wanted === undefined ? undefined : (await this.#folders()).find((path) => path === join(this.#folder, wanted));
    if (folder === undefined) {
      throw new ProblemError({
        code: 'backup-not-found',
        message:
          id === 'latest' ? `Target ${this.options.target.name} has no backup.` : `Target ${this.options.target.name} has no backup ${id}.`,
        remedy: `Check the list of backups; they are stored in ${this.#folder}.`,
      });
    }
    const backup = await readRecord(folder);
    const { content, contentHash } = backup.record;
    if (contentHash === null) return backup;
    const file = join(folder, content);
    if (!existsSync(file)) throw backupDamaged(file, `The content of backup ${backup.record.id} is missing: ${file}.`);
    if ((await hashFile(file)) !== contentHash) {
      throw backupDamaged(file, `The backup ${file} is damaged: its hash is not the recorded ${contentHash}.`);
    }
    return backup;
  }

  #copy(id: string, folder: string, request: BackupRequest): Promise<Copied> {
    const { store, verifier } = this.options;
    return store.copy({
      id,
      folder,
      session: request.session,
      signal: request.signal,
      announce: (content) => writeFile(join(folder, announcementName), JSON.stringify({ kind: 'database', content }), { flush: true }),
      capture: (session) => verifier.capture(session),
    });
  }

  /** @returns the record as proven, with the schema and the sequences as they are in the copy */
  async #prove(record: BackupRecord, copied: Copied, session: TargetSession): Promise<BackupRecord> {
    const { verifier } = this.options;
    const actual = await verifier.capture(session);
    const differences = verifier.stateDifferences(copied.state, actual, exactnessOf(record.kind));
    if (copied.state.hasJournal && !actual.hasJournal) differences.push('The journal is missing.');
    if (differences.length > 0) {
      throw new ProblemError({
        code: 'backup-failed',
        message: `The restored copy differs from ${this.options.target.description}. ${differences.slice(0, 5).join(' ')}`,
        remedy: 'Make sure that no program writes to the target during the backup, and try again.',
      });
    }
    const leftOut = record.kind === 'dump' ? verifier.leftOutOfDump(copied.state) : [];
    for (const name of leftOut) {
      this.options.logger.warn(
        `Backup ${record.id} does not contain index ${name}: the index is INVALID, and pg_dump omits invalid indexes.`,
      );
    }
    const { looseSchema, sequences } = plain(actual.fingerprint);
    return { ...record, proven: true, fingerprint: { ...record.fingerprint, looseSchema, sequences } };
  }

  async #publish(record: BackupRecord, half: string): Promise<BackupInfo> {
    const folder = join(this.#folder, record.id);
    await writeRecord(half, record);
    await rm(join(half, announcementName), { force: true });
    await syncFolder(half);
    await rename(half, folder);
    await syncFolder(this.#folder);
    return backupInfo({ record, folder });
  }

  async #folders(): Promise<string[]> {
    if (!existsSync(this.#folder)) return [];
    const entries = await readdir(this.#folder, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory() && !entry.name.endsWith(halfSuffix))
      .map((entry) => join(this.#folder, entry.name));
  }

  /** What interrupted backups and restores left. A backup that is being made is not among it. */
  async leftovers(session: TargetSession): Promise<readonly LeftCopy[]> {
    const isBusy = await isLocked(`${this.#folder}.lock`);
    const names = isBusy || !existsSync(this.#folder) ? [] : await readdir(this.#folder);
    const halves = names.filter((name) => name.endsWith(halfSuffix)).map((name) => join(this.#folder, name));
    const copies = await Promise.all(halves.map(async (location) => ({ location, bytes: await folderBytes(location) })));
    const announced = (await Promise.all(halves.map(announcedIn))).flatMap((content) => content?.content ?? []);
    return [...copies, ...(await this.options.store.leftovers(session, announced))];
  }

  /** What a crash left of backups that were never finished. Finished ones are never removed. */
  async #removeHalfMade(): Promise<void> {
    for (const name of await readdir(this.#folder)) if (name.endsWith(halfSuffix)) await this.#removeHalf(join(this.#folder, name));
  }

  async #removeHalf(half: string): Promise<void> {
    const announced = await announcedIn(half);
    if (announced) await this.options.store.discard(announced);
    await rm(half, { recursive: true, force: true });
  }
}

/** What a backup that was not finished was to make outside of its folder. */
async function announcedIn(half: string): Promise<BackupRecord | undefined> {
  const announcement = join(half, announcementName);
  if (!existsSync(announcement) || existsSync(join(half, recordName))) return undefined;
  return JSON.parse(await readFile(announcement, 'utf8')) as BackupRecord;
}

/** `20260102T030405Z`: sorts as time, and is allowed in file names and database names. */
export function stampOf(time: Date): string {
  return time.toISOString().replace(/\.\d+|[-:]/g, '');
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return `sha256:${hash.digest('hex')}`;
}

function plain(fingerprint: BackupRecord['fingerprint'] | Copied['state']['fingerprint']): BackupRecord['fingerprint'] {
  return { ...fingerprint, tables: [...fingerprint.tables], sequences: [...fingerprint.sequences] };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
