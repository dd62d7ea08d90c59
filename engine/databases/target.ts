import type { Clock } from '../core/host';
import type { JournalStatements } from './journal-statements';
import type { DatabaseError } from './observation';

/** A database that holds one copy of the system's state, as the engine works with it. Drivers implement this and nothing more. */
export interface Target {
  /** Its name in the manifest. */
  readonly name: string;
  readonly driver: 'pglite' | 'postgresql';
  /** Without secrets, for people and logs. */
  readonly description: string;
  readonly protected: boolean;
  /**
   * Opens a session. With `peek` nothing is made: a database folder that does not exist yet is seen as an empty database.
   * @throws ProblemError `target-unreachable`, `target-refused-login`, `target-busy`, `target-damaged`, `environment-variable-missing`
   */
  open(options?: OpenOptions): Promise<TargetSession>;
  /** The text with every secret of the address replaced. */
  redact(text: string): string;
  /**
   * Asks the server to stop the statement that is at work on the session when the signal is aborted. Where nobody can be asked, as an
   * embedded database in this process, a run stops after its statement.
   * @returns a function that ends the watch
   */
  cancelOnAbort(session: TargetSession, signal: AbortSignal | undefined): Promise<() => void>;
  /**
   * Looks every second, from a connection of its own, at what the statement that is at work on the session waits for. Never reports where
   * no other program can hold a lock, as in an embedded database.
   * @param report gets undefined once the statement waits no longer
   * @returns a function that ends the watch and closes its connection
   */
  watchWaits(session: TargetSession, report: (wait: LockWait | undefined) => void): () => Promise<void>;
}

/** What a statement waits for. */
export interface LockWait {
  /** `the AccessExclusive lock on orders, blocked by process 4242 (application psql, user app, query started 2026-11-30T22:04:05Z)` */
  readonly what: string;
  /** How a person ends the wait, as a sentence. */
  readonly remedy: string;
}

/** A target as a manifest describes it. */
export type TargetConfiguration =
  | { readonly driver: 'pglite'; readonly path: string; readonly protected: boolean }
  | { readonly driver: 'postgresql'; readonly url: string; readonly protected: boolean };

/** What a target needs of the program that uses it. */
export interface TargetHost {
  /** Absolute path of the folder that holds the manifest: paths are relative to it. */
  readonly manifestFolder: string;
  /** The asset folder of the embedded database. */
  readonly assets: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** Extensions that the migrations create; an embedded database must know them before it is opened. */
  readonly extensions?: readonly string[];
}

export interface OpenOptions {
  readonly signal?: AbortSignal;
  /** For looking only. */
  readonly peek?: boolean;
  /** How long to wait for a program that has the target for itself, milliseconds; default: a few seconds. */
  readonly waitMs?: number;
  /** Called now and then while that is waited for, with who has it and the milliseconds so far. */
  readonly onWait?: ReportWait;
}

type ReportWait = (holder: string, ms: number) => void;

export interface LockOptions {
  /** How long to wait for another run to end, milliseconds. */
  readonly waitMs: number;
  /** Who takes it, for others to read. */
  readonly holder: string;
  readonly signal?: AbortSignal;
  /** Called about once a second while another run holds it, with who that is and the milliseconds so far. */
  readonly onWait?: ReportWait;
}

export interface LockHolder {
  /** For people: the program with its machine and process, and its connection. */
  readonly text: string;
  /** True when the lock was taken for this `LockOptions.holder`. */
  isOf(holder: string): boolean;
}

export type Row = Record<string, unknown>;

export interface TargetSession {
  /** e.g. `18.6`. */
  readonly serverVersion: string;
  /** How the product keeps the journal. */
  readonly journal: JournalStatements;
  /**
   * Where the database is, in words that no other database has at the same time, not even a copy of it; undefined where the login may not
   * know. Not inside a transaction.
   */
  place(): Promise<string | undefined>;
  /** True while a transaction is open on the session. */
  readonly inTransaction: boolean;
  /** Runs one statement with parameters `$1`... @throws DatabaseFailure for what the server refuses, ProblemError when the connection is lost */
  query<R extends Row = Row>(sql: string, parameters?: readonly unknown[]): Promise<R[]>;
  /** Runs one or more statements as one message, without parameters; returns the rows affected by the last one. @throws as `query` */
  execute(sql: string): Promise<number>;
  /** BEGIN, work, COMMIT; ROLLBACK when `work` rejects. */
  transaction<T>(work: () => Promise<T>): Promise<T>;
  /**
   * Takes the one lock that every run on this target holds, polling until `waitMs` is over; never waits inside the server.
   * @throws ProblemError `lock-held`, naming the holder where it is known
   */
  lock(options: LockOptions): Promise<{ release(): Promise<void> }>;
  /** Who holds that lock on another session; undefined where none does. */
  lockHolder(): Promise<LockHolder | undefined>;
  close(): Promise<void>;
}

/** What the server answered to a statement that failed. `error.offset` counts UTF-16 units in the SQL that was sent. */
export class DatabaseFailure extends Error {
  /** The SQL that was sent. */
  readonly sql: string | undefined;

  constructor(
    readonly error: DatabaseError,
    options?: { cause?: unknown; sql?: string },
  ) {
    super(`${error.sqlstate}: ${error.message}`, options);
    this.name = 'DatabaseFailure';
    this.sql = options?.sql;
  }

  /** True when the login lacks a right. */
  get isDenied(): boolean {
    return this.error.sqlstate === '42501';
  }

  /** True when a lock was not to be had: not in time, or only by a deadlock. */
  get isOfLocks(): boolean {
    return this.error.sqlstate === '55P03' || this.error.sqlstate === '40P01';
  }
}
