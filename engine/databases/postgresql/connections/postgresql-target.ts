import type { EventEmitter } from 'node:events';
import pg from 'pg';
import type { Clock } from '../../../core/host';
import { ProblemError } from '../../../core/problem';
import { databaseFailure } from './database-failure';
import { journalStatements } from './journal-statements';
import { watchLockWaits } from './lock-waits';
import { parseAddress } from './postgresql-address';
import {
  backendProcess,
  connect,
  connectProblem,
  isEndOfConnection,
  refusePooler,
  setUp,
  type ConnectionOptions,
} from './postgresql-connection';
import { RunLock } from './run-lock';
import { DatabaseFailure, type LockHolder, type LockOptions, type Row, type Target, type TargetSession } from '../../target';
import { runTransaction } from './transaction';
import { encodeParameter } from './values';

interface PostgresqlTargetOptions {
  readonly name: string;
  /** `postgresql://user:password@host:port/database?...`, with the environment already expanded. */
  readonly url: string;
  /** The sslmode of an address that has none; default `prefer`. */
  readonly sslmode?: string;
  readonly protected: boolean;
  readonly clock: Clock;
  /** Default 10,000. */
  readonly connectTimeoutMs?: number;
}

/** A database on a PostgreSQL server. */
export interface PostgresqlTarget extends Target {
  readonly driver: 'postgresql';
  /** The database's name. */
  readonly database: string;
  readonly clock: Clock;
  open(options?: { signal?: AbortSignal }): Promise<PostgresqlSession>;
  /** Opens a session in another database of the same server, with the same login. @throws as `open` */
  openDatabase(database: string): Promise<PostgresqlSession>;
  /** The login as libpq's environment variables, for a child process. Holds the password: never print it. */
  libpqEnvironment(database?: string): Record<string, string>;
}

export interface PostgresqlSession extends TargetSession {
  readonly driver: 'postgresql';
  /** The server process that works for the session. */
  readonly process: number;
  /**
   * Disconnects, does `work`, connects again and takes the lock again when it was held: for what the server does only
   * while nobody is connected to the database. Not inside a transaction.
   * @throws ProblemError `lock-lost` when another run took the lock meanwhile
   */
  disconnectedWhile<T>(work: () => Promise<T>): Promise<T>;
}

/** @throws ProblemError `manifest-invalid` when the address is not one */
export function postgresqlTarget(options: PostgresqlTargetOptions): PostgresqlTarget {
  const address = parseAddress(options.name, options.url, options.sslmode);
  const description = `PostgreSQL ${address.place}/${address.database}`;
  const redact = (text: string) => address.secrets.reduce((result, secret) => result.split(secret).join('***'), text);
  const open = (database: string, signal?: AbortSignal) =>
    ServerSession.open({
      address,
      database,
      redact,
      description: `PostgreSQL ${address.place}/${database}`,
      clock: options.clock,
      connectTimeoutMs: options.connectTimeoutMs ?? 10_000,
      signal,
    });
  return {
    name: options.name,
    driver: 'postgresql',
    description,
    protected: options.protected,
    database: address.database,
    clock: options.clock,
    open: ({ signal } = {}) => open(address.database, signal),
    openDatabase: (database) => open(database),
    libpqEnvironment: (database) => address.libpqEnvironment(database ?? address.database),
    redact,
    watchWaits(session, report) {
      const { process } = session as PostgresqlSession;
      return watchLockWaits({ process, clock: options.clock, open: (signal) => open(address.database, signal) }, report);
    },
    cancelOnAbort(session, signal) {
      if (!signal) return Promise.resolve(() => undefined);
      const cancel = async (): Promise<void> => {
        const other = await open(address.database);
        await other.query('select pg_cancel_backend($1)', [(session as PostgresqlSession).process]).finally(() => other.close());
      };
      // When the server cannot be reached a second time, the run stops after its statement.
      const listener = (): void => void cancel().catch(() => undefined);
      signal.addEventListener('abort', listener, { once: true });
      return Promise.resolve(() => signal.removeEventListener('abort', listener));
    },
  };
}

class ServerSession implements PostgresqlSession {
  readonly driver = 'postgresql';
  readonly journal = journalStatements;
  #client: pg.Client;
  #process: number;
  readonly #lock: RunLock;
  #broken: ProblemError | undefined;

