import { quotedIdentifier } from '../sql/quoting';
import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ProblemError, throwIfCancelled } from '../../../core/problem';
import type { BackupRecord, StoredBackup } from '../../backup-record';
import type { BackupStore, BackupStoreOptions, Copied, CopyRequest, LeftCopy, PutBackOptions } from '../../backup-store';
import { DatabaseFailure, type TargetSession } from '../../target';
import type { PostgresqlSession, PostgresqlTarget } from '../connections/postgresql-target';
import { installedExtensions } from './installed-extensions';
import { findDumpTools, runTool, type DumpTools, type ToolRun } from './dump-tools';
import {
  applyProperties,
  connectionsTo,
  databaseExists,
  databaseName,
  dropDatabase,
  dropSubscriptions,
  leftDatabases,
  passingName,
  quoteLiteral,
  readProperties,
  terminateConnections,
} from './server-database';

const dumpName = 'data.dump';

/**
 * Backups of a database on a server: with pg_dump when there is one that knows the server's version (it sees one moment, and
 * others may go on working), else as a copy on the same server, for which nobody else may be connected.
 */
export class ServerStore implements BackupStore {
  constructor(
    readonly target: PostgresqlTarget,
    readonly options: BackupStoreOptions,
  ) {}

  async copy(request: CopyRequest): Promise<Copied> {
    const session = (request.session as PostgresqlSession | undefined) ?? (await this.target.open(request));
    try {
      if (!request.session) await session.lock({ waitMs: 0, holder: 'backup' });
      const tools = await this.#tools(session.serverVersion);
      const common = {
        serverVersion: session.serverVersion,
        extensions: await installedExtensions(session),
        database: await readProperties(session, this.target.database),
      };
      return { ...common, ...(tools ? await this.#dump(tools, session, request) : await this.#copyOnServer(session, request)) };
    } finally {
      if (!request.session) await session.close();
    }
  }

  async inScratch<T>(backup: StoredBackup, work: (session: TargetSession) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const scratch = passingName('scratch', this.target.database, backup.record.id.slice(-6));
    return this.#maintain(async (maintenance) => {
      await this.#removeLeftovers(maintenance);
      try {
        await this.#restoreInto(maintenance, backup, scratch, 'backup-failed', signal);
        return await this.#onDatabase(scratch, work);
      } finally {
        await this.#drop(maintenance, scratch);
      }
    });
  }

