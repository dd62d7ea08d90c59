import pg from 'pg';
import type { Clock } from '../../../core/host';
import { ProblemError, type Problem } from '../../../core/problem';
import { databaseFailure } from './database-failure';
import type { Row, Target, TargetSession } from '../../target';
import { runTransaction } from './transaction';
import { decodeValue, encodeParameter } from './values';

export interface PostgresqlTargetOptions {
  readonly name: string;
  /** `postgresql://user:password@host:port/database?...`, with the environment already expanded. */
  readonly url: string;
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
  /** The text with every form of the password replaced. */
  redact(text: string): string;
}

export interface PostgresqlSession extends TargetSession {
  readonly driver: 'postgresql';
  /**
   * Disconnects, does `work`, connects again and takes the lock again when it was held: for what the server does only
   * while nobody is connected to the database. Not inside a transaction.
   * @throws ProblemError `lock-lost` when another run took the lock meanwhile
   */
  disconnectedWhile<T>(work: () => Promise<T>): Promise<T>;
}

/** The bytes of `mem8_upg`: the key of the advisory lock that every run on a database holds. */
export const lockKey = '7882826811669049447';
const lockFilter =
  "l.locktype = 'advisory' AND l.objsubid = 1 AND l.granted AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())" +
  ` AND (l.classid::bigint << 32 | l.objid::bigint) = ${lockKey}`;
const applicationName = 'mem8-upgrade';
const lockPollMs = 200;

/** @throws ProblemError `manifest-invalid` when the address is not one */
export function postgresqlTarget(options: PostgresqlTargetOptions): PostgresqlTarget {
  const address = parseAddress(options.name, options.url);
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
      ...(signal ? { signal } : {}),
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
  };
}

interface Address {
  readonly place: string;
  readonly database: string;
  readonly secrets: readonly string[];
  connectionString(database: string): string;
  libpqEnvironment(database: string): Record<string, string>;
}

function parseAddress(name: string, text: string): Address {
  let url: URL;
  try {
    url = new URL(text);
    if (!/^postgres(ql)?:$/.test(url.protocol)) throw new Error(url.protocol);
    decodeURIComponent(url.password + url.username + url.pathname);
  } catch {
    throw new ProblemError({
      code: 'manifest-invalid',
      message: `The url of target ${name} does not have the form postgresql://user:password@host:port/database.`,
      remedy: 'Correct the address. In a password, write "@", "/", "#" and "%" as "%40", "%2F", "%23" and "%25".',
    });
  }
  url.searchParams.delete('application_name');
  // The server knows no parameter of this name at the start of a connection but in its options, as Go's drivers send it.
  const searchPath = url.searchParams.get('search_path');
  if (searchPath !== null) {
    url.searchParams.delete('search_path');
    const options = [url.searchParams.get('options') ?? '', `-c search_path=${searchPath.replace(/[\\\s]/g, '\\$&')}`];
    url.searchParams.set('options', options.join(' ').trim());
  }
  const password = url.searchParams.get('password') ?? decodeURIComponent(url.password);
  const user = url.searchParams.get('user') ?? decodeURIComponent(url.username);
  const host = url.searchParams.get('host') ?? (url.hostname.replace(/^\[|\]$/g, '') || 'localhost');
  const port = url.searchParams.get('port') ?? (url.port || '5432');
  const database = decodeURIComponent(url.pathname.slice(1)) || user || 'postgres';
  return {
    place: `${host}:${port}`,
    database,
    secrets: [...new Set([password, url.password, encodeURIComponent(password)])].filter((secret) => secret !== ''),
    connectionString(other) {
      const copy = new URL(url);
      copy.pathname = `/${encodeURIComponent(other)}`;
      return copy.href;
    },
    libpqEnvironment(other) {
      const environment: Record<string, string> = { PGHOST: host, PGPORT: port, PGDATABASE: other, PGAPPNAME: applicationName };
      if (user) environment.PGUSER = user;
      if (password) environment.PGPASSWORD = password;
      for (const [parameter, variable] of Object.entries(libpqVariables)) {
        const value = url.searchParams.get(parameter);
        if (value) environment[variable] = value;
      }
      return environment;
    },
  };
}

const libpqVariables = { sslmode: 'PGSSLMODE', sslrootcert: 'PGSSLROOTCERT', sslcert: 'PGSSLCERT', sslkey: 'PGSSLKEY' };

interface ConnectionOptions {
  readonly address: Address;
  readonly database: string;
  readonly description: string;
  readonly clock: Clock;
  readonly connectTimeoutMs: number;
  readonly signal?: AbortSignal;
  redact(text: string): string;
}

