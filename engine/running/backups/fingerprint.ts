import { createHash } from 'node:crypto';
import type { Row, TargetSession } from '../../databases/postgresql/connections/target';
import { schemaFactsSql } from './schema-facts';

/** What a database holds, in short: equal states have equal fingerprints. The journal (schema `mem8_upgrade`) does not count. */
export interface StateFingerprint {
  /** `sha256:<hex>` over the catalog. */
  readonly schema: string;
  /** `sha256:<hex>` over the rows of every table, in whatever order, and the positions of the sequences. */
  readonly rows: string;
  /** `sha256:<hex>` over both. */
  readonly combined: string;
  /** Sorted by name. Contents of materialized views are derived from the tables and left out. */
  readonly tables: readonly TableFingerprint[];
  readonly sequences: readonly SequencePosition[];
  /** As `schema`, without what changes when a definition is printed and read back: casts and parentheses in expressions. */
  readonly looseSchema: string;
}

export interface TableFingerprint {
  /** Qualified, quoted where needed. */
  readonly name: string;
  readonly rows: number;
  /** `sha256:<hex>` */
  readonly hash: string;
}

export interface SequencePosition {
  readonly name: string;
  readonly lastValue: string;
  readonly isCalled: boolean;
}

/** A fingerprint together with the facts that it was made from, so that a difference can be named. */
export interface CapturedState {
  readonly fingerprint: StateFingerprint;
  /** `column public.memories.valence` to its definition. */
  readonly facts: ReadonlyMap<string, string>;
  /** True when the database holds a journal. */
  readonly hasJournal: boolean;
}

/** @throws DatabaseFailure when a table may not be read, ProblemError when the connection is lost */
export async function stateFingerprint(session: TargetSession): Promise<StateFingerprint> {
  return (await captureState(session)).fingerprint;
}

/**
 * Reads the state as of one moment: in a transaction of its own, or inside the one that is open, whose settings are left as they were.
 * Rows are hashed in the server; only a count and a sum a table travel.
 * @throws as `stateFingerprint`
 */
