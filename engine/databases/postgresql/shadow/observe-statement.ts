import { compareCodePoints } from '../../../core/paths';
import { notOfSystem } from '../catalogue/fact-sql';
import {
  type Catalog,
  catalogPreparations,
  countersExpression,
  parseCounters,
  type CatalogCounters,
  type CatalogDelta,
  type CatalogEntry,
} from './catalog';
import { lockModes, type LockMode, type ObservedLock, type StatementObservation } from '../../observation';
import { OwnWrites, ownWritesPreparation } from './own-writes';
import { readsRows } from './reads-rows';
import type { Wire } from './wire';

/** What the transaction at hand holds and did so far. */
interface Snapshot {
  /** The modes held per relation, a bit for each index of `lockModes`. */
  readonly locks: ReadonlyMap<number, number>;
  /** Complete reads per relation. */
  readonly scans: ReadonlyMap<number, number>;
  readonly counters: CatalogCounters;
}

const snapshotName = 'mem8_snapshot';
const rowExclusive = 1 << lockModes.indexOf('RowExclusive');

/**
 * Makes the planner forget how small the made-up tables are: an index build or ANALYZE leaves that in the catalog, also when
 * it is rolled back, and from then on the server reads a table of three rows from end to end where it would use an index on
 * a real one. Returns a row for each table.
 */
const forgetSizes = `UPDATE pg_catalog.pg_class SET relpages = 0, reltuples = -1
  WHERE ${notOfSystem('oid')} AND relkind IN ('r', 'm', 'p') AND reltuples >= 0 RETURNING oid::text`;

/**
 * One query for everything that a statement can show: locks of this backend with complete reads of those relations, and
 * the catalogs' change counters. `mem8_scans` gives the counts to subtract: they outlive transactions.
 */
export const observationPreparations: readonly string[] = [
  ...catalogPreparations,
  `PREPARE mem8_forget_sizes AS ${forgetSizes}`,
  ownWritesPreparation,
  `PREPARE ${snapshotName} AS
    SELECT l.relation::text, l.mode, coalesce(pg_catalog.pg_stat_get_xact_numscans(l.relation), 0)::text FROM pg_catalog.pg_locks l
      WHERE l.locktype = 'relation' AND l.pid = pg_catalog.pg_backend_pid() AND l.relation >= 16384
    UNION ALL SELECT '', ${countersExpression}, ''`,
  `PREPARE mem8_scans AS
    SELECT c.oid::text, pg_catalog.pg_stat_get_xact_numscans(c.oid)::text FROM pg_catalog.pg_class c
      WHERE ${notOfSystem('c.oid')} AND pg_catalog.pg_stat_get_xact_numscans(c.oid) > 0`,
  `PREPARE mem8_touched AS
    SELECT ${countersExpression}, (SELECT string_agg(DISTINCT coalesce(l.relation, l.objid)::text, ',') FROM pg_catalog.pg_locks l
      WHERE l.pid = pg_catalog.pg_backend_pid() AND (l.locktype = 'relation' AND l.relation >= 16384 AND l.mode <> 'AccessShareLock'
        OR l.locktype = 'object' AND l.objid >= 16384))`,
  `PREPARE mem8_held AS SELECT l.relation::text, bool_or(l.mode NOT IN ('AccessShareLock', 'RowShareLock'))::text FROM pg_catalog.pg_locks l
      WHERE l.locktype = 'relation' AND l.pid = pg_catalog.pg_backend_pid() AND l.relation >= 16384 GROUP BY l.relation`,
];

/**
 * Watches the transaction of one step. Locks pile up in a transaction and scan counters never reset, so every observation
 * is a difference to the one before.
 */
export class StatementObserver {
  #before: Snapshot = { locks: new Map(), scans: new Map(), counters: [] };
  readonly #createdHere = new Set<number>();
  #ownWrites: OwnWrites;
  #beforeOurs: { readonly snapshot: Snapshot; readonly ownWrites: OwnWrites } | undefined;
  /** True when a statement of this transaction changed the catalog. */
  #catalogChanged = false;

  constructor(
    readonly wire: Wire,
    readonly catalog: Catalog,
  ) {
    this.#ownWrites = new OwnWrites(wire);
  }