async function connect(options: ConnectionOptions): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: options.address.connectionString(options.database),
    application_name: applicationName,
    connectionTimeoutMillis: options.connectTimeoutMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    types: { getTypeParser: (type: number) => (text: string) => decodeValue(text, type) } as pg.CustomTypesConfig,
  });
  // A connection that breaks while it is idle is told by the next query.
  client.on('error', () => undefined);
  const { signal } = options;
  const abort = () => void client.end().catch(() => undefined);
  signal?.addEventListener('abort', abort, { once: true });
  try {
    signal?.throwIfAborted();
    await client.connect();
    signal?.throwIfAborted();
    return client;
  } catch (error) {
    void client.end().catch(() => undefined);
    if (signal?.aborted) {
      throw new ProblemError({
        code: 'cancelled',
        message: `Connecting to ${options.description} was cancelled.`,
        remedy: 'Run it again when you are ready.',
      });
    }
    throw new ProblemError(connectProblem(error as Error & { code?: string }, options));
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}

function connectProblem(error: Error & { code?: string }, options: ConnectionOptions): Problem {
  const { description } = options;
  const cause = options.redact([error.code, error.message].filter(Boolean).join(': '));
  const sqlstate = error.code ?? '';
  if (sqlstate.startsWith('28') || /password must be a string|no password/i.test(error.message)) {
    return {
      code: 'target-refused-login',
      message: `${description} refused the login.`,
      remedy: "Check the user and the password in the target's url, and the server's pg_hba.conf.",
      cause,
    };
  }
  if (sqlstate === '3D000') {
    return {
      code: 'target-unreachable',
      message: `The server responds, but it has no database ${options.database}.`,
      remedy: `Create it (CREATE DATABASE "${options.database}") or correct the name in the target's url.`,
      cause,
    };
  }
  const remedies: Record<string, string> = {
    ECONNREFUSED: 'Start the server, or correct the host and the port in the url.',
    ENOTFOUND: 'Correct the host name in the url, or check name resolution.',
    '53300': 'Wait for a free connection on the server, or raise its max_connections.',
    '57P03': 'Wait until the server has finished starting, and try again.',
  };
  return {
    code: 'target-unreachable',
    message: `${description} does not respond as a PostgreSQL server.`,
    remedy: remedies[sqlstate] ?? 'Check the address, the network and the TLS settings in the url, and try again.',
    cause: cause || 'no response',
  };
}

class ServerSession implements PostgresqlSession {
  readonly driver = 'postgresql';
  #client: pg.Client;
  #lock: { holder: string } | undefined;
  #broken: ProblemError | undefined;

  static async open(options: ConnectionOptions): Promise<ServerSession> {
    const client = await connect(options);
    try {
      await refusePooler(client, options);
      const { rows } = await client.query<{ version: string }>("SELECT current_setting('server_version') AS version");
      await setUp(client);
      return new ServerSession(client, options, rows[0]?.version.split(' ')[0] ?? '');
    } catch (error) {
      void client.end().catch(() => undefined);
      if (error instanceof ProblemError) throw error;
      throw new ProblemError(connectProblem(error as Error, options));
    }
  }

  private constructor(
    client: pg.Client,
    readonly options: ConnectionOptions,
    readonly serverVersion: string,
  ) {
    this.#client = client;
  }

