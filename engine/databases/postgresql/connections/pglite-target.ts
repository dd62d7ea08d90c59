import type { PGlite, Results } from '@electric-sql/pglite';
import { existsSync } from 'node:fs';
import { appendFile, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Clock } from '../../../core/host';
import { ProblemError } from '../../../core/problem';
import { openEmbedded } from '../embedded/embedded';
import { damaged, Durability, finishRestore, inspectDataDirectory, notStored } from './data-directory';
import { DiskFiles, isOfStorage } from '../embedded/disk-files';
import { MemoryFiles } from '../embedded/memory-files';
import { readTemplate, writeTemplate } from '../embedded/template';
import { databaseFailure, type ServerError } from './database-failure';
import { journalStatements } from './journal-statements';
import { takeProcessLock, type ProcessLock } from '../../storage/process-lock';
import { syncFolder, syncTree } from '../../storage/sync';
import type { LockOptions, OpenOptions, Row, Target, TargetSession } from '../../target';
import { runTransaction } from './transaction';
import { bytesAsText, decodeValue, encodeParameter } from './values';

interface PgliteTargetOptions {
  readonly name: string;
  /** Absolute path of the data directory; made when it is missing. Its lock file is `<path>.lock`. */
  readonly path: string;
  /** The asset folder of the embedded database, see `EmbeddedOptions`. */
  readonly assets: string;
  readonly protected: boolean;
  readonly clock: Clock;
  /** What `TargetSession.place` says; default: the path. */
  readonly place?: string;
  /** For people; default `PGlite <path>`. */
  readonly description?: string;
  /** Extensions that migrations create. The ones that the database already has are found by themselves. */
  readonly extensions?: readonly string[];
  /** How long to wait for another process to leave the directory, milliseconds; default 3000. */
  readonly busyWaitMs?: number;
  /** False for throw-away copies: commits then survive a crash of the process, but not of the machine. Default true. */
  readonly durable?: boolean;
}

/** An embedded PostgreSQL in a folder. A session has the folder for itself: two processes in one folder lose each other's rows. */
export interface PgliteTarget extends Target {
  readonly driver: 'pglite';
  readonly path: string;
  readonly place: string;
  readonly assets: string;
  readonly clock: Clock;
  open(options?: OpenOptions): Promise<PgliteSession>;
  /** Takes the folder without opening the database, to replace it. @throws ProblemError `target-busy`, `file-unwritable` */
  lockDirectory(waiting?: Pick<OpenOptions, 'waitMs' | 'onWait' | 'signal'>): Promise<ProcessLock>;
}

export interface PgliteSession extends TargetSession {
  readonly driver: 'pglite';
  /** The data directory as a gzipped tar, of what is committed now. Not inside a transaction. */
  dumpDataDirectory(): Promise<Uint8Array>;
}

/** For new directories: a hundredth of the default memory, and room for the locks of long migrations. */
const configuration = ['shared_buffers=16MB', 'max_connections=5', 'max_locks_per_transaction=2000'];

export function pgliteTarget(options: PgliteTargetOptions): PgliteTarget {
  const { path, assets, clock } = options;
  const description = options.description ?? `PGlite ${path}`;
  const place = options.place ?? path;

  const lockDirectory: PgliteTarget['lockDirectory'] = async ({ waitMs = options.busyWaitMs ?? 3000, onWait, signal } = {}) => {
    const lock = await takeProcessLock(`${path}.lock`, { what: `The database folder ${path}`, waitMs, clock, onWait, signal });
    try {
      await finishRestore(path);
      return lock;
    } catch (error) {
      await lock.release();
      throw error;
    }
  };

  return {
    name: options.name,
    driver: 'pglite',
    description,
    protected: options.protected,
    path,
    place,
    assets,
    clock,
    lockDirectory,
    redact: (text) => text,
    cancelOnAbort: () => Promise.resolve(() => undefined),
    watchWaits: () => () => Promise.resolve(),
    async open({ signal, peek, waitMs, onWait } = {}) {
      throwIfCancelled(signal, description);
      if (peek && !(await leavesTraces(path))) return openNothing(path, place, assets);
      const lock = await lockDirectory({ waitMs, onWait, signal });
      try {
        if (!(await inspectDataDirectory(path))) await createDirectory(path, assets, options.durable ?? true);
        const before = Date.now();
        const { database, files } = await openWithExtensions(path, assets, options.extensions ?? []);
        const durability = new Durability(path, lock.takenOver ? 0 : before, options.durable ?? true);
        return new EmbeddedSession(database, files, lock, durability, place, await serverVersionOf(database));
      } catch (error) {
        await lock.release();
        throw error;
      }
    },
  };
}

