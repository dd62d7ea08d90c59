import { notOfSystem } from '../catalogue/fact-sql';
import { catalogSources, changedRowsQuery, oidColumn } from './catalog-queries';
import type { CatalogChange } from '../../observation';
import type { Wire } from './wire';

/** What is remembered of one row of the system catalogs. */
export interface CatalogEntry {
  readonly catalog: string;
  readonly oid: number;
  /** The relation or type that it belongs to, or 0. */
  readonly parent: number;
  /** Type and qualified name, as in `Difference.object`. */
  readonly label: string;
  readonly definition: string;
  /** `pg_class.relkind`, or empty. */
  readonly kind: string;
  readonly fileNode: string;
  /** Numbers of the columns of the parent that an index, constraint or statistics object is over; empty where it is not asked. */
  readonly over: readonly string[];
}

/** What a refresh found. */
export interface CatalogDelta {
  readonly changes: CatalogChange[];
  /** Oids of everything written or gone, and of what it belongs to. */
  readonly touched: Set<number>;
  /** Relations whose storage was replaced. */
  readonly rewritten: number[];
  readonly created: number[];
  /** Relations with another name or schema than before. */
  readonly renamed: { readonly from: CatalogEntry; readonly to: CatalogEntry }[];
  /** Indexes that took the place of one with the same name: new oid, old oid. A change of a column's type does that. */
  readonly replaced: Map<number, number>;
}

/** How often rows of a catalog were written and deleted so far in the transaction. */
export type CatalogCounters = readonly (readonly [written: number, deleted: number])[];

/**
 * A copy of the names and raw definitions of everything in the database that scripts made, kept in step with the server.
 * After a statement only the rows that it wrote are read: rows are stamped with the (sub)transaction that wrote them
 * (`xmin`), and the server counts row changes per catalog, so a statement that wrote no catalog costs nothing here.
 */
export class Catalog {
  #entries = new Map<string, CatalogEntry>();
  #undo: (readonly [string, CatalogEntry | undefined])[] | undefined;
  #newest = 0;

  constructor(readonly wire: Wire) {}

  /** Reads everything. Needed after opening a database and whenever a script itself rolled something back. */
  async load(): Promise<void> {
    this.#entries = new Map();
    this.#undo = undefined;
    this.#newest = 0;
    await this.refresh(undefined, undefined);
  }

  relation(oid: number): CatalogEntry | undefined {
    return this.#entries.get(`pg_class:${oid}:0`);
  }

