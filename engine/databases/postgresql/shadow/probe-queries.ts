import { databaseError } from './database-error';
import type { DatabaseError, ProbeOutcome, ProbeQuery, StepProbe } from '../../observation';
import { withoutLiterals } from './refusal';
import { readSeedTables } from './seeding/seed-facts';
import { fillTable } from './seeding/seed-rows';
import type { Wire } from './wire';
import { stringConstant } from '../sql/quoting';

/** False for statements after which every query fares as before: those that change rows only, or settings. */
export function mayChangeQueries(text: string): boolean {
  const bare = withoutLiterals(text).replace(/^[\s(]+/, '');
  return !/^(?:insert|update|delete|copy|select|values|set|reset|show|analyze|vacuum|comment|lock|reindex|cluster|create\s+(?:unique\s+)?index)\b/i.test(
    bare,
  );
}

/** True for statements that only make something new: what worked before works after them. */
export function onlyAdds(text: string): boolean {
  const bare = withoutLiterals(text).replace(/^[\s(]+/, '');
  return /^create\s+(?:(?:global|local|temp|temporary|unlogged)\s+)*(?:table|type|domain|sequence|schema|extension|view|materialized\s+view|function|procedure|aggregate|role|user)\b/i.test(
    bare,
  );
}

/** Values for the parameters of a write by position, in the server's input syntax; null is NULL. */
type Values = readonly (string | null)[];

const savepoint = 'mem8_probe';

/** Who looks on, since a query may hang. */
interface ProbeWatch {
  /** Why a query is never to be tried again, if so. */
  givenUp(sql: string): DatabaseError | undefined;
  /** Called before a query is tried, with its place. Throws `Stopped` when the host asked for that. */
  entering(query: number): void;
  left(): void;
}

/** Tries the queries of applications while a migration runs. Leaves nothing behind. */
export class QueryProber {
  readonly #before: ProbeOutcome[] = [];
  readonly #changes: StepProbe['changes'][number][] = [];
  readonly #last: ProbeOutcome[] = [];
  /** For each write the values that it worked with before the step. */
  readonly #values: Values[][] = [];
  readonly #types = new Map<number, string>();
  /** Rows of tables in the state at hand. */
  readonly #rows = new Map<string, readonly ReadonlyMap<string, string | null>[]>();

  constructor(
    readonly wire: Wire,
    readonly queries: readonly ProbeQuery[],
    readonly watch: ProbeWatch,
  ) {}

  get result(): StepProbe {
    return { before: this.#before, changes: this.#changes };
  }

  /** Tries everything at the state before the step. No transaction may be open. */
  async begin(): Promise<void> {
    await this.#inside(false, async () => {
      for (const [index, query] of this.queries.entries()) {
        const outcome = await this.#watched(index, query, () => this.#firstOutcome(index, query));
        this.#before.push(outcome);
        this.#last.push(outcome);
      }
    });
  }

  /** Tries everything again and notes what has changed. */
  async after(statement: number, inTransaction: boolean): Promise<void> {
    await this.#inside(inTransaction, async () => {
      for (const [index, query] of this.queries.entries()) {
        const outcome = await this.#watched(index, query, () => this.#outcome(index, query));
        if (JSON.stringify(outcome) === JSON.stringify(this.#last[index])) continue;
        this.#last[index] = outcome;
        this.#changes.push({ statement, query: index, outcome });
      }
    });
  }

  async #watched(index: number, { sql }: ProbeQuery, work: () => Promise<ProbeOutcome>): Promise<ProbeOutcome> {
    const error = this.watch.givenUp(sql);
    if (error) return { parameters: [], columns: [], error };
    this.watch.entering(index);
    const outcome = await work();
    this.watch.left();
    return outcome;
  }

  async #firstOutcome(index: number, query: ProbeQuery): Promise<ProbeOutcome> {
    const described = await this.#described(query);
    const working: Values[] = [];
    if (query.writes && !described.error) {
      for (const values of await this.#candidates(query)) {
        if ((await this.#run(query, described.parameters, values)) !== undefined) continue;
        working.push(values);
        break;
      }
    }
    this.#values[index] = working;
    return working.length > 0 ? { ...described, written: true } : described;
  }

  async #outcome(index: number, query: ProbeQuery): Promise<ProbeOutcome> {
    const described = await this.#described(query);
    const values = this.#values[index] ?? [];
    if (described.error) return described;
    if (values.length === 0) return this.#newWrite(index, query, described);
    const failure = await this.#failsWithAll(query, described.parameters, values);
    if (failure === undefined) return { ...described, written: true };
    // Other values may do where a condition is new: only what no values can mend is held against the step.
    const others = await this.#candidates(query, true);
    const still = others.length === 0 ? failure : await this.#failsWithAll(query, described.parameters, others);
    return still === undefined ? { ...described, written: true } : { ...described, writeError: databaseError(failure, query.sql) };
  }

  /** A write that could not be prepared before the step: tried with values for the state at hand. Only what no values can mend counts. */
  async #newWrite(index: number, query: ProbeQuery, described: ProbeOutcome): Promise<ProbeOutcome> {
    if (!query.writes || !this.#before[index]?.error) return described;
    const failure = await this.#failsWithAll(query, described.parameters, await this.#candidates(query));
    return failure && /^42/.test(failure.sqlstate) ? { ...described, writeError: databaseError(failure, query.sql) } : described;
  }

  async #failsWithAll(query: ProbeQuery, types: readonly string[], all: readonly Values[]) {
    let first;
    for (const values of all) {
      const failure = await this.#run(query, types, values);
      if (failure === undefined) return undefined;
      first ??= failure;
    }
    return first;
  }

  async #described({ sql }: ProbeQuery): Promise<ProbeOutcome> {
    const { parameters, columns, error } = await this.wire.describe(sql);
    if (error) {
      await this.#takeBack();
      return { parameters: [], columns: [], error: databaseError(error, sql) };
    }
    await this.#learnTypes([...parameters, ...columns.map(({ type }) => type)]);
    return {
      parameters: parameters.map((type) => this.#types.get(type) ?? ''),
      columns: columns.map(({ name, type, modifier }) => ({
        name,
        type: this.#types.get(type) ?? '',
        modifier: modifier >= 0 ? modifier : undefined,
      })),
    };
  }

  async #learnTypes(oids: readonly number[]): Promise<void> {
    const unknown = [...new Set(oids)].filter((oid) => !this.#types.has(oid));
    if (unknown.length === 0) return;
    const rows = await this.wire.rows(
      `SELECT t.oid::text, pg_catalog.format_type(t.oid, NULL) FROM pg_catalog.pg_type t WHERE t.oid IN (${unknown.join(',')})`,
    );
    for (const [oid, name] of rows) this.#types.set(Number(oid), name ?? '');
  }

  /** Runs a write on an otherwise empty table, so that no earlier row is in its way, and takes it back. */
  async #run(query: ProbeQuery, types: readonly string[], values: Values) {
    const tables = new Set((query.writes ?? []).flatMap((target) => (target?.use === 'new' ? target.table : [])));
    const isInsert = /^\s*insert\b/i.test(query.sql);
    const given = types.map((type, index) => constantOf(values[index] ?? null, type));
    const execute = `EXECUTE ${savepoint}${given.length > 0 ? `(${given.join(', ')})` : ''}`;
    const emptied = isInsert ? [...tables].map((table) => `DELETE FROM ${table}`) : [];
    const asReplica = ['SET LOCAL session_replication_role = replica', ...emptied, 'SET LOCAL session_replication_role = origin'];
    const { error } = await this.wire.query(
      [...(emptied.length > 0 ? asReplica : []), `PREPARE ${savepoint} AS ${query.sql}`, execute, 'SET CONSTRAINTS ALL IMMEDIATE'].join(
        ';\n',
      ),
      false,
    );
    await this.wire.rows(`ROLLBACK TO SAVEPOINT ${savepoint}`);
    const dropped = await this.wire.query(`DEALLOCATE ${savepoint}`, false);
    if (dropped.error) await this.#takeBack();
    // Its position would be one in the text with everything around the query.
    return error && { ...error, position: undefined };
  }

  /** Values that suit the columns that the parameters stand for: those of made-up rows of their tables. */
  async #candidates({ writes = [] }: ProbeQuery, fresh = false): Promise<Values[]> {
    const tables = [...new Set(writes.flatMap((target) => target?.table ?? []))];
    const rows = new Map<string, readonly ReadonlyMap<string, string | null>[]>();
    for (const table of tables) {
      const known = this.#rows.get(`${fresh} ${table}`) ?? (await this.#rowsOf(table, fresh));
      this.#rows.set(`${fresh} ${table}`, known);
      rows.set(table, known);
    }
    const count = Math.max(1, ...[...rows.values()].map((each) => each.length));
    return Array.from({ length: count }, (_, row) =>
      writes.map((target) => {
        const own = target && rows.get(target.table);
        return own?.[row % Math.max(1, own.length)]?.get(target?.column ?? '') ?? undefined;
      }),
    ).map((each) => each.map((value) => value ?? null));
  }

  async #rowsOf(table: string, fresh: boolean): Promise<ReadonlyMap<string, string | null>[]> {
    const found = await this.wire.query(`SELECT ${stringConstant(table)}::regclass::oid::text`);
    if (found.error) {
      await this.#takeBack();
      return [];
    }
    const [facts] = await readSeedTables(this.wire, [Number(found.rows[0]?.[0])]);
    if (!facts) return [];
    if (fresh || !facts.hasRows) {
      const emptied = await this.wire.query(`SET LOCAL session_replication_role = replica; DELETE FROM ONLY ${facts.quoted}`, false);
      if (emptied.error || (await fillTable(this.wire, facts)) !== undefined) {
        await this.#takeBack();
        return [];
      }
    }
    const columns = facts.columns.map(({ name, quoted }) => ({ name, quoted }));
    const read = await this.wire.query(`SELECT ${columns.map(({ quoted }) => `${quoted}::text`).join(', ')} FROM ${facts.quoted} LIMIT 3`);
    await this.#takeBack();
    return read.rows.map((row) => new Map(columns.map(({ name }, index) => [name, row[index] ?? null])));
  }

  async #takeBack(): Promise<void> {
    await this.wire.rows(`ROLLBACK TO SAVEPOINT ${savepoint}`);
  }

  /** As a connection of an application would find the database: without what the script set for itself. */
  async #inside(inTransaction: boolean, work: () => Promise<void>): Promise<void> {
    const opened = await this.wire.query(
      `${inTransaction ? 'SAVEPOINT mem8_probe_all' : 'BEGIN'}; SET LOCAL search_path TO DEFAULT; SET LOCAL ROLE NONE; SAVEPOINT ${savepoint}`,
      false,
    );
    this.#rows.clear();
    if (!opened.error) await work();
    await this.wire.query(inTransaction ? 'ROLLBACK TO SAVEPOINT mem8_probe_all; RELEASE SAVEPOINT mem8_probe_all' : 'ROLLBACK', false);
  }
}

/** A value as the parameter of EXECUTE; what no column tells is something plain of the type. */
function constantOf(value: string | null, type: string): string {
  const plain = value ?? plainValues.find(([pattern]) => pattern.test(type))?.[1];
  return plain === undefined ? 'NULL' : `${stringConstant(plain)}::${type === '' ? 'text' : type}`;
}

const plainValues: readonly (readonly [RegExp, string])[] = [
  [/\[\]$/, '{}'],
  [/^(?:smallint|integer|bigint|numeric|real|double)/, '1'],
  [/^bool/, 'true'],
  [/^(?:text|character|name|citext)/, 'a'],
  [/^(?:timestamp|date)/, '2024-01-01'],
  [/^time/, '12:00'],
  [/^interval/, '1 day'],
  [/^json/, '{}'],
  [/^uuid/, '00000000-0000-4000-8000-000000000001'],
  [/^bytea/, '\\x00'],
  [/^(?:inet|cidr)/, '10.0.0.1'],
];
