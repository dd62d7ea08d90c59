import { notOfSystem } from '../../catalogue/fact-sql';
import type { ValueType } from './seed-values';
import type { Wire } from '../wire';

export interface SeedColumn {
  readonly number: number;
  readonly name: string;
  readonly quoted: string;
  readonly type: ValueType;
  readonly typmod: number;
  readonly notNull: boolean;
  readonly hasDefault: boolean;
}

export interface SeedCheck {
  readonly columns: readonly number[];
  readonly expression: string;
}

export interface SeedForeignKey {
  readonly columns: readonly number[];
  /** Oid of the referenced table. */
  readonly references: number;
  /** The referenced table as it stands in FROM. */
  readonly from: string;
  /** The referenced columns, quoted. */
  readonly keys: readonly string[];
  readonly keyNumbers: readonly number[];
}

/** What rows of a table must respect. */
export interface SeedTable {
  readonly oid: number;
  /** Schema and name, as in `RelationName`. */
  readonly label: string;
  readonly quoted: string;
  /** Columns that can be given values: no generated ones. */
  readonly columns: readonly SeedColumn[];
  readonly checks: readonly SeedCheck[];
  readonly foreignKeys: readonly SeedForeignKey[];
  /** Columns of each unique or exclusion index, also those in its expressions. */
  readonly uniques: readonly (readonly number[])[];
  readonly hasRows: boolean;
  /** Changes when the table gets other columns or other types, or an enum other values. */
  readonly signature: string;
}

const member = (catalog: string, oid: string) =>
  `EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.${catalog}'::regclass AND d.objid = ${oid} AND d.deptype = 'e')`;

/** Statements to prepare once per connection. */
export const seedPreparations: readonly string[] = [
  `PREPARE mem8_seed_tables(oid[]) AS SELECT c.oid::text, n.nspname || '.' || c.relname,
      pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname),
      CASE WHEN c.relispartition THEN pg_catalog.pg_get_partition_constraintdef(c.oid) END,
      (pg_catalog.pg_relation_size(c.oid) > 0)::text
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND ${notOfSystem('c.oid')} AND c.oid = ANY (coalesce($1, ARRAY(SELECT a.oid FROM pg_catalog.pg_class a WHERE a.relkind = 'r' AND ${notOfSystem('a.oid')})))
      AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' AND NOT ${member('pg_class', 'c.oid')}`,
  `PREPARE mem8_seed_columns(oid[]) AS SELECT 'columns', a.attrelid::text, pg_catalog.jsonb_agg(pg_catalog.jsonb_build_array(a.attnum, a.attname,
      pg_catalog.quote_ident(a.attname), a.atttypid::bigint, a.atttypmod, a.attnotnull, a.attgenerated, a.atthasdef OR a.attidentity <> '') ORDER BY a.attnum)::text
    FROM pg_catalog.pg_attribute a WHERE a.attrelid = ANY ($1) AND a.attnum > 0 AND NOT a.attisdropped GROUP BY a.attrelid`,
  `PREPARE mem8_seed_constraints(oid[]) AS SELECT 'constraints', c.conrelid::text, pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object('type', c.contype,
      'columns', c.conkey, 'check', pg_catalog.pg_get_expr(c.conbin, c.conrelid), 'references', c.confrelid::bigint, 'keyNumbers', c.confkey,
      'from', (SELECT CASE r.relkind WHEN 'r' THEN 'ONLY ' ELSE '' END || pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(r.relname)
        FROM pg_catalog.pg_class r JOIN pg_catalog.pg_namespace n ON n.oid = r.relnamespace WHERE r.oid = c.confrelid),
      'keys', (SELECT pg_catalog.jsonb_agg(pg_catalog.quote_ident(a.attname) ORDER BY k.place)
        FROM pg_catalog.unnest(c.confkey) WITH ORDINALITY k(number, place)
        JOIN pg_catalog.pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.number)))::text
    FROM pg_catalog.pg_constraint c WHERE c.conrelid = ANY ($1) AND c.contype IN ('c', 'f') AND c.conenforced
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint p WHERE p.oid = c.conparentid AND p.conrelid = c.conrelid) GROUP BY c.conrelid`,
  `PREPARE mem8_seed_uniques(oid[]) AS SELECT 'uniques', i.indrelid::text, pg_catalog.jsonb_agg((
      SELECT pg_catalog.jsonb_agg(x.number) FROM (
        SELECT k.number FROM pg_catalog.unnest(i.indkey::int2[]) WITH ORDINALITY k(number, place) WHERE k.place <= i.indnkeyatts AND k.number > 0
        UNION SELECT d.refobjsubid FROM pg_catalog.pg_depend d WHERE 0 = ANY (i.indkey::int2[]) AND d.classid = 'pg_catalog.pg_class'::regclass
          AND d.objid = i.indexrelid AND d.refobjid = i.indrelid AND d.refobjsubid > 0) x))::text
    FROM pg_catalog.pg_index i WHERE i.indrelid = ANY ($1) AND (i.indisunique OR i.indisexclusion) GROUP BY i.indrelid`,
  `PREPARE mem8_seed_types(oid[]) AS WITH RECURSIVE needed(oid) AS (SELECT pg_catalog.unnest($1) UNION
      SELECT x.oid FROM needed JOIN pg_catalog.pg_type t ON t.oid = needed.oid CROSS JOIN LATERAL (
        SELECT t.typelem WHERE t.typelem <> 0 AND t.typcategory = 'A' UNION ALL SELECT t.typbasetype WHERE t.typbasetype <> 0
        UNION ALL SELECT r.rngsubtype FROM pg_catalog.pg_range r WHERE r.rngtypid = t.oid
        UNION ALL SELECT r.rngtypid FROM pg_catalog.pg_range r WHERE r.rngmultitypid = t.oid
        UNION ALL SELECT a.atttypid FROM pg_catalog.pg_attribute a
          WHERE t.typrelid <> 0 AND a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped) x(oid))
    SELECT t.oid::text, pg_catalog.jsonb_build_object('name', t.typname, 'sqlName', pg_catalog.format_type(t.oid, -1), 'kind', t.typtype, 'category', t.typcategory, 'typmod', t.typtypmod,
      'notNull', t.typnotnull, 'inner', coalesce(nullif(t.typbasetype, 0), CASE WHEN t.typcategory = 'A' THEN nullif(t.typelem, 0) END,
        (SELECT r.rngsubtype FROM pg_catalog.pg_range r WHERE r.rngtypid = t.oid),
        (SELECT r.rngtypid FROM pg_catalog.pg_range r WHERE r.rngmultitypid = t.oid))::bigint,
      'labels', (SELECT pg_catalog.jsonb_agg(pg_catalog.jsonb_build_array(e.enumlabel, e.oid::bigint) ORDER BY e.enumsortorder) FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid),
      'fields', (SELECT pg_catalog.jsonb_agg(pg_catalog.jsonb_build_array(a.atttypid::bigint, a.atttypmod) ORDER BY a.attnum)
        FROM pg_catalog.pg_attribute a WHERE t.typrelid <> 0 AND a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped),
      'checks', (SELECT pg_catalog.jsonb_agg(pg_catalog.pg_get_expr(c.conbin, 0)) FROM pg_catalog.pg_constraint c
        WHERE c.contypid = t.oid AND c.contype = 'c'))::text
    FROM needed JOIN pg_catalog.pg_type t ON t.oid = needed.oid`,
];