  static async open(options: ConnectionOptions): Promise<ServerSession> {
    const client = await connect(options);
    try {
      await refusePooler(client, options);
      const { rows } = await client.query<{ version: string }>("SELECT current_setting('server_version') AS version");
      await setUp(client);
      return new ServerSession(client, await backendProcess(client), options, rows[0]?.version.split(' ')[0] ?? '');
    } catch (error) {
      void client.end().catch(() => undefined);
      if (error instanceof ProblemError) throw error;
      throw new ProblemError(connectProblem(error as Error, options));
    }
  }

  private constructor(
    client: pg.Client,
    process: number,
    readonly options: ConnectionOptions,
    readonly serverVersion: string,
  ) {
    this.#client = client;
    this.#process = process;
    this.#lock = new RunLock(this, options.description, options.clock);
  }

  get process(): number {
    return this.#process;
  }

  get inTransaction(): boolean {
    const status = this.#broken ? null : this.#client.getTransactionStatus();
    return status === 'T' || status === 'E';
  }

  async place(): Promise<string | undefined> {
    try {
      const [row] = await this.query(`select system_identifier, oid
        from pg_catalog.pg_control_system(), pg_catalog.pg_database where datname = pg_catalog.current_database()`);
      return `server ${String(row?.system_identifier)}, database ${String(row?.oid)}`;
    } catch (error) {
      // The function may be revoked, and servers that speak like PostgreSQL lack it.
      if (error instanceof DatabaseFailure) return undefined;
      throw error;
    }
  }

  async query<R extends Row = Row>(sql: string, parameters: readonly unknown[] = []): Promise<R[]> {
    const values = parameters.map((value) => {
      const encoded = encodeParameter(value);
      return encoded instanceof Uint8Array ? Buffer.from(encoded) : encoded;
    });
    // Without parameters the server would accept several statements; naming an empty list does not change that, so ask for the extended protocol.
    const result = await this.#run(sql, () => this.#client.query<R>({ text: sql, values, queryMode: 'extended' } as pg.QueryConfig));
    return result.rows;
  }

  async execute(sql: string): Promise<number> {
    let completed = 0;
    const count = () => completed++;
    const { connection } = this.#client as pg.Client & { connection: EventEmitter };
    connection.on('commandComplete', count);
    const sent = () => this.#client.query(sql).catch((error: Error) => Promise.reject(Object.assign(error, { completed })));
    const result = await this.#run(sql, sent).finally(() => connection.off('commandComplete', count));
    const last = Array.isArray(result) ? (result as pg.QueryResult[]).at(-1) : result;
    return last && /^(INSERT|UPDATE|DELETE|MERGE|COPY)/.test(last.command ?? '') ? (last.rowCount ?? 0) : 0;
  }

  transaction<T>(work: () => Promise<T>): Promise<T> {
    return runTransaction(
      {
        inTransaction: () => this.inTransaction,
        command: async (sql) => (await this.#run(sql, () => this.#client.query(sql))).command,
      },
      work,
    );
  }

  lock(options: LockOptions): Promise<{ release(): Promise<void> }> {
    return this.#lock.take(options);
  }

  lockHolder(): Promise<LockHolder | undefined> {
    return this.#lock.holder();
  }

  async disconnectedWhile<T>(work: () => Promise<T>): Promise<T> {
    if (this.inTransaction) throw new Error('A transaction is open.');
    await this.#client.end();
    try {
      return await work();
    } finally {
      this.#client = await connect(this.options);
      await setUp(this.#client);
      this.#process = await backendProcess(this.#client);
      await this.#lock.takeAgain();
    }
  }

  async close(): Promise<void> {
    await this.#client.end().catch(() => undefined);
  }

  async #run<T>(sql: string, work: () => Promise<T>): Promise<T> {
    if (this.#broken) throw this.#broken;
    try {
      return await work();
    } catch (error) {
      if (error instanceof pg.DatabaseError && !isEndOfConnection(error)) throw databaseFailure(error, sql);
      if (error instanceof TypeError || error instanceof RangeError) throw error;
      this.#broken = this.#lost(sql, error as Error);
      throw this.#broken;
    }
  }

  #lost(sql: string, error: Error): ProblemError {
    const committing = /^\s*COMMIT\b/i.test(sql);
    return new ProblemError({
      code: 'target-unreachable',
      message:
        `The connection to ${this.options.description} was lost` +
        (committing
          ? ' during a commit; whether the commit took effect is unknown.'
          : '. An open transaction was rolled back by the server.'),
      remedy: "Check the server's log, then run the same command again; it resumes from the target's journal.",
      cause: this.options.redact(error.message),
    });
  }
}