  get inTransaction(): boolean {
    const status = this.#broken ? null : this.#client.getTransactionStatus();
    return status === 'T' || status === 'E';
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
    const result = await this.#run(sql, () => this.#client.query(sql));
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

  async lock(options: { waitMs: number; holder: string; signal?: AbortSignal }): Promise<{ release(): Promise<void> }> {
    const { clock } = this.options;
    const deadline = clock.now().getTime() + options.waitMs;
    if (this.#lock) throw this.#held(`this process (${this.#lock.holder})`);
    while (!(await this.#tryLock())) {
      if (clock.now().getTime() >= deadline) throw this.#held(await this.#holder());
      try {
        await clock.sleep(lockPollMs, options.signal);
      } catch {
        throw new ProblemError({
          code: 'cancelled',
          message: `Waiting for the lock on ${this.options.description} was cancelled.`,
          remedy: 'Run it again when you are ready.',
        });
      }
    }
    this.#lock = { holder: options.holder };
    await this.#nameConnection(`${applicationName}: ${options.holder}`);
    return { release: () => this.#release() };
  }

  async disconnectedWhile<T>(work: () => Promise<T>): Promise<T> {
    if (this.inTransaction) throw new Error('A transaction is open.');
    await this.#client.end();
    try {
      return await work();
    } finally {
      this.#client = await connect(this.options);
      await setUp(this.#client);
      await this.#lockAgain();
    }
  }

  async close(): Promise<void> {
    await this.#client.end().catch(() => undefined);
  }

  async #lockAgain(): Promise<void> {
    if (!this.#lock) return;
    if (await this.#tryLock()) return this.#nameConnection(`${applicationName}: ${this.#lock.holder}`);
    this.#lock = undefined;
    throw new ProblemError({
      code: 'lock-lost',
      message: `Another run took the lock on ${this.options.description} while this run was disconnected: ${await this.#holder()}.`,
      remedy: 'Wait until the other run has finished, then start again.',
    });
  }

  async #tryLock(): Promise<boolean> {
    const [row] = await this.query<{ taken: boolean }>(`SELECT pg_catalog.pg_try_advisory_lock(${lockKey}) AS taken`);
    return row?.taken === true;
  }

  async #release(): Promise<void> {
    this.#lock = undefined;
    const [row] = await this.query<{ released: boolean }>(`SELECT pg_catalog.pg_advisory_unlock(${lockKey}) AS released`);
    await this.#nameConnection(applicationName);
    if (row?.released) return;
    throw new ProblemError({
      code: 'lock-lost',
      message: `The lock on ${this.options.description} was lost before this run released it.`,
      remedy: "Make sure that no script calls pg_advisory_unlock_all or DISCARD ALL, and check the target's status.",
    });
  }

  #held(holder: string): ProblemError {
    return new ProblemError({
      code: 'lock-held',
      message: `Another run holds the lock on ${this.options.description}: ${holder}.`,
      remedy: 'Wait until it has finished. If it hangs, terminate its connection with pg_terminate_backend and start again.',
    });
  }

  async #holder(): Promise<string> {
    const [row] = await this.query<{ pid: number; name: string | null; address: string | null; login: string | null }>(
      'SELECT l.pid, a.application_name AS name, host(a.client_addr) AS address, a.usename::text AS login' +
        ` FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid WHERE ${lockFilter}`,
    );
    if (!row) return 'a connection that has just closed';
    const from = row.address ? ` from ${row.address}` : '';
    return `${row.name || 'an unnamed program'}, connection ${row.pid} of ${row.login ?? 'an unknown login'}${from}`;
  }

  async #nameConnection(name: string): Promise<void> {
    await this.query("SELECT pg_catalog.set_config('application_name', $1, false)", [name.slice(0, 63)]);
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

/** The server ends the connection with these: shutdown, crash of another backend, termination, idle timeouts. */
function isEndOfConnection(error: pg.DatabaseError): boolean {
  return error.severity === 'FATAL' || error.severity === 'PANIC' || /^(57P0[1-5]|08)/.test(error.code ?? '');
}

/** Makes a dead client's session, and so its lock, end within a minute. Old servers and some systems lack these settings. */
async function setUp(client: pg.Client): Promise<void> {
  const settings = {
    client_connection_check_interval: '500ms',
    tcp_keepalives_idle: '30',
    tcp_keepalives_interval: '10',
    tcp_keepalives_count: '3',
  };
  for (const [name, value] of Object.entries(settings)) {
    await client.query('SELECT pg_catalog.set_config($1, $2, false)', [name, value]).catch((error: unknown) => {
      if (!(error instanceof pg.DatabaseError) || isEndOfConnection(error)) throw error;
    });
  }
}

/**
 * A pooler in transaction mode gives each transaction another server connection, so neither the lock nor a session setting
 * holds. A pooler shows by another process id than the one told at login; its mode by whether a second client gets the same
 * server connection while the first is idle.
 */
async function refusePooler(client: pg.Client, options: ConnectionOptions): Promise<void> {
  const told = (client as pg.Client & { processID?: number | null }).processID;
  const process = await backendProcess(client);
  if (told === process) return;
  const second = await connect(options);
  try {
    await second.query('BEGIN');
    const other = await backendProcess(second);
    const moved = (await backendProcess(client)) !== process;
    if (other !== process && !moved) return;
  } finally {
    void second.end().catch(() => undefined);
  }
  throw new ProblemError({
    code: 'target-unreachable',
    message: `${options.description} is a connection pooler in transaction mode, through which a run cannot hold its lock.`,
    remedy: "For upgrades, use the server's own address (usually port 5432) or a pool in session mode.",
  });
}

async function backendProcess(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_catalog.pg_backend_pid() AS pid');
  return rows[0]?.pid ?? 0;
}
