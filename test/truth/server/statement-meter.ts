import { lockModes, type LockMode } from '#engine/databases/observation';
import type { Connection, ServerRefusal } from './connection';

/** What one statement did to the tables that were there before the migration. */
export interface StatementFacts {
  /** False where nothing could be measured. */
  readonly isKnown: boolean;
  readonly error?: ServerRefusal;
  /** The strongest lock, weaker ones than ROW SHARE left out, that the transaction did not hold before. */
  readonly locks?: Readonly<Record<string, LockMode>>;
  readonly rewrites?: readonly string[];
  readonly scans?: readonly string[];
}

interface Table {
  readonly name: string;
  readonly storage: string;
  readonly scans: number;
}

interface Moment {
  readonly tables: ReadonlyMap<string, Table>;
  readonly locks: ReadonlySet<string>;
}

const momentQuery = `
  SELECT c.oid::text, n.nspname || '.' || c.relname, c.relfilenode::text, pg_catalog.pg_stat_get_xact_numscans(c.oid)::text
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.oid >= 16384 AND c.relkind IN ('r', 'p', 'm') AND n.nspname !~ '^pg_';
  SELECT l.relation::text || ' ' || pg_catalog.replace(l.mode, 'Lock', '') FROM pg_catalog.pg_locks l
    WHERE l.locktype = 'relation' AND l.pid = pg_catalog.pg_backend_pid() AND l.relation >= 16384`;

/** Watches one session. What was there when `start` was called is what counts. */
export class StatementMeter {
  #old: ReadonlySet<string> = new Set();
  #before: Moment | undefined;

  constructor(readonly connection: Connection) {}

  async start(): Promise<void> {
    this.#old = new Set((await this.#now()).tables.keys());
  }

  /** The transaction ended or went back, so that what was known is of no use. */
  forget(): void {
    this.#before = undefined;
  }

  async before(): Promise<void> {
    this.#before ??= await this.#now();
  }

  async after(): Promise<StatementFacts> {
    const before = this.#before;
    const after = await this.#now();
    this.#before = after;
    if (!before) return { isKnown: false };
    const locks = new Map<string, LockMode>();
    for (const held of after.locks) {
      const [oid = '', mode = ''] = held.split(' ');
      const table = before.tables.get(oid);
      if (!table || !this.#old.has(oid) || before.locks.has(held) || mode === 'AccessShare') continue;
      locks.set(table.name, stronger(locks.get(table.name), mode as LockMode));
    }
    const old = [...before.tables].filter(([oid]) => this.#old.has(oid));
    const rewrites = old.filter(([oid, { storage }]) => after.tables.has(oid) && after.tables.get(oid)?.storage !== storage);
    const scans = old.filter(([oid, table]) => (after.tables.get(oid)?.scans ?? 0) > table.scans);
    return { isKnown: true, locks: Object.fromEntries([...locks].sort()), rewrites: namesOf(rewrites), scans: namesOf(scans) };
  }

  async #now(): Promise<Moment> {
    const tables = new Map<string, Table>();
    const locks = new Set<string>();
    for (const [first, name, storage, scans] of await this.connection.rows(momentQuery)) {
      if (name === undefined) locks.add(first ?? '');
      else tables.set(first ?? '', { name: name ?? '', storage: storage ?? '', scans: Number(scans) });
    }
    return { tables, locks };
  }
}

function namesOf(tables: readonly (readonly [string, Table])[]): string[] {
  return tables.map(([, { name }]) => name).sort();
}

function stronger(one: LockMode | undefined, other: LockMode): LockMode {
  return one !== undefined && lockModes.indexOf(one) > lockModes.indexOf(other) ? one : other;
}
