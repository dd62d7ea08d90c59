import type { UnseededTable } from '../../../observation';
import { planOnce } from '../../catalogue/fact-sql';
import { mayComeFromRows } from '../reads-rows';
import { newestLabelIn, readSeedTables, type SeedTable } from './seed-facts';
import { distinctColumns, insertOf, labelRows, seedRowNumbers, solve, type RowNumber, type RowWay, type Solution } from './seed-plan';
import { textStyles, type TextStyle } from './seed-values';
import type { ServerError, Wire } from '../wire';

/**
 * What is known of one table. `own`: it has rows that scripts made. `refused`: no row could be made. `emptied`: it had made-up
 * rows, to which rows of other tables may still refer.
 */
interface Settled {
  readonly label: string;
  readonly state: 'seeded' | 'own' | 'refused' | 'emptied';
  readonly reason?: string;
  readonly signature: string;
  /** Tables that it refers to. */
  readonly parents: readonly number[];
}

/** Made-up rows to take away or to make again. No table is in both `tables` and one of the others. */
export interface Removal {
  /** Tables that lose all their made-up rows. */
  readonly tables: readonly number[];
  /** Tables that get rows of plain values instead: small, short, each another, no NULL. */
  readonly remade: readonly number[];
  /** Tables that keep only their first made-up row. */
  readonly thinned: readonly number[];
  /** What strings of the remade rows look like. */
  readonly style?: TextStyle;
}

export const noRemoval: Removal = { tables: [], remade: [], thinned: [] };

/** Everything that a removal does something to. */
export function changedBy({ tables, remade, thinned }: Removal): number[] {
  return [...new Set([...tables, ...remade, ...thinned])];
}

/** Both removals together. */
function joinedRemovals(a: Removal, b: Removal): Removal {
  const tables = new Set([...a.tables, ...b.tables]);
  const left = (one: readonly number[], other: readonly number[]) => [...new Set([...one, ...other])].filter((oid) => !tables.has(oid));
  const style = b.style ?? a.style;
  return { tables: [...tables], remade: left(a.remade, b.remade), thinned: left(a.thinned, b.thinned), style };
}

/**
 * The made-up rows of one database: which tables have them, and which have to be looked at again. A table has either rows
 * that scripts made or made-up ones, never both.
 *
 * Rows are made in a transaction of their own, as a replica would get them: no trigger runs, no sequence advances; foreign
 * keys are respected all the same.
 */
export class SeedRows {
  readonly #tables: Map<number, Settled>;
  readonly #touched: Set<number>;
  #allTouched: boolean;
  #newestLabel: number | undefined;

  constructor(from?: SeedRows) {
    this.#tables = new Map(from ? from.#tables : []);
    this.#touched = new Set(from ? from.#touched : []);
    this.#allTouched = from ? from.#allTouched : true;
  }

  /** A script begins: what it adds to enums stands in no row that was there before it. */
  async scriptBegins(wire: Wire, texts: readonly string[]): Promise<void> {
    this.#newestLabel = texts.some(changesTypes) ? await newestLabelIn(wire) : undefined;
  }

  scriptEnded(): void {
    this.#newestLabel = undefined;
  }

  /** For a copy of the database. */
  copy(): SeedRows {
    return new SeedRows(this);
  }