export async function captureState(session: TargetSession): Promise<CapturedState> {
  if (!session.inTransaction) {
    return session.transaction(async () => {
      await session.execute('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
      return capture(session);
    });
  }
  await session.execute('SAVEPOINT mem8_fingerprint');
  try {
    return await capture(session);
  } finally {
    await session.execute('ROLLBACK TO SAVEPOINT mem8_fingerprint; RELEASE SAVEPOINT mem8_fingerprint');
  }
}

/** How values look as text depends on these. Row security must fail rather than hide rows. */
const settings =
  "SET LOCAL search_path = pg_catalog; SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO, YMD'; SET LOCAL IntervalStyle = 'postgres';" +
  " SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = 'hex'; SET LOCAL xmlbinary = 'base64'; SET LOCAL row_security = off; SET LOCAL statement_timeout = 0";

const ofExtension = "EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')";
const relationsSql = `SELECT c.oid::regclass::text AS name, c.relkind AS kind, n.nspname = 'mem8_upgrade' AS journal
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'S') AND c.relpersistence <> 't' AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' AND NOT ${ofExtension}
  ORDER BY c.oid::regclass::text COLLATE "C"`;

async function capture(session: TargetSession): Promise<CapturedState> {
  await session.execute(settings);
  const relations = await session.query<{ name: string; kind: string; journal: boolean }>(relationsSql);
  const tables: TableFingerprint[] = [];
  const sequences: SequencePosition[] = [];
  for (const { name, kind, journal } of relations) {
    if (journal) continue;
    if (kind === 'S') sequences.push(await position(session, name));
    else tables.push(await fingerprintRows(session, name, `SELECT (t.*)::text AS line FROM ONLY ${name} t`));
  }
  const largeObjects = 'SELECT m.oid::text || md5(lo_get(m.oid)) AS line FROM pg_largeobject_metadata m';
  const large = await fingerprintRows(session, 'large objects', largeObjects);
  if (large.rows > 0) tables.push(large);
  const facts = await readFacts(session);
  const schema = hash([...facts]);
  const rows = hash([tables, sequences]);
  return {
    fingerprint: { schema, rows, combined: hash([schema, rows]), tables, sequences, looseSchema: hash(loosen(facts)) },
    facts,
    hasJournal: relations.some((relation) => relation.journal),
  };
}

/** Two sums of 64 bits of each row's hash do not depend on the order of the rows, and notice rows that occur twice. */
async function fingerprintRows(session: TargetSession, name: string, lines: string): Promise<TableFingerprint> {
  const half = (start: number) => `COALESCE(sum(('x' || substr(h, ${start}, 16))::bit(64)::bigint::numeric), 0)::text`;
  const sql = `SELECT count(*) AS rows, ${half(1)} AS a, ${half(17)} AS b FROM (SELECT md5(line) AS h FROM (${lines}) l) s`;
  const [row] = await session.query<Row & { rows: number; a: string; b: string }>(sql);
  if (!row) throw new Error(`No answer for ${name}.`);
  return { name, rows: row.rows, hash: hash([row.rows, row.a, row.b]) };
}

async function position(session: TargetSession, name: string): Promise<SequencePosition> {
  const [row] = await session.query<{ last: string; called: boolean }>(`SELECT last_value::text AS last, is_called AS called FROM ${name}`);
  return { name, lastValue: row?.last ?? '', isCalled: row?.called === true };
}

async function readFacts(session: TargetSession): Promise<Map<string, string>> {
  const rows = await session.query<{ kind: string; name: string; definition: string | null }>(
    `SELECT f.kind, f.name, f.definition FROM (${schemaFactsSql}) AS f(kind, name, definition) ORDER BY f.kind COLLATE "C", f.name COLLATE "C", f.definition COLLATE "C"`,
  );
  const facts = new Map<string, string>();
  for (const { kind, name, definition } of rows) facts.set(`${kind} ${name}`, definition ?? '');
  return facts;
}

/** An index fact ends with `indisvalid|indisclustered|indisreplident`. */
const validity = /\|([tf])(\|[tf]\|[tf])$/;

/** The invalid indexes among the facts, which failed or interrupted statements left behind; those of partitioned tables are not among them. */
export function invalidIndexes(facts: ReadonlyMap<string, string>): string[] {
  return [...facts].flatMap(([object, definition]) =>
    object.startsWith('index ') && validity.exec(definition)?.[1] === 'f' && !isOfPartitionedTable(definition)
      ? object.slice('index '.length)
      : [],
  );
}

/** `pg_get_indexdef` prints ONLY for these and no others. */
function isOfPartitionedTable(definition: string): boolean {
  return / ON ONLY /.test(definition);
}

/**
 * The facts that a dump brings back, without what changes when a definition is printed and read back. pg_dump leaves out an invalid
 * index of a table, and its comment. An index of a partitioned table is valid once valid ones of all partitions are attached to it.
 * Source: getIndexes in pg_dump.c, 13 to 18; validatePartitionedIndex in tablecmds.c.
 */
export function dumpedFacts(facts: ReadonlyMap<string, string>): Map<string, string> {
  const leftOut = new Set(invalidIndexes(facts).flatMap((name) => [`index ${name}`, `comment index ${name}`]));
  const kept = [...facts].filter(([object]) => !leftOut.has(object));
  return new Map(
    kept.map(([object, definition]) => [
      object,
      looseDefinition(object.startsWith('index ') && isOfPartitionedTable(definition) ? definition.replace(validity, '$2') : definition),
    ]),
  );
}

/**
 * A definition that a dump printed and a server read again may come back with other casts and parentheses:
 * `ANY ((ARRAY['a'::varchar])::text[])` as `ANY (ARRAY[('a'::varchar)::text])`.
 */
function loosen(facts: ReadonlyMap<string, string>): [string, string][] {
  return [...facts].map(([object, definition]) => [object, looseDefinition(definition)]);
}

export function looseDefinition(definition: string): string {
  return definition
    .replace(/::("[^"]*"|[a-z_]\w*)(\."[^"]*"|\.[a-z_]\w*)?( (varying|precision|with(out)? time zone))?(\(\d+(,\d+)?\))?(\[\])*/gi, '')
    .replace(/[()\s]+/g, '');
}

function hash(value: unknown): string {
  return `sha256:${createHash('sha256').update(JSON.stringify(value)).digest('hex')}`;
}
