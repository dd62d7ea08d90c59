import type { RunningPostgres } from '../../support/postgres';
import { Connection } from './connection';

/** Lines of postgresql.conf for a server that may lose everything and shall be fast. */
export const truthSettings: readonly string[] = [
  'synchronous_commit=off',
  'wal_level=minimal',
  'max_wal_senders=0',
  'max_wal_size=4GB',
  'checkpoint_timeout=1h',
  'autovacuum=off',
  'max_locks_per_transaction=2000',
  'jit=off',
];

/** What scripts can change outside their database. */
const sharedCatalogs = ['pg_authid', 'pg_auth_members', 'pg_db_role_setting'] as const;

/** Databases of one server, and what they share. */
export class Cluster {
  #names = 0;
  readonly #kept = new Map<string, string>();

  private constructor(
    readonly server: RunningPostgres,
    readonly maintenance: Connection,
    readonly major: number,
  ) {}

  static async open(server: RunningPostgres): Promise<Cluster> {
    const maintenance = await Connection.open(server.url());
    const cluster = new Cluster(server, maintenance, Number.parseInt(server.serverVersion, 10));
    await cluster.#keep('first');
    return cluster;
  }

  async close(): Promise<void> {
    await this.maintenance.end();
  }

  /** Makes a database, empty or as a copy of one that nobody is connected to, and returns its name. */
  async create(template?: string): Promise<string> {
    const name = `truth_${++this.#names}`;
    const strategy = template !== undefined && this.major >= 15 ? ' STRATEGY FILE_COPY' : '';
    await this.maintenance.rows(`CREATE DATABASE ${name} TEMPLATE ${template ?? 'template1'}${strategy}`);
    // Settings of a database are no part of its copy.
    if (template !== undefined) {
      await this.maintenance
        .rows(`INSERT INTO pg_db_role_setting SELECT (SELECT oid FROM pg_database WHERE datname = '${name}'), setrole, setconfig
        FROM pg_db_role_setting WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = '${template}')`);
    }
    return name;
  }

  async drop(name: string): Promise<void> {
    await this.maintenance.rows(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  }

  url(database: string): string {
    return this.server.url(database);
  }

  /** Remembers roles and their settings; `restoreShared` brings them back. */
  keepShared(): Promise<void> {
    return this.#keep('kept');
  }

  /** Undoes what scripts did to roles since `keepShared`. Databases that they used must be gone. */
  restoreShared(): Promise<void> {
    return this.#restore('kept');
  }

  /** Brings everything back to what it was when the server started. */
  async forgetAll(): Promise<void> {
    const others = await this.maintenance.rows(
      `SELECT quote_ident(datname) FROM pg_database WHERE datname NOT IN ('postgres', 'template0', 'template1')`,
    );
    for (const [name] of others) await this.maintenance.rows(`DROP DATABASE ${name} WITH (FORCE)`);
    await this.#restore('first');
  }

  async #keep(prefix: string): Promise<void> {
    const shared = await this.#shared();
    if (this.#kept.get(prefix) === shared) return;
    this.#kept.set(prefix, shared);
    const kept = sharedCatalogs.map(
      (name) => `DROP TABLE IF EXISTS ${prefix}_${name}; CREATE TEMP TABLE ${prefix}_${name} AS TABLE ${name}`,
    );
    await this.maintenance.rows(kept.join(';'));
  }

  async #restore(prefix: string): Promise<void> {
    if (this.#kept.get(prefix) === (await this.#shared())) return;
    // The superuser stays: without a row of its own the session could not go on.
    const restored = sharedCatalogs.flatMap((name) => [
      `DELETE FROM ${name} x WHERE ${name === 'pg_authid' ? 'oid <> 10 AND' : ''} NOT EXISTS (SELECT FROM ${prefix}_${name} k WHERE k::text = x::text)`,
      `INSERT INTO ${name} SELECT k.* FROM ${prefix}_${name} k WHERE NOT EXISTS (SELECT FROM ${name} x WHERE x::text = k::text)`,
    ]);
    await this.maintenance.rows(`BEGIN; ${restored.join(';')}; COMMIT`);
  }

  /** Roles and their settings, but for those of databases that are gone, as a text to compare. */
  async #shared(): Promise<string> {
    const all = sharedCatalogs.map((name) => `coalesce((SELECT md5(string_agg(x::text, ',' ORDER BY x::text)) FROM ${name} x), '')`);
    const [[text] = []] = await this.maintenance.rows(`SELECT ${all.join(" || ' ' || ")}`);
    return text ?? '';
  }
}