  async putBack(backup: StoredBackup, options: PutBackOptions): Promise<string> {
    const { database } = this.target;
    const restoring = passingName('restoring', database, options.stamp);
    return this.#maintain(async (maintenance) => {
      const previous = (await databaseExists(maintenance, database)) ? databaseName('', database, `_before_restore_${options.stamp}`) : '';
      await this.#removeLeftovers(maintenance);
      try {
        await this.#restoreInto(maintenance, backup, restoring, 'restore-failed', options.signal);
        await this.#onDatabase(restoring, options.check);
        if (backup.record.database) await applyProperties(maintenance, restoring, backup.record.database);
        if (previous) await this.#swapLocked(maintenance, restoring, previous, options);
        else await maintenance.execute(`ALTER DATABASE ${quotedIdentifier(restoring)} RENAME TO ${quotedIdentifier(database)}`);
        return previous;
      } catch (error) {
        await this.#drop(maintenance, restoring).catch(() => undefined);
        throw error;
      }
    });
  }

  leftovers(session: TargetSession, announced: readonly string[]): Promise<readonly LeftCopy[]> {
    return leftDatabases(session, this.target.database, announced);
  }

  async discard(content: Pick<BackupRecord, 'kind' | 'content'>): Promise<void> {
    if (content.kind !== 'database' || !content.content.startsWith(copyPrefix)) return;
    await this.#maintain((maintenance) => dropDatabase(maintenance, content.content));
  }

  /** What cannot be removed, because its owner is another login, is listed again. */
  async #removeLeftovers(maintenance: PostgresqlSession): Promise<void> {
    for (const { location } of await this.leftovers(maintenance, [])) await this.#drop(maintenance, location).catch(() => undefined);
  }

  async #drop(maintenance: PostgresqlSession, name: string): Promise<void> {
    if (!(await databaseExists(maintenance, name))) return;
    await this.#onDatabase(name, dropSubscriptions).catch(() => undefined);
    await dropDatabase(maintenance, name);
  }

  async #tools(serverVersion: string): Promise<DumpTools | undefined> {
    if (this.options.dumpProgram === false) return undefined;
    const tools = await findDumpTools(this.options.dumpProgram);
    return tools && tools.major >= parseInt(serverVersion, 10) ? tools : undefined;
  }

  /** The fingerprint and the dump see the same snapshot. */
  async #dump(
    tools: DumpTools,
    session: PostgresqlSession,
    request: CopyRequest,
  ): Promise<Pick<Copied, 'state' | 'kind' | 'content' | 'bytes'>> {
    const path = join(request.folder, dumpName);
    return session.transaction(async () => {
      await session.execute(
        'SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY; SET LOCAL idle_in_transaction_session_timeout = 0',
      );
      const [row] = await session.query<{ snapshot: string }>('SELECT pg_catalog.pg_export_snapshot() AS snapshot');
      const state = await request.capture(session);
      const parameters = ['--format=custom', '--no-password', `--snapshot=${row?.snapshot}`, `--file=${path}`];
      await runTool(tools.dump, parameters, this.#toolRun(this.target.database, 'backup-failed', request.signal));
      const file = await open(path, 'r+');
      await file.sync();
      await file.close();
      return { state, kind: 'dump', content: dumpName, bytes: (await stat(path)).size };
    });
  }

  async #copyOnServer(session: PostgresqlSession, request: CopyRequest): Promise<Pick<Copied, 'state' | 'kind' | 'content' | 'bytes'>> {
    const { database } = this.target;
    const copy = databaseName(copyPrefix, database, `_${request.id.toLowerCase().replace(/[^a-z0-9]/g, '_')}`);
    const state = await request.capture(session);
    throwIfCancelled(request.signal);
    await request.announce(copy);
    return session.disconnectedWhile(() =>
      this.#maintain(async (maintenance) => {
        await this.#unlessConnected(maintenance, 'backup-failed', () =>
          maintenance.execute(`CREATE DATABASE ${quotedIdentifier(copy)} TEMPLATE ${quotedIdentifier(database)}`),
        );
        // Nobody can change it by mistake; it can still be copied from.
        await maintenance.execute(`ALTER DATABASE ${quotedIdentifier(copy)} ALLOW_CONNECTIONS false`);
        const comment = `Backup ${request.id} of database ${database}, made by mem8-upgrade`;
        await maintenance.execute(`COMMENT ON DATABASE ${quotedIdentifier(copy)} IS ${quoteLiteral(comment)}`);
        const [row] = await maintenance.query<{ bytes: number }>('SELECT pg_catalog.pg_database_size($1::name) AS bytes', [copy]);
        return { state, kind: 'database' as const, content: copy, bytes: Number(row?.bytes ?? 0) };
      }),
    );
  }

  async #restoreInto(
    maintenance: PostgresqlSession,
    backup: StoredBackup,
    name: string,
    code: ToolRun['code'],
    signal?: AbortSignal,
  ): Promise<void> {
    throwIfCancelled(signal);
    const { record, folder } = backup;
    if (record.kind === 'database') {
      if (!(await databaseExists(maintenance, record.content))) {
        throw new ProblemError({
          code: 'backup-damaged',
          message: `The database ${record.content}, which holds backup ${record.id}, is no longer on the server.`,
          remedy: 'Use another backup of this target.',
        });
      }
      await maintenance.execute(`CREATE DATABASE ${quotedIdentifier(name)} TEMPLATE ${quotedIdentifier(record.content)}`);
      return;
    }
    const tools = await this.#tools(record.serverVersion);
    if (!tools) {
      throw new ProblemError({
        code: 'restore-failed',
        message: `Backup ${record.id} was made with pg_dump, but no pg_restore of version ${parseInt(record.serverVersion, 10)} or later was found.`,
        remedy: 'Install the PostgreSQL client programs of that version and add them to the PATH.',
      });
    }
    await maintenance.execute(`CREATE DATABASE ${quotedIdentifier(name)} TEMPLATE template0 ${record.database?.locale ?? ''}`);
    // A newer pg_restore may set what an older server does not know; it goes on, and the comparison tells whether it mattered.
    const strict = tools.major === parseInt(record.serverVersion, 10) ? ['--exit-on-error'] : [];
    const run = this.#toolRun(name, code, signal);
    const parameters = [...strict, '--no-password', `--dbname=${name}`, join(folder, record.content)];
    await runTool(tools.restore, parameters, run).catch((error: unknown) => {
      if (strict.length > 0 || !(error instanceof ProblemError) || error.problem.code === 'cancelled') throw error;
    });
  }

  /** Holds the run lock of the target until the moment of the swap, which is one transaction. */
  async #swapLocked(maintenance: PostgresqlSession, restoring: string, previous: string, options: PutBackOptions): Promise<void> {
    const { database } = this.target;
    const session = await this.target.open(options);
    try {
      const lock = await session.lock({ waitMs: 0, holder: 'restore' });
      await session.disconnectedWhile(async () => {
        if (options.terminateOthers) await terminateConnections(maintenance, database);
        await this.#unlessConnected(maintenance, 'restore-failed', () =>
          maintenance.transaction(async () => {
            await maintenance.execute(`ALTER DATABASE ${quotedIdentifier(database)} RENAME TO ${quotedIdentifier(previous)}`);
            await maintenance.execute(`ALTER DATABASE ${quotedIdentifier(restoring)} RENAME TO ${quotedIdentifier(database)}`);
          }),
        );
      });
      await lock.release();
    } finally {
      await session.close();
    }
  }

  async #unlessConnected<T>(maintenance: PostgresqlSession, code: 'backup-failed' | 'restore-failed', work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof DatabaseFailure) || error.error.sqlstate !== '55006') throw error;
      const others = await connectionsTo(maintenance, this.target.database);
      throw new ProblemError({
        code,
        message: `${this.target.description} is in use. It can only be ${code === 'backup-failed' ? 'copied' : 'replaced'} while no client is connected. Connected: ${others.join('; ') || 'a client that has just disconnected'}.`,
        remedy:
          code === 'backup-failed'
            ? `Stop these programs, or install pg_dump of the server's version, which can copy a database in use.`
            : 'Stop these programs, or run the command again with --end-connections, which ends their connections.',
      });
    }
  }

  /** Runs `work` with a session in a database that is not the target. */
  async #maintain<T>(work: (maintenance: PostgresqlSession) => Promise<T>): Promise<T> {
    let lastError: unknown;
    for (const database of ['postgres', 'template1'].filter((name) => name !== this.target.database)) {
      let session: PostgresqlSession;
      try {
        session = await this.target.openDatabase(database);
      } catch (error) {
        lastError = error;
        continue;
      }
      try {
        return await work(session);
      } finally {
        await session.close();
      }
    }
    throw lastError;
  }

  async #onDatabase<T>(database: string, work: (session: TargetSession) => Promise<T>): Promise<T> {
    const session = await this.target.openDatabase(database);
    try {
      return await work(session);
    } finally {
      await session.close();
    }
  }

  #toolRun(database: string, code: ToolRun['code'], signal: AbortSignal | undefined) {
    const { target } = this;
    return {
      code,
      environment: target.libpqEnvironment(database),
      redact: (text: string) => target.redact(text),
      signal,
    };
  }
}

const copyPrefix = 'mem8_backup_';
