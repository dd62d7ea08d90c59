import { compareCodePoints } from '../core/paths';
import { factQueries } from './fingerprint-queries';
import type { Difference } from './observation';
import type { Wire } from './wire';

/** One described object. */
export interface Fact {
  readonly definition: string;
  /** Objects of one type in one group with the same definition differ only by their name. */
  readonly group: string;
  readonly cosmetic: boolean;
  /** Which query told. */
  readonly query: number;
}

/** Objects by type and qualified name. */
export interface Facts extends ReadonlyMap<string, Fact> {
  /** The queries that were asked; nothing is known of what the others would tell. */
  readonly queries?: ReadonlySet<number>;
}

export const factPreparations: readonly string[] = factQueries.map(
  ({ query }, index) =>
    `PREPARE mem8_facts_${index}(oid[]) AS SELECT x.*, ${index} FROM (${query}) x(object, definition, grouping, cosmetic)`,
);

class FactMap extends Map<string, Fact> implements Facts {
  constructor(readonly queries: ReadonlySet<number>) {
    super();
  }
}

/**
 * Describes the objects in scope.
 * @param scope oids of relations, types, functions, ... in any mixture; indexes and constraints are described with their table
 * @param written the catalogs that can differ between the states to be compared; undefined for all
 */
export async function readFacts(wire: Wire, scope: Iterable<number>, written: ReadonlySet<string> | undefined): Promise<Facts> {
  const asked = factQueries.flatMap(({ catalogs }, index) => (!written || catalogs.some((name) => written.has(name)) ? index : []));
  const facts = new FactMap(new Set(asked));
  if (asked.length === 0) return facts;
  const argument = `'{${[...scope].join(',')}}'`;
  await wire.rows(`SAVEPOINT mem8_facts; SET LOCAL search_path = ''`);
  const rows = await wire.rows(asked.map((index) => `EXECUTE mem8_facts_${index}(${argument})`).join(';'));
  await wire.rows('ROLLBACK TO SAVEPOINT mem8_facts; RELEASE SAVEPOINT mem8_facts');
  // The server tells the objects of one query in no certain order.
  const sorted = [...rows].sort((a, b) => Number(a[4]) - Number(b[4]) || compareCodePoints(a[0] ?? '', b[0] ?? ''));
  for (const [object, definition, group, cosmetic, query] of sorted) {
    if (object) facts.set(object, { definition: definition ?? '', group: group ?? '', cosmetic: cosmetic === 't', query: Number(query) });
  }
  return facts;
}

/** What a state lacks, has too much or has otherwise, compared with the state that it should equal. */
export function compareFacts(before: Facts, after: Facts): Difference[] {
  const missing: [string, Fact][] = [];
  const differences: Difference[] = [];
  const comparable = (fact: Fact) => before.queries?.has(fact.query) !== false && after.queries?.has(fact.query) !== false;
  for (const [object, fact] of before) {
    if (!comparable(fact)) continue;
    const other = after.get(object);
    if (!other) missing.push([object, fact]);
    else if (other.definition !== fact.definition) {
      const cosmetic = fact.cosmetic || sameButWhiteSpace(object, fact.definition, other.definition);
      differences.push({ kind: 'changed', object, before: fact.definition, after: other.definition, cosmetic });
    }
  }
  const added = [...after].filter(([object, fact]) => !before.has(object) && comparable(fact));
  for (const [object, fact] of missing) {
    const twin = canBeRenamed(object) ? added.findIndex(([name, other]) => sameButName(object, fact, name, other)) : -1;
    const [renamed] = twin < 0 ? [] : added.splice(twin, 1);
    if (renamed) differences.push({ kind: 'changed', object, before: object, after: renamed[0], cosmetic: true });
    else differences.push({ kind: 'missing', object, before: fact.definition, cosmetic: fact.cosmetic });
  }
  for (const [object, fact] of added) differences.push({ kind: 'left-over', object, after: fact.definition, cosmetic: fact.cosmetic });
  return withoutConsequences(differences);
}

