import type { Wire } from './wire';

/** Rows written to tables so far in the transaction, and their names as plans have them. */
export const ownWritesPreparation = `PREPARE mem8_written(oid[]) AS
  SELECT c.oid::text, (pg_catalog.pg_stat_get_xact_tuples_inserted(c.oid) + pg_catalog.pg_stat_get_xact_tuples_updated(c.oid)
      + pg_catalog.pg_stat_get_xact_tuples_deleted(c.oid))::text, n.nspname, c.relname
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = ANY ($1)`;

/** Tables that a plan reads or changes, as `nameInPlan` writes them. */
interface Planned {
  readonly read: ReadonlySet<string>;
  readonly changed: ReadonlySet<string>;
}

/**
 * Tables that the shadow itself wrote to in the open transaction. It holds RowExclusive on them from then on, so that locks do
 * not tell whether a later statement of the script takes it too.
 */
export class OwnWrites {
  /** With the rows written when the shadow was done. */
  readonly #tables: Map<number, number>;

  constructor(
    readonly wire: Wire,
    from?: OwnWrites,
  ) {
    this.#tables = new Map(from ? from.#tables : []);
  }

  copy(): OwnWrites {
    return new OwnWrites(this.wire, this);
  }

  /** The shadow wrote to these tables just now. */
  async add(tables: readonly number[]): Promise<void> {
    for (const { oid, rows } of await this.#read([...this.#tables.keys(), ...tables])) this.#tables.set(oid, rows);
  }

  /**
   * The tables among them that the statement writes to, which are the script's own from now on: those with more rows written
   * than before, those that its plan changes, and those that its code reads where that may be an UPDATE or DELETE of nothing.
   * @param text the statement, which has just run
   * @param scanned the tables that it read from end to end
   */
  async takenOver(text: string, scanned: ReadonlySet<number>): Promise<ReadonlySet<number>> {
    if (this.#tables.size === 0) return new Set();
    const tables = await this.#read([...this.#tables.keys()]);
    const planned = await this.#plan(text);
    const isCodeThatReads = /^\s*do\b/i.test(text) && !/\b(?:update|delete|merge|execute|perform|call)\b/i.test(text);
    const taken = tables.filter(
      ({ oid, rows, name }) =>
        rows !== this.#tables.get(oid) || planned.changed.has(name) || (scanned.has(oid) && !planned.read.has(name) && !isCodeThatReads),
    );
    for (const { oid } of taken) this.#tables.delete(oid);
    return new Set(taken.map(({ oid }) => oid));
  }

  async #read(tables: readonly number[]): Promise<{ oid: number; rows: number; name: string }[]> {
    if (tables.length === 0) return [];
    const rows = await this.wire.rows(`EXECUTE mem8_written('{${tables.join(',')}}')`);
    return rows.map(([oid, written, schema, table]) => ({ oid: Number(oid), rows: Number(written), name: nameInPlan(schema, table) }));
  }

  async #plan(text: string): Promise<Planned> {
    const read = new Set<string>();
    const changed = new Set<string>();
    await this.wire.rows('SAVEPOINT mem8_plan');
    const { rows, error } = await this.wire.query(`EXPLAIN (VERBOSE, FORMAT JSON) ${text}`);
    await this.wire.rows('ROLLBACK TO SAVEPOINT mem8_plan; RELEASE SAVEPOINT mem8_plan');
    const visit = (node: unknown): void => {
      if (typeof node !== 'object' || node === null) return;
      const { 'Node Type': type, 'Relation Name': table, Schema: schema, 'Target Tables': targets } = node as PlanNode;
      if (typeof table === 'string') (type === 'ModifyTable' ? changed : read).add(nameInPlan(schema, table));
      for (const each of targets ?? []) changed.add(nameInPlan(each.Schema, each['Relation Name']));
      for (const [key, child] of Object.entries(node)) if (key !== 'Target Tables') visit(child);
    };
    if (!error) for (const [plan] of rows) visit(JSON.parse(plan ?? 'null'));
    return { read, changed };
  }
}

interface PlanNode {
  readonly 'Node Type'?: string;
  readonly 'Relation Name'?: string;
  readonly Schema?: string;
  readonly 'Target Tables'?: readonly PlanNode[];
}

function nameInPlan(schema: string | null | undefined, table: string | null | undefined): string {
  return JSON.stringify([schema, table]);
}