  /** Every oid that a definition can be asked for. */
  allOids(): Set<number> {
    const all = new Set<number>();
    for (const entry of this.#entries.values()) all.add(entry.oid);
    return all;
  }

  /** Remembers the present content until `keep` or `revert`. */
  mark(): void {
    this.#undo = [];
  }

  keep(): void {
    this.#undo = undefined;
  }

  /** Back to the content at `mark`, as the server's ROLLBACK does. */
  revert(): void {
    for (const [key, before] of (this.#undo ?? []).reverse()) {
      if (before) this.#entries.set(key, before);
      else this.#entries.delete(key);
    }
    this.#undo = undefined;
  }

  /**
   * Reads what was written since the last refresh.
   * @param before counters at the last refresh; undefined when they are not known, which reads every catalog
   */
  async refresh(before: CatalogCounters | undefined, now: CatalogCounters | undefined): Promise<CatalogDelta> {
    const sources = catalogSources.map((source, index) => ({
      source,
      written: !before || !now || now[index]?.[0] !== before[index]?.[0],
      deleted: !before || !now || now[index]?.[1] !== before[index]?.[1],
    }));
    const writtenSources = sources.filter((each) => each.written);
    const deletedSources = this.#entries.size === 0 ? [] : sources.filter((each) => each.deleted);
    const delta: CatalogDelta = { changes: [], touched: new Set(), rewritten: [], created: [], renamed: [], replaced: new Map() };
    if (writtenSources.length === 0 && deletedSources.length === 0) return delta;
    const since = String(this.#newest + 1);
    const found = await this.wire.rows(
      [
        ...writtenSources.map(({ source }) => `EXECUTE ${preparedName(source.catalog)}(${since})`),
        ...deletedSources.map(({ source }) => existingQuery(source.catalog)),
      ].join(';'),
    );
    const created = new Map<string, boolean>();
    const changed = new Set<string>();
    const dropped = new Map<string, CatalogEntry>();
    const present = new Set<string>();
    for (const row of found) {
      if (row.length === 2) for (const oid of row[1]?.match(/\d+/g) ?? []) present.add(`${row[0]}:${oid}`);
      else this.#take(row, delta, { created, changed, dropped });
    }
    for (const { source } of deletedSources) this.#sweep(source.catalog, present, delta, dropped, changed);
    this.#pairReplaced(delta, dropped);
    delta.changes.push(...changesOf(created, changed, dropped, this.#entries, delta));
    return delta;
  }

  #pairReplaced(delta: CatalogDelta, dropped: ReadonlyMap<string, CatalogEntry>): void {
    for (const oid of delta.created) {
      const entry = this.relation(oid);
      const old = entry && dropped.get(entry.label);
      // A table that took the place of one is another table.
      if (!old || !isIndex(entry)) continue;
      delta.replaced.set(oid, old.oid);
      if (old.fileNode !== entry.fileNode) delta.rewritten.push(oid);
    }
  }

  #take(row: readonly (string | null)[], delta: CatalogDelta, into: Sorted): void {
    const [catalog = '', oid, sub, parent, label, definition, kind, fileNode, over, xmin] = row;
    this.#newest = Math.max(this.#newest, Number(xmin));
    const key = `${catalog}:${oid}:${sub}`;
    const known = this.#entries.get(key);
    delta.touched.add(Number(oid));
    if (Number(parent) > 0) delta.touched.add(Number(parent));
    if (label === null || label === undefined) {
      if (known) this.#remove(key, known, into.dropped, into.changed);
      return;
    }
    const entry: CatalogEntry = {
      catalog: catalog ?? '',
      oid: Number(oid),
      parent: Number(parent),
      label,
      definition: definition ?? '',
      kind: kind ?? '',
      fileNode: fileNode ?? '',
      over: over ? over.split(' ') : [],
    };
    this.#set(key, entry);
    if (isDetail(entry.catalog)) {
      if (known?.definition !== entry.definition) into.changed.add(label);
      return;
    }
    if (!known) {
      into.created.set(label, true);
      if (entry.catalog === 'pg_class') delta.created.push(entry.oid);
      return;
    }
    if (known.label !== label || known.definition !== entry.definition) into.changed.add(known.label);
    if (entry.catalog !== 'pg_class') return;
    if (known.label !== label) delta.renamed.push({ from: known, to: entry });
    if (known.fileNode !== entry.fileNode) delta.rewritten.push(entry.oid);
  }

  /** Forgets the entries of a catalog that the server no longer has. */
  #sweep(
    catalog: string,
    present: ReadonlySet<string>,
    delta: CatalogDelta,
    dropped: Map<string, CatalogEntry>,
    changed: Set<string>,
  ): void {
    for (const [key, entry] of this.#entries) {
      if (entry.catalog !== catalog || present.has(`${catalog}:${entry.oid}`)) continue;
      delta.touched.add(entry.oid);
      if (entry.parent > 0) delta.touched.add(entry.parent);
      this.#remove(key, entry, dropped, changed);
    }
  }

  #remove(key: string, entry: CatalogEntry, dropped: Map<string, CatalogEntry>, changed: Set<string>): void {
    this.#undo?.push([key, entry]);
    this.#entries.delete(key);
    if (isDetail(entry.catalog)) changed.add(entry.label);
    else dropped.set(entry.label, entry);
  }

  #set(key: string, entry: CatalogEntry): void {
    this.#undo?.push([key, this.#entries.get(key)]);
    this.#entries.set(key, entry);
  }
}

interface Sorted {
  readonly created: Map<string, boolean>;
  readonly changed: Set<string>;
  readonly dropped: Map<string, CatalogEntry>;
}

const details = new Set(catalogSources.filter((source) => source.detail).map((source) => source.catalog));

function isIndex({ kind }: CatalogEntry): boolean {
  return kind === 'i' || kind === 'I';
}

function isDetail(catalog: string): boolean {
  return details.has(catalog);
}