/** A table that is missing or left over as a whole needs no line for each of its columns. */
function withoutConsequences(differences: readonly Difference[]): Difference[] {
  const whole = differences
    .filter((each) => each.kind !== 'changed' && /^(?:table|view|materialized view|foreign table|type) /.test(each.object))
    .map((each) => ` ${each.object.replace(/^(?:materialized view|foreign table|[a-z]+) /, '')}`);
  return differences.filter((each) => !(/^column /.test(each.object) && whole.some((name) => belongsTo(each.object, name))));
}

function belongsTo(object: string, name: string): boolean {
  return object.endsWith(name) || object.includes(`${name}.`);
}

function type(object: string): string {
  return object.slice(0, object.indexOf(' '));
}

/** Names of these mean nothing to a running program. */
function canBeRenamed(object: string): boolean {
  return /^(?:constraint|index) /.test(object);
}

function sameButName(name: string, fact: Fact, otherName: string, other: Fact): boolean {
  return (
    type(name) === type(otherName) && fact.group === other.group && withoutIndexName(fact.definition) === withoutIndexName(other.definition)
  );
}

function withoutIndexName(definition: string): string {
  return definition.replace(/^(CREATE (?:UNIQUE )?INDEX )(?:"(?:[^"]|"")+"|[^" ]+) ON/, '$1ON');
}

function sameButWhiteSpace(object: string, a: string, b: string): boolean {
  return /^(?:function|procedure) /.test(object) && a.replace(/\s+/g, ' ').trim() === b.replace(/\s+/g, ' ').trim();
}

/** Number and hash of a table's rows, whatever their order and the order of columns, and a hash of each column's values. */
export interface TableRows {
  readonly all: string;
  readonly columns: ReadonlyMap<string, string>;
}
export type RowHashes = ReadonlyMap<string, TableRows>;

const noRows: TableRows = { all: '0:0', columns: new Map() };
const hashOf = (value: string) => `coalesce(sum(pg_catalog.hashtextextended(pg_catalog.to_jsonb(${value})::text, 0)::numeric), 0)::text`;

/** Hashes the rows of the tables in scope. */
export async function hashRows(wire: Wire, scope: Iterable<number>): Promise<RowHashes> {
  const hashes = new Map<string, TableRows>();
  const names = await wire.rows(
    `SELECT n.nspname || '.' || c.relname, quote_ident(n.nspname) || '.' || quote_ident(c.relname), pg_catalog.pg_relation_size(c.oid) > 0,
        (SELECT pg_catalog.json_agg(a.attname ORDER BY a.attnum) FROM pg_catalog.pg_attribute a
          WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.oid = ANY('{${[...scope].join(',')}}'::oid[]) AND c.oid >= 16384 AND c.relkind = 'r'`,
  );
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

/** Tables of the state before whose rows are not what they were. A table that is gone without having had rows is none. */
export function compareRows(before: RowHashes, after: RowHashes): Difference[] {
  const differences: Difference[] = [];
  for (const [table, rows] of before) {
    const other = after.get(table) ?? noRows;
    if (other.all === rows.all) continue;
    const kind = other.all === noRows.all ? 'missing' : rows.all === noRows.all ? 'left-over' : 'changed';
    const columns =
      kind === 'changed' ? [...rows.columns].flatMap(([column, hash]) => (other.columns.get(column) === hash ? [] : column)) : [];
    differences.push({
      kind,
      object: `rows ${table}`,
      before: countOf(rows),
      after: countOf(other),
      cosmetic: false,
      ...(columns.length > 0 && { columns }),
    });
  }
  return differences;
}

function countOf({ all }: TableRows): string {
  const [count = '0'] = all.split(':');
  return count === '1' ? '1 row' : `${count} rows`;
}
