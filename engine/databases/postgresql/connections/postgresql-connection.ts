import pg from 'pg';
import type { Clock } from '../../../core/host';
import { ProblemError, type Problem } from '../../../core/problem';
import { applicationName, type Address } from './postgresql-address';
import { decodeValue } from './values';

export interface ConnectionOptions {
  readonly address: Address;
  readonly database: string;
  readonly description: string;
  readonly clock: Clock;
  readonly connectTimeoutMs: number;
  readonly signal?: AbortSignal;
  redact(text: string): string;
}

/** Connects and logs in. @throws ProblemError `target-unreachable`, `target-refused-login`, `cancelled` */
export async function connect(options: ConnectionOptions): Promise<pg.Client> {
  const { address, database, description, signal } = options;
  for (const [index, connectionString] of address.connectionStrings(database).entries()) {
    try {
      return await connectTo(connectionString, options);
    } catch (error) {
      if (signal?.aborted) {
        throw new ProblemError({
          code: 'cancelled',
          message: `Connecting to ${description} was cancelled.`,
          remedy: 'Run it again when you are ready.',
        });
      }
      const isLast = index + 1 === address.connectionStrings(database).length;
      if (isLast || !isAboutTls(error as ConnectError)) throw new ProblemError(connectProblem(error as ConnectError, options));
    }
  }
  throw new Error('an address has at least one connection string');
}

async function connectTo(connectionString: string, { connectTimeoutMs, signal }: ConnectionOptions): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString,
    application_name: applicationName,
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    types: { getTypeParser: (type: number) => (text: string) => decodeValue(text, type) } as pg.CustomTypesConfig,
  });
  // A connection that breaks while it is idle is told by the next query.
  client.on('error', () => undefined);
  const abort = () => void client.end().catch(() => undefined);
  signal?.addEventListener('abort', abort, { once: true });
  try {
    signal?.throwIfAborted();
    await client.connect();
    signal?.throwIfAborted();
    return client;
  } catch (error) {
    void client.end().catch(() => undefined);
    throw error;
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}

type ConnectError = Error & { readonly code?: string; readonly syscall?: string };

/** True when the same server may take a connection with TLS in place of one without, or the other way round. */
function isAboutTls({ code = '', message }: ConnectError): boolean {
  return code === '28000' || code === 'EPROTO' || /^ERR_(SSL|TLS)/.test(code) || /\b(SSL|TLS)\b/.test(message);
}

/** What keeps a server from being used, as a problem. */
export function connectProblem(error: ConnectError, options: ConnectionOptions): Problem {
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
  if (error.syscall === 'open' || isAboutTls(error) || /CERT|^UNABLE_TO_/.test(sqlstate)) {
    return {
      code: 'target-unreachable',
      message: `${description} cannot be reached with TLS as the sslmode in its url demands.`,
      remedy:
        'Set sslrootcert in the url to the file of the authority that signed the certificate of the server. With sslmode=require nothing is verified, with sslmode=prefer TLS is not needed.',
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

/** The server ends the connection with these: shutdown, crash of another backend, termination, idle timeouts. */
export function isEndOfConnection(error: pg.DatabaseError): boolean {
  return error.severity === 'FATAL' || error.severity === 'PANIC' || /^(57P0[1-5]|08)/.test(error.code ?? '');
}

/** Makes a dead client's session, and so its lock, end within a minute. Old servers and some systems lack these settings. */
export async function setUp(client: pg.Client): Promise<void> {
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
export async function refusePooler(client: pg.Client, options: ConnectionOptions): Promise<void> {
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
    remedy: "Use the server's own address in the url of the target (usually port 5432).",
  });
}

/** The server process that works for a connection. */
export async function backendProcess(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_catalog.pg_backend_pid() AS pid');
  return rows[0]?.pid ?? 0;
}
