import type { PGlite } from '@electric-sql/pglite';
import { openEmbedded } from '../embedded/embedded';
import { MemoryFiles } from '../embedded/memory-files';
import { readTemplate } from '../embedded/template';
import { SeedRows } from './seeding/seed-rows';
import { Wire } from './wire';

/** The hash of the state before the first step. */
const emptyPrefix = '';

/** How many copies are kept at most; the one that was used longest ago goes first. */
const maximumBases = 8;

const configuration = [
  'shared_buffers=8MB',
  'max_connections=5',
  'max_locks_per_transaction=2000',
  'synchronous_commit=off',
  'full_page_writes=off',
  'temp_file_limit=256MB',
  // Custom plans would plan the shadow's own large queries again for each of their first runs.
  'plan_cache_mode=force_generic_plan',
];

interface Base {
  readonly database: string;
  /** Roles and other things outside the database at the time; a copy is of use only while they are the same. */
  readonly shared: string;
  readonly seeds: SeedRows;
}

/**
 * The data directory of one shadow. The chain is replayed into the *live* database; copies of it (`CREATE DATABASE ...
 * TEMPLATE`) are kept as bases to come back to. Databases are only ever left by reopening, which the embedded server needs.
 */
export class BaseStore {
  #database: PGlite | undefined;
  #files: MemoryFiles | undefined;
  #wire: Wire | undefined;
  #live = 'postgres';
  #livePrefix: string | undefined = emptyPrefix;
  #liveSeeds = new SeedRows();
  #extensions: ReadonlySet<string> = new Set();
  readonly #bases = new Map<string, Base>();
  #names = 0;
  #emptyShared = '';

  /**
   * @param limitMb what the data directory may grow to
   * @param brief as in `EmbeddedOptions`
   * @param onOpen called with each new connection
   * @param onBase called when a copy was made
   */
  constructor(
    readonly assets: string,
    readonly limitMb: number,
    readonly brief: boolean,
    readonly onOpen: (wire: Wire) => Promise<void>,
    readonly onBase: () => void,
  ) {}

  get wire(): Wire {
    if (!this.#wire) throw new Error('the store is not open');
    return this.#wire;
  }

  /** The state of the live database; undefined when it is of no known state. */
  get livePrefix(): string | undefined {
    return this.#livePrefix;
  }

  /** The made-up rows of the live database. */
  get seeds(): SeedRows {
    return this.#liveSeeds;
  }

  /** Opens the data directory, or opens it again when extensions are missing. */
  async open(extensions: ReadonlySet<string>): Promise<void> {
    const missing = [...extensions].filter((each) => !this.#extensions.has(each));
    if (this.#database && missing.length === 0) return;
    this.#extensions = new Set([...this.#extensions, ...extensions]);
    await this.#reopen();
    if (this.#emptyShared === '') this.#emptyShared = await this.#sharedState();
  }

  /** The live database has become another state, or none that is known. */
  setLive(prefix: string | undefined): void {
    this.#livePrefix = prefix;
  }

  /** Keeps a copy of the live database, unless there is one. Needs a known state and no open transaction. */
  async keepBase(): Promise<void> {
    const prefix = this.#livePrefix;
    if (prefix === undefined || prefix === emptyPrefix || this.#bases.has(prefix)) return;
    const database = this.#newName();
    await this.wire.rows(`CREATE DATABASE ${database} TEMPLATE ${this.#live}`);
    this.#bases.set(prefix, { database, shared: await this.#sharedState(), seeds: this.#liveSeeds.copy() });
    this.onBase();
    for (const [oldest, base] of this.#bases) {
      if (this.#bases.size <= maximumBases) break;
      this.#bases.delete(oldest);
      await this.wire.rows(`DROP DATABASE IF EXISTS ${base.database}`);
    }
  }

  /**
   * Goes back to the last of `prefixes` that can be reached without replaying, and returns its number of steps.
   * @param prefixes states after 1, 2, ... steps; the wanted one is the last
   */
  async goBackTo(prefixes: readonly string[]): Promise<number> {
    const all = [emptyPrefix, ...prefixes];
    const live = this.#livePrefix === undefined ? -1 : all.lastIndexOf(this.#livePrefix);
    const base = all.findLastIndex((prefix) => this.#bases.has(prefix));
    // Reopening costs as much as replaying some dozens of small steps.
    if (live >= 0 && live >= base - 40) return live;
    const shared = await this.#sharedState();
    const found = this.#bases.get(all[base] ?? '');
    if (found?.shared === shared) {
      await this.#switchTo(found.database, all[base], found.seeds.copy());
      return base;
    }
    // Starting over is the cheaper way to nothing, unless there are copies to lose.
    if (shared !== this.#emptyShared || this.#bases.size === 0) await this.#startOver();
    else await this.#switchTo('template1', emptyPrefix, new SeedRows());
    return 0;
  }

  /** Leaves the live database for a copy of `template`, so that the template can be used again. */
  async #switchTo(template: string, prefix: string | undefined, seeds: SeedRows): Promise<void> {
    const left = this.#live;
    const next = this.#newName();
    await this.wire.rows(`CREATE DATABASE ${next} TEMPLATE ${template}`);
    this.#live = next;
    this.#livePrefix = prefix;
    this.#liveSeeds = seeds;
    await this.#reopen();
    await this.wire.rows(`DROP DATABASE IF EXISTS ${left}`);
  }

  /** Roles cannot be taken back by a copy of a database: only a new data directory can. */
  async #startOver(): Promise<void> {
    await this.close();
    this.#files = undefined;
    this.#bases.clear();
    this.#live = 'postgres';
    this.#livePrefix = emptyPrefix;
    this.#liveSeeds = new SeedRows();
    await this.#reopen();
  }

  /** A new connection to the live database, for which nothing is left of what the one before was told. */
  reconnect(): Promise<void> {
    return this.#reopen();
  }

  async #reopen(): Promise<void> {
    await this.close();
    this.#files ??= new MemoryFiles(await readTemplate(this.assets), this.limitMb);
    this.#database = await openEmbedded({
      assets: this.assets,
      data: this.#files,
      brief: this.brief,
      extensions: [...this.#extensions],
      configuration,
      database: this.#live,
    });
    this.#wire = new Wire(this.#database);
    await this.onOpen(this.#wire);
  }

  async close(): Promise<void> {
    const database = this.#database;
    this.#database = undefined;
    this.#wire = undefined;
    await database?.close();
  }

  #newName(): string {
    return `mem8_${++this.#names}`;
  }

  /** What a script can change outside its database. A row that was written again counts as another one. */
  async #sharedState(): Promise<string> {
    const rows = await this.wire.rows(
      `SELECT coalesce((SELECT string_agg(a.oid || ':' || a.xmin::text, ',' ORDER BY a.oid) FROM pg_catalog.pg_authid a), ''),
        coalesce((SELECT string_agg(m.oid || ':' || m.xmin::text, ',' ORDER BY m.oid) FROM pg_catalog.pg_auth_members m), ''),
        coalesce((SELECT string_agg(datname, ',' ORDER BY datname) FROM pg_catalog.pg_database WHERE datname NOT LIKE 'mem8\\_%'
          AND datname <> 'postgres'), ''),
        coalesce((SELECT string_agg(setconfig::text, ',' ORDER BY setrole) FROM pg_catalog.pg_db_role_setting WHERE setdatabase = 0), '')`,
    );
    return (rows[0] ?? []).join('|');
  }
}