type ColumnRow = readonly [number, string, string, number, number, boolean, string, boolean];

interface ConstraintRow {
  readonly type: 'c' | 'f';
  readonly columns: readonly number[] | null;
  readonly check: string | null;
  readonly references: number;
  readonly from: string | null;
  readonly keys: readonly string[] | null;
  readonly keyNumbers: readonly number[] | null;
}

interface TypeRow {
  readonly name: string;
  readonly sqlName: string;
  readonly kind: string;
  readonly category: string;
  readonly typmod: number;
  readonly notNull: boolean;
  readonly inner: number | null;
  readonly labels: readonly string[];
  readonly fields: readonly (readonly [number, number])[] | null;
  readonly checks: readonly string[] | null;
}

/** Types nest, and a table's row type may contain itself. */
const deepestType = 6;

/**
 * Reads what must be known to make rows, in a constant number of queries.
 * @param oids the tables, or undefined for all. Tables of extensions, temporary and foreign ones are left out
 * @param newestLabel values of enums that were added later are left out; see `newestLabelIn`
 */
export async function readSeedTables(wire: Wire, oids: readonly number[] | undefined, newestLabel = Infinity): Promise<SeedTable[]> {
  const tables = await wire.rows(`EXECUTE mem8_seed_tables(${oids ? arrayOf(oids) : 'NULL'})`);
  if (tables.length === 0) return [];
  const wanted = arrayOf(tables.map((row) => Number(row[0])));
  const withPages = tables.filter((row) => row[4] === 'true');
  const found = await wire.rows(
    [
      ...['columns', 'constraints', 'uniques'].map((each) => `EXECUTE mem8_seed_${each}(${wanted})`),
      ...withPages.map((row) => `SELECT 'rows', '${row[0]}', '' WHERE EXISTS (SELECT FROM ONLY ${row[2]})`),
    ].join(';'),
  );
  const facts = new Map<string, string>(found.map(([kind, oid, json]) => [`${kind}:${oid}`, json ?? '']));
  const parsed = <T>(kind: string, oid: string): readonly T[] => JSON.parse(facts.get(`${kind}:${oid}`) || '[]') as readonly T[];
  const columnRows = new Map(tables.map((row) => [row[0] ?? '', parsed<ColumnRow>('columns', row[0] ?? '')]));
  const types = await readTypes(wire, new Set([...columnRows.values()].flat().map((row) => row[3])), newestLabel);
  return tables.map(([oid = '', label, quoted, partition]) => {
    const rows = columnRows.get(oid ?? '') ?? [];
    const columns = rows.filter((row) => row[6] === '').map((row) => columnOf(row, types));
    const constraints = parsed<ConstraintRow>('constraints', oid ?? '');
    return {
      oid: Number(oid),
      label: label ?? '',
      quoted: quoted ?? '',
      columns,
      checks: [...constraints.flatMap(checkOf), ...(partition ? [{ columns: mentioned(partition, columns), expression: partition }] : [])],
      foreignKeys: constraints.flatMap(foreignKeyOf),
      uniques: parsed<readonly number[] | null>('uniques', oid ?? '').map((each) => each ?? []),
      hasRows: facts.has(`rows:${oid}`),
      signature: rows.map((row) => `${row[0]}:${row[3]}:${row[4]}:${labelsOf(row[3], types)}`).join(','),
    };
  });
}

