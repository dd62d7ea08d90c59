import { existsSync } from 'node:fs';
import { readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isFullDisk } from '../../../core/full-disk';
import { ProblemError } from '../../../core/problem';
import { syncFolder, syncTree } from '../../storage/sync';
import { embeddedMajor } from '../embedded/major-version';

/** The data directory of an embedded database on disk: whether it is whole, and how it survives a power cut. */

/**
 * Looks at what is at `path` before a database is opened there.
 * @returns whether there is a database; false: nothing is there yet
 * @throws ProblemError `target-damaged`
 */
export async function inspectDataDirectory(path: string): Promise<boolean> {
  if (!existsSync(path)) return false;
  if (!(await stat(path)).isDirectory()) throw damaged(path, `${path} is a file; the folder of an embedded database was expected.`);
  const names = await readdir(path);
  if (names.length === 0) return false;
  if (!names.includes('PG_VERSION') || !existsSync(join(path, 'global', 'pg_control'))) {
    throw damaged(path, `${path} is not empty and does not contain a complete database: PG_VERSION or global/pg_control is missing.`);
  }
  const major = (await readFile(join(path, 'PG_VERSION'), 'utf8')).trim();
  if (major !== String(embeddedMajor)) {
    throw damaged(path, `${path} was made by PostgreSQL ${major || 'of an unknown version'}, but ${embeddedMajor} is needed to open it.`);
  }
  return true;
}

export function damaged(path: string, message: string, cause?: string): ProblemError {
  return new ProblemError({
    code: 'target-damaged',
    message,
    remedy: 'Restore the newest backup of this target, or move the folder elsewhere to start with an empty database.',
    file: path,
    cause,
  });
}

/**
 * The disk takes nothing more; the database survives that as it survives a power cut.
 * @param what what came to nothing, without a full stop
 */
export function notStored(path: string, what: string, error: NodeJS.ErrnoException): ProblemError {
  const isFull = isFullDisk(error);
  return new ProblemError({
    code: isFull ? 'disk-full' : 'file-unwritable',
    message: `${what}: ${isFull ? 'its disk is full' : 'its disk does not take what is written'}.`,
    remedy: `${isFull ? 'Free space on the disk' : 'Make the disk writable'} and run the command again. What was committed is still there.`,
    file: path,
    cause: error.message,
  });
}

/**
 * A restore that is decided: the verified copy waits at `<path>.restoring` and only renames are missing.
 * Whoever opens the directory next finishes them.
 */
interface PendingRestore {
  /** Where the present directory goes; empty when there is none. */
  readonly previous: string;
}

export const restoringPath = (path: string) => `${path}.restoring`;
const decisionPath = (path: string) => `${path}.restore.json`;

/** Puts the copy at `<path>.restoring` in the place of `path`, which is kept at `previous`. Call with the process lock held. */
export async function swapInRestored(path: string, previous: string): Promise<void> {
  await syncTree(restoringPath(path));
  const decision: PendingRestore = { previous };
  const half = `${decisionPath(path)}.half`;
  await writeFile(half, JSON.stringify(decision), { flush: true });
  await rename(half, decisionPath(path));
  await syncFolder(dirname(path));
  await finishRestore(path);
}

/** Finishes a swap that a crash interrupted; does nothing when there is none. Call with the process lock held. */
export async function finishRestore(path: string): Promise<void> {
  if (!existsSync(decisionPath(path))) return;
  const { previous } = JSON.parse(await readFile(decisionPath(path), 'utf8')) as PendingRestore;
  if (existsSync(restoringPath(path))) {
    if (previous && existsSync(path) && !existsSync(previous)) await rename(path, previous);
    await rename(restoringPath(path), path);
  }
  await syncFolder(dirname(path));
  await rm(decisionPath(path), { force: true });
}

/**
 * Makes commits durable. The embedded server never flushes (its `fsync` is off and has no effect), so we do: after a commit the
 * write-ahead log, and after a checkpoint, which recycles that log, every changed file. A power cut inside the moment
 * between a checkpoint and its flush is the remaining gap.
 */
export class Durability {
  #checkpoint = 0;
  #since: number;

  /** @param since milliseconds since 1970: what was changed before it is flushed already */
  constructor(
    readonly path: string,
    since: number,
    readonly enabled = true,
  ) {
    this.#since = since;
  }

  /** Call after each commit. Costs a few file stats when nothing was written. */
  async flush(): Promise<void> {
    if (!this.enabled) return;
    const now = Date.now();
    const checkpoint = (await stat(join(this.path, 'global', 'pg_control'))).mtimeMs;
    const checkpointed = checkpoint !== this.#checkpoint;
    await syncTree(checkpointed ? this.path : join(this.path, 'pg_wal'), this.#since - coarseness);
    if (!checkpointed) return;
    this.#checkpoint = checkpoint;
    this.#since = now;
  }
}

/** Modification times of some file systems are this coarse, milliseconds. */
const coarseness = 2000;