  /** Call right after a transaction was opened. */
  async begin(): Promise<void> {
    const rows = await this.wire.rows(`EXECUTE ${snapshotName}; EXECUTE mem8_scans`);
    const scans = new Map<number, number>();
    for (const row of rows) if (row.length === 2) scans.set(Number(row[0]), Number(row[1]));
    this.#before = { ...snapshotOf(rows.filter((row) => row.length === 3)), scans };
    this.#ownWrites = new OwnWrites(this.wire);
    this.#beforeOurs = undefined;
    this.#catalogChanged = false;
  }

  /** Call before a statement whose plan matters. */
  async beforePlanned(): Promise<void> {
    if ((await this.wire.rows('EXECUTE mem8_forget_sizes')).length === 0) return;
    await this.afterOurs([]);
    this.oursEnded(true);
  }

  /** The shadow wrote to these tables inside the transaction: that is not the next statement's doing. */
  async afterOurs(tables: readonly number[]): Promise<void> {
    this.#beforeOurs ??= { snapshot: this.#before, ownWrites: this.#ownWrites.copy() };
    const { snapshot } = this.#beforeOurs;
    const now = snapshotOf(await this.wire.rows(`EXECUTE ${snapshotName}`));
    await this.#ownWrites.add(tables.filter((oid) => ((snapshot.locks.get(oid) ?? 0) & rowExclusive) === 0));
    this.#before = { locks: now.locks, counters: snapshot.counters, scans: new Map([...snapshot.scans, ...now.scans]) };
  }

  /** What the shadow wrote is there to stay, or was rolled back. */
  oursEnded(kept: boolean): void {
    if (!kept && this.#beforeOurs) {
      this.#before = this.#beforeOurs.snapshot;
      this.#ownWrites = this.#beforeOurs.ownWrites;
    }
    this.#beforeOurs = undefined;
  }