/** True when the folder exists, or something beside it tells that it is being made, restored or used. */
async function leavesTraces(path: string): Promise<boolean> {
  const names = await readdir(dirname(path)).catch(() => []);
  return names.some((name) => name === basename(path) || name.startsWith(`${basename(path)}.`));
}

/** An empty database in memory, in place of a folder that nobody has made yet. */
async function openNothing(path: string, place: string, assets: string): Promise<EmbeddedSession> {
  const database = await openEmbedded({ assets, data: new MemoryFiles(await readTemplate(assets)), configuration });
  const lock: ProcessLock = { takenOver: false, isHeld: () => Promise.resolve(true), release: () => Promise.resolve() };
  return new EmbeddedSession(database, undefined, lock, new Durability(path, 0, false), place, await serverVersionOf(database));
}

async function serverVersionOf(database: PGlite): Promise<string> {
  const { rows } = await database.query<{ server_version: string }>('SHOW server_version');
  return rows[0]?.server_version.split(' ')[0] ?? '';
}

function throwIfCancelled(signal: AbortSignal | undefined, description: string): void {
  if (!signal?.aborted) return;
  throw new ProblemError({
    code: 'cancelled',
    message: `Opening ${description} was cancelled.`,
    remedy: 'Run it again when you are ready.',
  });
}