  /** True when any table has made-up rows. */
  get present(): boolean {
    for (const { state } of this.#tables.values()) if (state === 'seeded') return true;
    return false;
  }

  /** Tables without rows that none could be made for. */
  get unseeded(): UnseededTable[] {
    return [...this.#tables.values()].flatMap(({ label, state, reason }) =>
      state === 'refused' ? { table: label, reason: reason ?? '' } : [],
    );
  }

  /** Scripts may have created, changed, filled or emptied these relations, and that is committed. */
  touched(oids: Iterable<number>): void {
    for (const oid of oids) this.#touched.add(oid);
  }

  /** These statements ran, and that is committed: types that they changed may allow other values in tables that they did not touch. */
  ran(texts: Iterable<string>): void {
    for (const text of texts) if (changesTypes(text)) this.#allTouched = true;
  }

  /** Nobody knows what scripts did. */
  touchedAnything(): void {
    this.#allTouched = true;
  }

  /** The made-up rows of these tables were deleted, and that is committed. */
  removed(oids: Iterable<number>): void {
    for (const oid of oids) {
      const known = this.#tables.get(oid);
      if (known) this.#tables.set(oid, { ...known, state: 'emptied' });
      this.#touched.add(oid);
    }
  }

  /** Tells that a removal is committed. */
  committed(removal: Removal): void {
    for (const oid of changedBy(removal)) {
      const known = this.#tables.get(oid);
      if (known) this.#tables.set(oid, { ...known, signature: '' });
      this.#touched.add(oid);
    }
    this.removed(removal.tables);
  }

  /**
   * What to take away next, so that a script may work that failed on made-up rows in spite of what was taken away before: the
   * tables that the failing statement and its error name get other rows first, then one row, then none, and then no table
   * has any. Errors that rows are rarely the reason of are asked for without rows at once. Undefined when no row is left to
   * be the reason.
   */
  nextRemoval(before: Removal, text: string, error: Pick<ServerError, 'sqlstate' | 'message' | 'detail' | 'where'>): Removal | undefined {
    const all = this.all();
    const none = { tables: all, remade: [], thinned: [] };
    if (!mayComeFromRows(error.sqlstate) && error.sqlstate !== '57014') return isMore(all, before.tables) ? none : undefined;
    const named = this.#namedIn([text, error.message, error.detail, error.where]).filter((oid) => !before.tables.includes(oid));
    const asTheyWere = named.filter((oid) => !before.remade.includes(oid) && !before.thinned.includes(oid));
    if (asTheyWere.length > 0) return { ...before, remade: [...before.remade, ...asTheyWere], style: styleWanted(error.message) };
    const full = named.filter((oid) => !before.thinned.includes(oid));
    if (full.length > 0) return { ...before, thinned: [...before.thinned, ...full] };
    if (named.length > 0) return joinedRemovals(before, { tables: named, remade: [], thinned: [] });
    return isMore(all, before.tables) ? none : undefined;
  }

  all(): number[] {
    return [...this.#tables].flatMap(([oid, { state }]) => (state === 'seeded' ? oid : []));
  }

  /** The tables among `oids` that have made-up rows. */
  among(oids: Iterable<number>): number[] {
    return [...new Set(oids)].filter((oid) => this.#tables.get(oid)?.state === 'seeded');
  }

  /** The tables with made-up rows that a statement or its error names. */
  #namedIn(texts: readonly (string | undefined)[]): number[] {
    const words = new Set(texts.flatMap((text) => text?.match(/\w+/g) ?? []).map((word) => word.toLowerCase()));
    const named = [...this.#tables].flatMap(([oid, { label }]) => {
      const parts =
        label
          .slice(label.indexOf('.') + 1)
          .toLowerCase()
          .match(/\w+/g) ?? [];
      return parts.every((part) => words.has(part)) ? oid : [];
    });
    return this.among(named);
  }

  /**
   * Deletes made-up rows, or makes them again, inside the open transaction; tell `committed` when that is so. False when the
   * script's role or settings do not let it be done; the transaction has failed then.
   */
  async remove(wire: Wire, removal: Removal): Promise<boolean> {
    const { remade, thinned, style } = removal;
    const changed = changedBy(removal);
    if (changed.length === 0) return true;
    const found = await wire.query(
      `SELECT c.oid::text, pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname),
          pg_catalog.quote_ident(current_setting('role')), pg_catalog.quote_ident(session_user)
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.oid IN (${changed.join(',')}) AND c.relkind = 'r'`,
    );
    const [, , role = 'none', user = 'postgres'] = found.rows[0] ?? [];
    const asOwner = [
      ...(user === 'postgres' ? [] : ['RESET SESSION AUTHORIZATION']),
      ...(role === 'none' ? [] : ['RESET ROLE']),
      'SET LOCAL session_replication_role = replica',
    ];
    const asBefore = [
      'SET LOCAL session_replication_role = origin',
      ...(user === 'postgres' ? [] : [`SET SESSION AUTHORIZATION ${user}`]),
      ...(role === 'none' ? [] : [`SET ROLE ${role}`]),
    ];
    const named = found.rows.map(([oid, name]) => ({ oid: Number(oid), name: name ?? '' }));
    const emptied = named.filter(({ oid }) => !thinned.includes(oid) || remade.includes(oid));
    const deletions = emptied.map(({ name }) => `DELETE FROM ONLY ${name}`);
    if (found.error || (await wire.query([...asOwner, ...deletions].join(';'), false)).error) return false;
    if (remade.length > 0) {
      const tables = await readSeedTables(wire, remade, this.#newestLabel);
      for (const table of parentsFirst(tables)) await fillTable(wire, table, { plain: true, distinct: true, style });
    }
    const thinnings = named
      .filter(({ oid }) => thinned.includes(oid))
      .map(({ name }) => `DELETE FROM ONLY ${name} WHERE ctid <> (SELECT pg_catalog.min(ctid) FROM ONLY ${name})`);
    return !(await wire.query([...thinnings, ...asBefore].join(';'), false)).error;
  }

  /** Makes rows for the tables that were touched and are empty. No transaction may be open. */
  async ensure(wire: Wire): Promise<void> {
    while (this.#allTouched || this.#touched.size > 0) {
      const orphans = await this.#settle(wire);
      if (orphans.length === 0) return;
      await wire.rows('BEGIN');
      await this.remove(wire, { ...noRemoval, tables: orphans });
      await wire.rows('COMMIT');
      this.removed(orphans);
    }
  }

  /** Returns the tables whose made-up rows refer to rows that are no more. */
  async #settle(wire: Wire): Promise<number[]> {
    const wanted = this.#allTouched ? undefined : [...this.#touched];
    await wire.rows(`BEGIN; ${planOnce}`);
    const tables = await readSeedTables(wire, wanted, this.#newestLabel);
    await wire.rows('COMMIT');
    const existing = new Set(tables.map((table) => table.oid));
    for (const oid of wanted ?? [...this.#tables.keys()]) if (!existing.has(oid)) this.#tables.delete(oid);
    this.#touched.clear();
    this.#allTouched = false;
    const empty: SeedTable[] = [];
    const lost: number[] = [];
    for (const table of tables) {
      const known = this.#tables.get(table.oid);
      const filled = table.hasRows && (known?.state !== 'seeded' || known.signature === table.signature);
      if (filled && known?.state === 'emptied') lost.push(table.oid);
      if (filled) this.#set(table, known?.state === 'seeded' ? 'seeded' : 'own');
      else empty.push(table);
    }
    if (empty.length > 0) await this.#fillAll(wire, empty, lost);
    return [...new Set(lost.flatMap((oid) => this.#childrenOf(oid)))];
  }

  async #fillAll(wire: Wire, empty: readonly SeedTable[], lost: number[]): Promise<void> {
    await wire.rows('BEGIN; SET LOCAL session_replication_role = replica');
    for (const table of parentsFirst(empty)) {
      const before = this.#tables.get(table.oid)?.state;
      if (table.hasRows) await wire.rows(`DELETE FROM ONLY ${table.quoted}`);
      const reason = await fillTable(wire, table);
      this.#set(table, reason === undefined ? 'seeded' : 'refused', reason);
      if (reason !== undefined && (before === 'seeded' || before === 'emptied')) lost.push(table.oid);
    }
    await wire.rows('COMMIT');
  }

  #childrenOf(parent: number): number[] {
    return this.among([...this.#tables].flatMap(([oid, { parents }]) => (parents.includes(parent) ? oid : [])));
  }

  #set(table: SeedTable, state: Settled['state'], reason?: string): void {
    const parents = table.foreignKeys.map((key) => key.references).filter((oid) => oid !== table.oid);
    const { label, signature } = table;
    this.#tables.set(table.oid, { label, state, signature, parents, reason });
  }
}

function changesTypes(text: string): boolean {
  return /\balter\s+type\b/i.test(text);
}

/** Referenced tables before those that refer to them; cycles are cut anywhere. */
function parentsFirst(tables: readonly SeedTable[]): SeedTable[] {
  const byOid = new Map(tables.map((table) => [table.oid, table]));
  const ordered = new Set<SeedTable>();
  const entered = new Set<SeedTable>();
  const enter = (table: SeedTable): void => {
    if (entered.has(table)) return;
    entered.add(table);
    for (const { references } of table.foreignKeys) {
      const parent = byOid.get(references);
      if (parent) enter(parent);
    }
    ordered.add(table);
  };
  for (const table of tables) enter(table);
  return [...ordered];
}

const plainWays: readonly RowWay[] = [
  {},
  { distinct: true },
  { plain: true, distinct: true },
  { nulls: true },
  { nulls: true, distinct: true },
  { defaults: true, distinct: true },
];
const styledWays: readonly RowWay[] = textStyles.flatMap((style) => [
  { style, distinct: true },
  { style, distinct: true, nulls: true },
]);

/**
 * Makes the rows of one empty table in the open transaction. Returns the reason when there is not even one.
 * @param wanted how all rows are to be, whatever else has to be tried
 */
export async function fillTable(wire: Wire, table: SeedTable, wanted: RowWay = {}): Promise<string | undefined> {
  const distinct = distinctColumns(table);
  const attempt = async (rows: readonly number[], way: RowWay, solution: Solution | undefined): Promise<ServerError | undefined> => {
    const inserts = rows.map((row) => insertOf(table, row, { ...wanted, ...way }, distinct, solution));
    const { error } = await wire.query(['SAVEPOINT mem8_seed', ...inserts, 'RELEASE SAVEPOINT mem8_seed'].join(';'), false);
    if (error) await wire.rows('ROLLBACK TO SAVEPOINT mem8_seed; RELEASE SAVEPOINT mem8_seed');
    return error;
  };
  let error = await attempt(seedRowNumbers, {}, undefined);
  let solution: Solution | undefined;
  if (error?.sqlstate === '23514') {
    solution = await solve(wire, table, distinct);
    error = await attempt(seedRowNumbers, {}, solution);
  }
  if (!error) {
    await addLabelRows(table, attempt, solution);
    return checkShared(wire, table);
  }
  let made = 0;
  let worked: RowWay = {};
  for (const row of seedRowNumbers) {
    const failure = await insertSomehow(attempt, row, worked, solution);
    if ('way' in failure) {
      worked = failure.way;
      made++;
    } else error = failure.error;
  }
  if (made === 0) return sentence(error);
  await addLabelRows(table, attempt, solution);
  return checkShared(wire, table);
}

type Attempt = (rows: readonly number[], way: RowWay, solution: Solution | undefined) => Promise<ServerError | undefined>;

/** A row for each value of the table's enums, where the table takes it. */
async function addLabelRows(table: SeedTable, attempt: Attempt, solution: Solution | undefined): Promise<void> {
  const rows = labelRows(table, solution);
  if (rows.size === 0 || !(await attempt([...rows.keys()], { distinct: true }, rows))) return;
  for (const row of rows.keys()) await attempt([row], { distinct: true }, rows);
}

async function insertSomehow(
  attempt: Attempt,
  row: RowNumber,
  before: RowWay,
  solution: Solution | undefined,
): Promise<{ way: RowWay } | { error: ServerError }> {
  let last: ServerError | undefined;
  for (const way of [before, ...plainWays, ...styledWays]) {
    // Another form of text helps only against errors in values.
    if (way.style && last && !/^(?:22|23514|P0001)/.test(last.sqlstate)) break;
    const error = await attempt([row], way, solution);
    if (!error) return { way };
    last = error;
    if (!mayComeFromRows(error.sqlstate)) break;
  }
  return { error: last ?? { sqlstate: 'XX000', message: '' } };
}

/** Foreign keys that share columns may ask for what no row has. */
async function checkShared(wire: Wire, table: SeedTable): Promise<string | undefined> {
  const shared = table.foreignKeys.filter((key) =>
    table.foreignKeys.some((other) => other !== key && other.columns.some((number) => key.columns.includes(number))),
  );
  for (const key of shared) {
    const names = key.columns.map((number) => table.columns.find((column) => column.number === number)?.quoted ?? 'NULL');
    const orphans = await wire.rows(
      `SELECT FROM ONLY ${table.quoted} c WHERE ${names.map((name) => `c.${name} IS NOT NULL`).join(' AND ')} AND NOT EXISTS (SELECT FROM ${
        key.from
      } p WHERE ${names.map((name, index) => `p.${key.keys[index]} = c.${name}`).join(' AND ')}) LIMIT 1`,
    );
    if (orphans.length === 0) continue;
    await wire.rows(`DELETE FROM ONLY ${table.quoted}`);
    return `No row meets all foreign keys of ${table.label}.`;
  }
  return undefined;
}

function isMore(all: readonly number[], before: readonly number[]): boolean {
  return all.some((oid) => !before.includes(oid));
}

/** The form of strings that the server asked for. */
function styleWanted(message: string): TextStyle {
  const [, type = ''] = /^invalid input syntax for type (\w+)/.exec(message) ?? [];
  if (type === 'uuid') return 'uuid';
  if (/^(?:date|time)/.test(type)) return 'date';
  return type.startsWith('json') ? 'json' : 'digits';
}

function sentence(error: ServerError | undefined): string {
  if (!error) return '';
  return error.detail ? `${error.message}: ${error.detail}` : error.message;
}