/** The values of an enum, or of the elements of an array of it. */
function labelsOf(oid: number, types: ReadonlyMap<number, TypeRow>): string {
  const type = types.get(oid);
  return [type, type?.inner ? types.get(type.inner) : undefined].flatMap((each) => each?.labels ?? []).join('|');
}

function arrayOf(oids: readonly number[]): string {
  return `'{${oids.join(',')}}'`;
}

function columnOf(row: ColumnRow, types: ReadonlyMap<number, TypeRow>): SeedColumn {
  const [number, name, quoted, typeOid, typmod, notNull, , hasDefault] = row;
  const type = typeOf(typeOid, types, 0);
  return { number, name, quoted, type, typmod, notNull: notNull || type.notNull, hasDefault };
}

function checkOf(row: ConstraintRow): SeedCheck[] {
  return row.type === 'c' && row.check !== null ? [{ columns: row.columns ?? [], expression: row.check }] : [];
}

function foreignKeyOf(row: ConstraintRow): SeedForeignKey[] {
  if (row.type !== 'f' || row.from === null) return [];
  return [
    { columns: row.columns ?? [], references: row.references, from: row.from, keys: row.keys ?? [], keyNumbers: row.keyNumbers ?? [] },
  ];
}

function mentioned(expression: string, columns: readonly SeedColumn[]): number[] {
  const bare = expression.replace(/'(?:[^']|'')*'/g, '');
  return columns.filter((column) => isMentioned(bare, column.quoted)).map((column) => column.number);
}

function isMentioned(text: string, name: string): boolean {
  return text
    .split(name)
    .some((before, index, parts) => index + 1 < parts.length && !/\w$/.test(before) && !/^\w/.test(parts[index + 1] ?? ''));
}

/** Types of PostgreSQL itself, which are the same in every database. */
const builtInTypes = new Map<number, TypeRow>();
const firstUserOid = 16384;

/** The newest value of any enum. */
export async function newestLabelIn(wire: Wire): Promise<number> {
  return Number((await wire.rows('SELECT coalesce(pg_catalog.max(oid::bigint), 0)::text FROM pg_catalog.pg_enum'))[0]?.[0]);
}

async function readTypes(wire: Wire, oids: ReadonlySet<number>, newestLabel: number): Promise<Map<number, TypeRow>> {
  const unknown = [...oids].filter((oid) => !builtInTypes.has(oid));
  const types = new Map(builtInTypes);
  if (unknown.length === 0) return types;
  for (const [oid, json] of await wire.rows(`EXECUTE mem8_seed_types(${arrayOf(unknown)})`)) {
    const read = JSON.parse(json ?? '{}') as Omit<TypeRow, 'labels'> & { labels: (readonly [label: string, oid: number])[] | null };
    const labels = read.labels ?? [];
    const old = labels.filter(([, label]) => label <= newestLabel);
    // All values of a new type are new.
    const type: TypeRow = { ...read, labels: (old.length > 0 ? old : labels).map(([label]) => label) };
    types.set(Number(oid), type);
    if (Number(oid) < firstUserOid) builtInTypes.set(Number(oid), type);
  }
  return types;
}

function typeOf(oid: number, types: ReadonlyMap<number, TypeRow>, depth: number): ValueType {
  const row = types.get(oid);
  const nothing: ValueType = {
    name: '',
    sqlName: 'text',
    kind: 'p',
    category: 'X',
    typmod: -1,
    labels: [],
    fields: [],
    checks: [],
    notNull: false,
  };
  if (!row || depth > deepestType) return nothing;
  const inner = row.inner === null ? undefined : typeOf(row.inner, types, depth + 1);
  return {
    name: row.name,
    sqlName: row.sqlName,
    kind: row.kind,
    category: row.category,
    typmod: row.typmod,
    inner,
    labels: row.labels,
    fields: (row.fields ?? []).map(([type, typmod]) => ({ type: typeOf(type, types, depth + 1), typmod })),
    checks: row.checks ?? [],
    notNull: row.notNull || (row.kind === 'd' && inner?.notNull === true),
  };
}
