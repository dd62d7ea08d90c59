import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { open, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { isFullDisk } from '../../core/full-disk';
import type { Clock } from '../../core/host';
import { ProblemError, throwIfCancelled } from '../../core/problem';
import { makeFolder } from './private-folder';

/** Who holds a process lock; the content of the lock file. */
interface Holder {
  readonly pid: number;
  /** The machine, and on Linux the set of processes in which `pid` means something (a container has its own). */
  readonly host: string;
  /** When the process began, as its system tells it; empty where that cannot be known. Tells a reused process id from the old one. */
  readonly started: string;
  readonly token: string;
}

interface LockFileOptions {
  /** For the message, e.g. `The data directory /srv/mem8`. */
  readonly what: string;
  readonly waitMs: number;
  readonly clock: Clock;
  readonly signal?: AbortSignal;
  /** Called at each attempt after the first second, with who holds it and the milliseconds so far. */
  readonly onWait?: (holder: string, ms: number) => void;
}

export interface ProcessLock {
  /** True when the process that held it before died without giving it back. */
  readonly takenOver: boolean;
  /** False when the file was removed or taken over by somebody else. */
  isHeld(): Promise<boolean>;
  release(): Promise<void>;
}

const heartbeatMs = 5000;
const pollMs = 100;
/** A wait that is shorter is not reported. */
const quietMs = 1000;
/** A lock file without content is being written; after this time its writer must have died. */
const unwrittenMs = 10_000;

/**
 * Takes the lock file, so that one process at a time has what the file stands for. A lock whose process is gone is taken over.
 * The heartbeat (the file's modification time) is for people only: a long statement holds it up, so it never makes a lock stale.
 * @throws ProblemError `target-busy` naming the holder, `file-unwritable`, `disk-full`, `cancelled`
 */
export async function takeProcessLock(path: string, options: LockFileOptions): Promise<ProcessLock> {
  const me: Holder = { pid: process.pid, host: thisHost(), started: startOf(process.pid), token: randomUUID() };
  makeParent(path);
  const begun = options.clock.now().getTime();
  let takenOver = false;
  while (!(await create(path, me))) {
    const found = await read(path);
    if (found === undefined) continue;
    if (found.stale) {
      takenOver = true;
      await removeStale(path, found.token, me.token);
      continue;
    }
    const waited = options.clock.now().getTime() - begun;
    if (waited >= options.waitMs) throw busy(path, options.what, found);
    if (found.holder && waited >= quietMs) options.onWait?.(holderText(found), waited);
    throwIfCancelled(options.signal);
    await options.clock.sleep(pollMs);
  }
  const heartbeat = setInterval(() => void utimes(path, new Date(), new Date()).catch(() => undefined), heartbeatMs);
  heartbeat.unref();
  const isHeld = async () => (await read(path))?.token === me.token;
  return {
    takenOver,
    isHeld,
    async release() {
      clearInterval(heartbeat);
      if (await isHeld()) await rm(path, { force: true });
    },
  };
}

/** True while a process that may be alive has the lock file. @throws ProblemError `file-unwritable` when it cannot be read */
export async function isLocked(path: string): Promise<boolean> {
  return (await read(path))?.stale === false;
}

function makeParent(path: string): void {
  try {
    makeFolder(dirname(path));
  } catch (error) {
    throw unwritable(path, error);
  }
}

function unwritable(path: string, error: unknown): ProblemError {
  return new ProblemError({
    code: isFullDisk(error) ? 'disk-full' : 'file-unwritable',
    message: `The lock file ${path} cannot be created, so the data next to it cannot be opened safely.`,
    remedy: isFullDisk(error)
      ? 'Free space on the disk and run the command again.'
      : 'Make the folder writable for this account, or choose another path for the target.',
    file: path,
    cause: (error as Error).message,
  });
}

async function create(path: string, holder: Holder): Promise<boolean> {
  try {
    const file = await open(path, 'wx');
    try {
      await file.writeFile(JSON.stringify(holder));
      await file.sync();
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw unwritable(path, error);
  }
}

interface Found {
  readonly holder: Holder | undefined;
  readonly token: string;
  readonly stale: boolean;
  readonly idleMs: number;
}

/** @returns undefined when there is no lock file */
async function read(path: string): Promise<Found | undefined> {
  try {
    const text = await readFile(path, 'utf8');
    const idleMs = Date.now() - (await stat(path)).mtimeMs;
    const holder = parse(text);
    if (!holder) return { holder, token: text, stale: idleMs > unwrittenMs, idleMs };
    return { holder, token: holder.token, stale: isGone(holder), idleMs };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unwritable(path, error);
  }
}

function parse(text: string): Holder | undefined {
  try {
    const value = JSON.parse(text) as Partial<Holder>;
    return typeof value.pid === 'number' && typeof value.token === 'string' && typeof value.host === 'string'
      ? { pid: value.pid, host: value.host, started: String(value.started ?? ''), token: value.token }
      : undefined;
  } catch {
    return undefined;
  }
}

function isGone(holder: Holder): boolean {
  if (holder.host !== thisHost()) return false;
  if (!isAlive(holder.pid)) return true;
  const started = startOf(holder.pid);
  return started !== '' && holder.started !== '' && started !== holder.started;
}

/** Moves the file away first: of several processes that found the same dead holder one succeeds, and a fresh lock is put back. */
async function removeStale(path: string, staleToken: string, token: string): Promise<void> {
  const aside = `${path}.${token}`;
  try {
    await rename(path, aside);
  } catch {
    return;
  }
  const moved = await readFile(aside, 'utf8');
  if ((parse(moved)?.token ?? moved) === staleToken) await rm(aside, { force: true });
  else await rename(aside, path);
}

function busy(path: string, what: string, found: Found): ProblemError {
  const here = found.holder?.host === thisHost();
  return new ProblemError({
    code: 'target-busy',
    message: `${what} is in use by ${holderText(found)} (last active ${Math.max(0, Math.round(found.idleMs / 1000))} s ago).`,
    remedy: here
      ? 'Wait until that process has finished, or stop it, and try again.'
      : `Wait until it has finished. If that process no longer exists, delete ${path}.`,
    file: path,
  });
}

function holderText({ holder }: Found): string {
  if (!holder) return 'a process that is still starting';
  return `process ${holder.pid}${holder.host === thisHost() ? '' : ` on ${holder.host}`}`;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

let host: string | undefined;

function thisHost(): string {
  if (host === undefined) {
    host = hostname();
    try {
      host += ` ${readlinkSync('/proc/self/ns/pid')}`;
    } catch {
      // Only Linux has process namespaces.
    }
  }
  return host;
}

function startOf(pid: number): string {
  try {
    if (process.platform === 'linux') {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
      // The 22nd field; the second one, the name in parentheses, may hold spaces.
      return `${boot} ${fields.slice(fields.lastIndexOf(')') + 2).split(' ')[19] ?? ''}`;
    }
    if (process.platform === 'win32') return '';
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return '';
  }
}
