import { sha256 } from '../../../core/hash';
import type { Row, TargetSession } from '../../target';
import { historyFacts, looseText, marksOf, recordedFacts } from './cosmetic';
import type { CapturedState, SchemaState, SequencePosition, StateFingerprint, TableFingerprint } from '../../schema-state';
import { planOnce } from './fact-sql';
import { readSchemaFacts, type TextRows } from './facts';

/** Names the facts that hashes of a schema are made of. It changes with them, so that records of before are known as such. */
const schemaForm = 'schema2';

/** False for hashes of schemas that were made of other facts, by another version of the program: they say nothing about each other. */
export function areComparable(one: string, other: string): boolean {
  const formOf = (hashed: string) => hashed.slice(0, hashed.indexOf(':'));
  return formOf(one) === formOf(other);
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
export const comparableSettings =
  "SET LOCAL search_path = pg_catalog; SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO, YMD'; SET LOCAL IntervalStyle = 'postgres';" +
  " SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = 'hex'; SET LOCAL xmlbinary = 'base64'; SET LOCAL row_security = off; SET LOCAL statement_timeout = 0";

const ofExtension = "EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')";
const relationsSql = `SELECT c.oid::regclass::text AS name, c.relkind AS kind, n.nspname = 'mem8_upgrade' AS journal
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'S') AND c.relpersistence <> 't' AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' AND NOT ${ofExtension}
  ORDER BY c.oid::regclass::text COLLATE "C"`;

async function capture(session: TargetSession): Promise<CapturedState> {
  await session.execute(comparableSettings);
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
  const facts = recordedFacts(await readSchemaFacts(session));
  const schema = hash([...facts], schemaForm);
  const rows = hash([tables, sequences]);
  return {
    fingerprint: {
      schema,
      rows,
      combined: hash([schema, rows]),
      tables,
      sequences,
      looseSchema: hash(
        [...facts].map(([object, properties]) => [object, looseText(properties)]),
        schemaForm,
      ),
    },
    facts,
    hasJournal: relations.some((relation) => relation.journal),
  };
}

/**
 * The schema as it is now, without the journal and without rows: what equal histories have in common.
 * @throws as `stateFingerprint`
 */
export async function readSchemaState(session: TargetSession): Promise<SchemaState> {
  const facts = await session.transaction(async () => {
    await session.execute('set transaction read only; set local search_path = pg_catalog');
    return readSchemaFacts(session);
  });
  const objects = Object.fromEntries(
    [...historyFacts(facts)].sort(([a], [b]) => (a < b ? -1 : 1)).map(([object, texts]) => [object, hexOf([...texts].sort()).slice(0, 16)]),
  );
  const marks = marksOf(facts);
  const marked = Object.entries(objects).map(([object, hashed]) => [object, hashed + (marks.get(object) ?? '')]);
  return { fingerprint: hash(objects, schemaForm), objects: Object.fromEntries(marked) as SchemaState['objects'] };
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

function hash(value: unknown, form = 'sha256'): string {
  return `${form}:${hexOf(value)}`;
}

function hexOf(value: unknown): string {
  return sha256(JSON.stringify(value));
}

/** Number and hash of a table's rows, whatever their order and the order of columns, and a hash of each column's values. */
export interface TableRows {
  readonly all: string;
  readonly columns: ReadonlyMap<string, string>;
}
export type RowHashes = ReadonlyMap<string, TableRows>;

export const noRows: TableRows = { all: '0:0', columns: new Map() };
const hashOf = (value: string) => `coalesce(sum(pg_catalog.hashtextextended(pg_catalog.to_jsonb(${value})::text, 0)::numeric), 0)::text`;

/** Statements to prepare once per connection for `hashRows`. */
export const rowPreparations: readonly string[] = [
  `PREPARE mem8_tables(oid[]) AS SELECT n.nspname || '.' || c.relname, pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname),
      pg_catalog.pg_relation_size(c.oid) > 0, (SELECT pg_catalog.json_agg(a.attname ORDER BY a.attnum) FROM pg_catalog.pg_attribute a
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.oid = ANY($1) AND c.oid >= 16384 AND c.relkind = 'r'`,
];

/** Hashes the rows of the tables in scope, in the embedded database. A transaction has to be open. */
export async function hashRows(wire: TextRows, scope: Iterable<number>): Promise<RowHashes> {
  const hashes = new Map<string, TableRows>();
  await wire.rows(`SAVEPOINT mem8_tables; ${planOnce}`);
  const names = await wire.rows(`EXECUTE mem8_tables('{${[...scope].join(',')}}')`);
  await wire.rows('ROLLBACK TO SAVEPOINT mem8_tables; RELEASE SAVEPOINT mem8_tables');
  for (const [name] of names) hashes.set(name ?? '', noRows);
  const filled = names.filter(([, , hasPages]) => hasPages === 't');
  if (filled.length === 0) return hashes;
  const columnsOf = new Map(filled.map(([name, , , columns]) => [name ?? '', JSON.parse(columns ?? '[]') as string[]]));
  const counts = filled.map(([name, quoted]) => {
    const columns = columnsOf.get(name ?? '')?.map((column) => hashOf(`x."${column.replaceAll('"', '""')}"`)) ?? [];
    return `SELECT '${(name ?? '').replaceAll("'", "''")}', count(*)::text || ':' || ${hashOf('x')},
      pg_catalog.array_to_string(ARRAY[${columns.join(',')}]::text[], ',') FROM ONLY ${quoted} x`;
  });
  for (const [name, all, values] of await wire.rows(counts.join(';'))) {
    const each = (values ?? '').split(',');
    const columns = new Map(columnsOf.get(name ?? '')?.map((column, index) => [column, each[index] ?? '']));
    hashes.set(name ?? '', { all: all ?? noRows.all, columns });
  }
  return hashes;
}