  /** A statement was rolled back: the server still counts its complete reads, which are not the next statement's. */
  async statementRolledBack(): Promise<void> {
    const scans = new Map(this.#before.scans);
    for (const [oid, count] of await this.wire.rows('EXECUTE mem8_scans')) scans.set(Number(oid), Number(count));
    this.#before = { ...this.#before, scans };
  }

  /**
   * What the statement that just ran did, still inside its transaction.
   * @param text the statement, where its locks matter
   */
  async afterStatement(inTransaction: boolean, text = ''): Promise<StatementObservation> {
    const now = snapshotOf(await this.wire.rows(`EXECUTE ${snapshotName}`));
    const before = this.#before;
    const known = new Map<number, CatalogEntry>();
    for (const oid of now.locks.keys()) this.#remember(oid, known);
    const delta = await this.catalog.refresh(before.counters, now.counters);
    this.#catalogChanged ||= delta.touched.size > 0;
    this.#noteCreated(delta);
    for (const oid of now.locks.keys()) if (!known.has(oid)) this.#remember(oid, known);

    const scanned = new Set([...now.scans].flatMap(([oid, count]) => (count > (before.scans.get(oid) ?? 0) ? oid : [])));
    const written = readsRows(text) ? await this.#ownWrites.takenOver(text, scanned) : new Set<number>();
    const locks: ObservedLock[] = [];
    for (const [oid, held] of now.locks) {
      const entry = known.get(oid);
      const ours = written.has(oid) ? rowExclusive : 0;
      const mode = strongest(held & ~((before.locks.get(oid) ?? 0) & ~ours));
      if (entry && mode) locks.push(this.#lock(oid, entry, mode, known));
    }
    const scans: string[] = [];
    for (const oid of scanned) {
      const entry = known.get(oid);
      if (entry && !this.#createdHere.has(oid) && isRead(entry)) scans.push(nameOf(entry));
    }
    // The scan counts of relations that were not locked now must survive for later differences.
    this.#before = { ...now, scans: new Map([...before.scans, ...now.scans]) };
    // The server tells them in no certain order.
    locks.sort((a, b) => compareCodePoints(a.relation, b.relation));
    scans.sort(compareCodePoints);
    const renamed = delta.renamed.map(({ from, to }) => ({ from: nameOf(from), to: nameOf(to) }));
    return {
      locks,
      rewrites: this.#rewrites(delta),
      scans,
      changes: delta.changes,
      renamed: renamed.length > 0 ? renamed : undefined,
      locksKnown: true,
      inTransaction,
    };
  }

  /** What can be told of a statement that ran outside any transaction of ours. */
  async afterAutocommit(): Promise<StatementObservation> {
    const delta = await this.catalog.refresh(undefined, undefined);
    this.#noteCreated(delta);
    return { locks: [], rewrites: this.#rewrites(delta), scans: [], changes: delta.changes, locksKnown: false, inTransaction: false };
  }

  /** The whole transaction of the step was rolled back, to be run once more. */
  takeBack(): void {
    if (!this.#catalogChanged) return;
    this.catalog.revert();
    this.catalog.mark();
  }

  /** A script rolled something back itself: what was remembered is no longer true. */
  async resynchronise(): Promise<void> {
    await this.catalog.load();
    await this.begin();
  }

  #noteCreated(delta: CatalogDelta): void {
    for (const oid of delta.created) {
      const old = delta.replaced.get(oid);
      if (old === undefined || this.#createdHere.has(old)) this.#createdHere.add(oid);
    }
  }

  #rewrites(delta: CatalogDelta): string[] {
    return delta.rewritten
      .filter((oid) => !this.#createdHere.has(oid))
      .flatMap((oid) => this.catalog.relation(oid) ?? [])
      .map(nameOf);
  }

  #remember(oid: number, known: Map<number, CatalogEntry>): void {
    const entry = this.catalog.relation(oid);
    if (!entry) return;
    known.set(oid, entry);
    const parent = entry.parent > 0 ? this.catalog.relation(entry.parent) : undefined;
    if (parent) known.set(parent.oid, parent);
  }

  #lock(oid: number, entry: CatalogEntry, mode: LockMode, known: ReadonlyMap<number, CatalogEntry>): ObservedLock {
    const table = known.get(entry.parent) ?? entry;
    return { relation: nameOf(entry), relationKind: entry.kind, table: nameOf(table), mode, existedBefore: !this.#createdHere.has(oid) };
  }
}

/** Relations that the open transaction holds locks on; `changed` those with a lock that allows to change rows or definition. */
export async function readHeld(wire: Wire): Promise<{ all: readonly number[]; changed: readonly number[] }> {
  const rows = (await wire.rows('EXECUTE mem8_held')).map(([oid, changes]) => [Number(oid), changes === 'true'] as const);
  return { all: rows.map(([oid]) => oid), changed: rows.flatMap(([oid, changes]) => (changes ? oid : [])) };
}

/** The catalogs' change counters, and the oids of what the open transaction locked in order to change it. */
export async function readTouched(wire: Wire): Promise<{ counters: CatalogCounters; locked: readonly number[] }> {
  const [row] = await wire.rows('EXECUTE mem8_touched');
  return { counters: parseCounters(row?.[0] ?? ''), locked: (row?.[1] ?? '').split(',').filter(Boolean).map(Number) };
}

function snapshotOf(rows: readonly (readonly (string | null)[])[]): Snapshot {
  const locks = new Map<number, number>();
  const scans = new Map<number, number>();
  let counters: CatalogCounters = [];
  for (const [relation, mode, count] of rows) {
    if (relation === '') {
      counters = parseCounters(mode ?? '');
      continue;
    }
    const oid = Number(relation);
    const strength = lockModes.findIndex((each) => `${each}Lock` === mode);
    if (strength >= 0) locks.set(oid, (locks.get(oid) ?? 0) | (1 << strength));
    scans.set(oid, Number(count));
  }
  return { locks, scans, counters };
}

/** The strongest mode of a set with one bit a mode. */
function strongest(modes: number): LockMode | undefined {
  return modes === 0 ? undefined : lockModes[31 - Math.clz32(modes)];
}

/** Index scans of the server's own lookups are no reading of the relation. */
function isRead(entry: CatalogEntry): boolean {
  return entry.kind === 'r' || entry.kind === 'm' || entry.kind === 'p';
}

function nameOf(entry: CatalogEntry): string {
  return entry.label.replace(/^(?:materialized view|foreign table|[a-z]+) /, '');
}