/** One list for people: no columns, constraints or indexes of a table that came or went as a whole. */
function changesOf(
  created: ReadonlyMap<string, boolean>,
  changed: ReadonlySet<string>,
  dropped: ReadonlyMap<string, CatalogEntry>,
  entries: ReadonlyMap<string, CatalogEntry>,
  delta: CatalogDelta,
): CatalogChange[] {
  const changes: CatalogChange[] = [];
  const newRelations = delta.created
    .map((oid) => entries.get(`pg_class:${oid}:0`))
    .filter((entry) => entry && !isIndex(entry))
    .map((entry) => ` ${entry?.label.replace(/^[a-z ]+ /, '') ?? ''}.`);
  const goneRelations = new Set([...dropped.values()].filter((entry) => entry.catalog === 'pg_class').map((entry) => entry.oid));
  for (const object of created.keys()) {
    const old = dropped.get(object);
    if (old) {
      if (![...entries.values()].some((entry) => entry.label === object && entry.definition === old.definition))
        changes.push({ kind: 'changed', object });
    } else if (!(object.startsWith('column ') && newRelations.some((name) => object.includes(name))))
      changes.push({ kind: 'created', object });
  }
  for (const object of changed) if (!created.has(object) && !dropped.has(object)) changes.push({ kind: 'changed', object });
  for (const [object, entry] of dropped) {
    if (created.has(object) || (entry.parent > 0 && goneRelations.has(entry.parent))) continue;
    changes.push({ kind: 'dropped', object, alone: lostAllColumns(entry, entries) || undefined });
  }
  return changes;
}

function lostAllColumns({ over, parent }: CatalogEntry, entries: ReadonlyMap<string, CatalogEntry>): boolean {
  return over.length > 0 && over.every((column) => !entries.has(`pg_attribute:${parent}:${column}`));
}

function preparedName(catalog: string): string {
  return `mem8_rows_of_${catalog}`;
}

/** One row for all oids of a catalog. Columns go only with their table. */
function existingQuery(catalog: string): string {
  const isColumns = catalog === 'pg_attribute';
  const [from, column] = isColumns ? ['pg_class', 'oid'] : [catalog, oidColumn(catalog)];
  return `SELECT '${catalog}', ARRAY(SELECT ${column} FROM pg_catalog.${from} WHERE ${notOfSystem(column)})::text`;
}

/** Statements to prepare once per connection; the queries above use them. */
export const catalogPreparations: readonly string[] = catalogSources.map(
  (source) =>
    `PREPARE ${preparedName(source.catalog)}(bigint) AS ${changedRowsQuery({ ...source, select: `'${source.catalog}', ${source.select}` }, '$1')}`,
);

/** Followed catalogs without rows of their own here: only whether they were written counts. */
const countedOnly = [
  'pg_description',
  'pg_inherits',
  'pg_foreign_table',
  'pg_publication_namespace',
  'pg_opfamily',
  'pg_amop',
  'pg_amproc',
  'pg_conversion',
  'pg_ts_config_map',
  'pg_ts_parser',
  'pg_ts_template',
  'pg_user_mapping',
  'pg_transform',
  'pg_am',
  'pg_largeobject_metadata',
  'pg_db_role_setting',
  'pg_database',
  'pg_seclabel',
  'pg_shdescription',
];

const counted = [...catalogSources.map((source) => source.catalog), ...countedOnly];

/** Names of the catalogs that were written between two counts. */
export function writtenCatalogs(before: CatalogCounters, now: CatalogCounters): string[] {
  return counted.filter((_, index) => now[index]?.[0] !== before[index]?.[0] || now[index]?.[1] !== before[index]?.[1]);
}

/** One row of counters: written and deleted rows of each followed catalog, in the order of `CatalogCounters`. */
export const countersExpression = `(SELECT string_agg((pg_catalog.pg_stat_get_xact_tuples_inserted(o) + pg_catalog.pg_stat_get_xact_tuples_updated(o))
  || ':' || pg_catalog.pg_stat_get_xact_tuples_deleted(o), ',') FROM unnest(ARRAY[${counted
    .map((name) => `'pg_catalog.${name}'::regclass`)
    .join(',')}]::oid[]) o)`;

export function parseCounters(text: string): CatalogCounters {
  return text.split(',').map((pair) => {
    const [written = 0, deleted = 0] = pair.split(':').map(Number);
    return [written, deleted] as const;
  });
}