/** Makes the database beside its place and moves it there when it is whole, so that a crash leaves nothing half-made behind. */
async function createDirectory(path: string, assets: string, durable: boolean): Promise<void> {
  const making = `${path}.creating`;
  try {
    await rm(making, { recursive: true, force: true });
    await writeTemplate(assets, making);
    await appendFile(join(making, 'postgresql.conf'), `\n${configuration.join('\n')}\n`);
    if (durable) await syncTree(making);
    if (existsSync(path)) await rmdir(path);
    await rename(making, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(making, { recursive: true, force: true }).catch(() => undefined);
    if (isOfStorage(error)) throw notStored(path, `A new database could not be created at ${path}`, error);
    throw new ProblemError({
      code: 'file-unwritable',
      message: `A new database could not be created at ${path}.`,
      remedy: 'Check that you are allowed to write to the folder.',
      file: path,
      cause: (error as Error).message,
    });
  }
}

interface OpenedDirectory {
  readonly database: PGlite;
  readonly files: DiskFiles;
}

async function openWithExtensions(path: string, assets: string, configured: readonly string[]): Promise<OpenedDirectory> {
  const opened = await openExisting(path, assets, configured);
  const { database } = opened;
  const present = await database.query<{ extname: string }>("SELECT extname FROM pg_catalog.pg_extension WHERE extname <> 'plpgsql'");
  const missing = present.rows.map((row) => row.extname).filter((name) => !configured.includes(name));
  if (missing.length === 0) return opened;
  await database.close();
  return openExisting(path, assets, [...configured, ...missing]);
}

async function openExisting(path: string, assets: string, extensions: readonly string[]): Promise<OpenedDirectory> {
  const files = new DiskFiles(path);
  try {
    return { database: await openEmbedded({ assets, data: files, extensions }), files };
  } catch (error) {
    if (files.failure) throw notStored(path, `The database in ${path} cannot be opened`, files.failure);
    throw damaged(path, `The database in ${path} cannot be opened.`, (error as Error).message);
  }
}

class EmbeddedSession implements PgliteSession {
  readonly driver = 'pglite';
  readonly journal = journalStatements;
  #locked = false;
  #closed = false;
  /** Why the server does not answer any more. */
  #ended: ProblemError | undefined;

  constructor(
    readonly database: PGlite,
    /** Undefined for data in memory. */
    readonly files: DiskFiles | undefined,
    readonly processLock: ProcessLock,
    readonly durability: Durability,
    private readonly location: string,
    readonly serverVersion: string,
  ) {
    useExactValues(database);
  }

  get path(): string {
    return this.durability.path;
  }

  place(): Promise<string> {
    return Promise.resolve(this.location);
  }

  get inTransaction(): boolean {
    return !this.#closed && !this.#ended && this.database.isInTransaction();
  }

  async query<R extends Row = Row>(sql: string, parameters: readonly unknown[] = []): Promise<R[]> {
    const results = await this.#run(sql, () => this.database.query<R>(sql, parameters.map(asText)));
    return results.rows;
  }

  async execute(sql: string): Promise<number> {
    const results = await this.#run(sql, () => this.database.exec(sql));
    return affectedByLast(results);
  }

  transaction<T>(work: () => Promise<T>): Promise<T> {
    return runTransaction(
      {
        inTransaction: () => this.inTransaction,
        command: async (sql) => (await this.#run(sql, () => this.database.exec(sql)))[0]?.command ?? '',
      },
      work,
    );
  }

  /** The process lock already keeps every other process out; this keeps a second run of the same session out. */
  async lock(options: LockOptions): Promise<{ release(): Promise<void> }> {
    if (!(await this.processLock.isHeld())) throw lost(this.path);
    if (this.#locked) {
      throw new ProblemError({
        code: 'lock-held',
        message: `This process already holds the run lock on ${this.path}; ${options.holder} cannot take it.`,
        remedy: 'Wait until the other run has finished.',
      });
    }
    this.#locked = true;
    return {
      release: async () => {
        this.#locked = false;
        if (!(await this.processLock.isHeld())) throw lost(this.path);
      },
    };
  }

  lockHolder(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  async dumpDataDirectory(): Promise<Uint8Array> {
    if (this.inTransaction) throw new Error('A transaction is open.');
    await this.execute('CHECKPOINT');
    const tar = await this.database.dumpDataDir('gzip');
    return new Uint8Array(await tar.arrayBuffer());
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    try {
      if (this.inTransaction) await this.database.exec('ROLLBACK').catch(() => undefined);
      if (this.#ended) return;
      await this.database.close().catch((error: unknown) => {
        // What is committed is in the log; the next opening does what the server could not do.
        if (!this.files?.failure) throw error;
      });
      await this.durability.flush();
    } finally {
      this.#closed = true;
      await this.processLock.release();
    }
  }

  async #run<T>(sql: string, work: () => Promise<T>): Promise<T> {
    if (this.#closed) throw new Error('The session is closed.');
    if (this.#ended) throw this.#ended;
    try {
      return await work();
    } catch (error) {
      if (isServerError(error)) throw databaseFailure(error, sql);
      this.#ended = this.files?.failure
        ? notStored(this.path, `The embedded database in ${this.path} stopped in the middle of a statement`, this.files.failure)
        : damaged(this.path, `The embedded database in ${this.path} crashed while running a statement.`, (error as Error).message);
      throw this.#ended;
    } finally {
      if (!this.inTransaction) await this.durability.flush();
    }
  }
}

function lost(path: string): ProblemError {
  return new ProblemError({
    code: 'lock-lost',
    message: `The lock file ${path}.lock was removed or taken by another process while the database was open here.`,
    remedy: 'Make sure that no other process uses the folder, and run again.',
  });
}

function isServerError(error: unknown): error is ServerError & Error {
  return error instanceof Error && typeof (error as { code?: unknown }).code === 'string' && 'severity' in error;
}

function asText(value: unknown): string | null {
  const encoded = encodeParameter(value);
  return encoded instanceof Uint8Array ? bytesAsText(encoded) : encoded;
}

/** PGlite counts over all statements of a message; only changes of rows count here. */
function affectedByLast(results: readonly Results[]): number {
  const last = results.at(-1);
  if (!last || !/^(INSERT|UPDATE|DELETE|MERGE|COPY)/.test(last.command ?? '')) return 0;
  return (last.affectedRows ?? 0) - (results.at(-2)?.affectedRows ?? 0);
}

/** Replaces PGlite's conversions by ours, for every type. */
function useExactValues(database: PGlite): void {
  const parsers = new Proxy({}, { get: (_, type) => (text: string) => decodeValue(text, Number(type)) });
  const serializers = new Proxy({}, { get: () => (text: string) => text });
  Object.assign(database, { parsers, serializers });
}
