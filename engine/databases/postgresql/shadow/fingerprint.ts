import { compareCodePoints } from '../../../core/paths';
import { factQueries } from './fingerprint-queries';
import type { Difference, PropertyChange } from './observation';
import type { Wire } from './wire';

/** One described object. */
export interface Fact {
  /** What it is, by the name of the property in English. */
  readonly properties: Readonly<Record<string, string>>;
  /** Objects of one type in one group with the same properties differ only by their name; the parts of a relation are one. */
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
    `PREPARE mem8_facts_${index}(oid[]) AS SELECT x.*, ${index} FROM (${query}) x(object, properties, grouping, cosmetic)`,
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
  for (const [object, properties, group, cosmetic, query] of sorted) {
    if (!object) continue;
    facts.set(object, { properties: flat(properties ?? '{}'), group: group ?? '', cosmetic: cosmetic === 't', query: Number(query) });
  }
  return facts;
}

/** `{"privileges": {"app": "SELECT"}}` as `{"privileges of app": "SELECT"}`. */
function flat(json: string): Record<string, string> {
  const properties: Record<string, string> = {};
  for (const [name, value] of Object.entries(JSON.parse(json) as Record<string, unknown>)) {
    if (typeof value !== 'object' || value === null) properties[name] = String(value);
    else for (const [part, text] of Object.entries(value)) properties[`${name} of ${part}`] = String(text);
  }
  return properties;
}

/** What a state lacks, has too much or has otherwise, compared with the state that it should equal. */
export function compareFacts(before: Facts, after: Facts): Difference[] {
  const missing: [string, Fact][] = [];
  const differences: Difference[] = [];
  const comparable = (fact: Fact) => before.queries?.has(fact.query) !== false && after.queries?.has(fact.query) !== false;
  for (const [object, fact] of before) {
    if (!comparable(fact)) continue;
    const other = after.get(object);
    if (!other) {
      missing.push([object, fact]);
      continue;
    }
    const properties = changesOf(fact.properties, other.properties);
    if (properties.length === 0) continue;
    const cosmetic = fact.cosmetic || properties.every((change) => sameButWhiteSpace(change, fact));
    differences.push({ kind: 'changed', object, ...tableOf(object, fact), properties, cosmetic });
  }
  const added = [...after].filter(([object, fact]) => !before.has(object) && comparable(fact));
  for (const [object, fact] of missing) {
    const twin = canBeRenamed(object, fact) ? added.findIndex(([name, other]) => sameButName(object, fact, name, other)) : -1;
    const [renamed] = twin < 0 ? [] : added.splice(twin, 1);
    if (renamed) differences.push({ kind: 'changed', object, ...tableOf(object, fact), before: object, after: renamed[0], cosmetic: true });
    else differences.push({ kind: 'missing', object, ...tableOf(object, fact), cosmetic: fact.cosmetic });
  }
  for (const [object, fact] of added) differences.push({ kind: 'left-over', object, ...tableOf(object, fact), cosmetic: fact.cosmetic });
  return withoutConsequences(differences);
}

function changesOf(before: Fact['properties'], after: Fact['properties']): PropertyChange[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  // Who owns an object has all privileges, which the new owner gains and the old one loses.
  const owners = before['owner'] === after['owner'] ? [] : [before['owner'], after['owner']];
  return [...names].flatMap((name) => {
    const [was, is] = [before[name], after[name]];
    if (was === is || owners.some((owner) => name === `privileges of ${owner ?? ''}`)) return [];
    return { name, ...(was !== undefined && { before: was }), ...(is !== undefined && { after: is }) };
  });
}

function tableOf(object: string, { group }: Fact): { table?: string } {
  return isPart(object) ? { table: group } : {};
}

const wholes = /^(?:table|view|materialized view|foreign table|type) /;

function isPart(object: string): boolean {
  return /^(?:column|column order of|constraint|index|trigger|rule|policy|statistics|sequence) /.test(object);
}

/**
 * A table that is missing or left over as a whole needs no line for each of its parts, nor a column for its place in the order or
 * for its sequence, which is there while the column is an identity; nor sequences for the owner of their table.
 */
function withoutConsequences(differences: readonly Difference[]): Difference[] {
  const whole = new Set<string>();
  const listed = new Set<string>();
  const identities = new Set<string>();
  const owned = new Set<string>();
  for (const { kind, object, table, properties = [] } of differences) {
    if (kind !== 'changed' && wholes.test(object)) whole.add(object.replace(wholes, ''));
    if (table === undefined && properties.some(isOwner)) owned.add(object.replace(wholes, ''));
    if (table === undefined || !object.startsWith('column ')) continue;
    if (kind !== 'changed') listed.add(table);
    if (kind !== 'changed' || properties.some(({ name }) => name === 'identity')) identities.add(table);
  }
  return differences.filter(({ kind, object, table, properties = [] }) => {
    if (table === undefined) return true;
    if (whole.has(table)) return false;
    if (object.startsWith('column order of ')) return !listed.has(table);
    if (!object.startsWith('sequence ')) return true;
    return kind === 'changed' ? !(properties.every(isOwner) && owned.has(table)) : !identities.has(table);
  });
}

function isOwner({ name }: PropertyChange): boolean {
  return name === 'owner';
}

function type(object: string): string {
  return object.slice(0, object.indexOf(' '));
}

/** Names of these mean nothing to a running program. */
function canBeRenamed(object: string, { properties }: Fact): boolean {
  return /^(?:constraint|index) /.test(object) || (object.startsWith('sequence ') && properties['owning identity'] !== undefined);
}

function sameButName(name: string, fact: Fact, otherName: string, other: Fact): boolean {
  const text = ({ properties }: Fact) =>
    JSON.stringify({ ...properties, definition: properties['definition'] && withoutIndexName(properties['definition']) });
  return type(name) === type(otherName) && fact.group === other.group && text(fact) === text(other);
}

function withoutIndexName(definition: string): string {
  return definition.replace(/^(CREATE (?:UNIQUE )?INDEX )(?:"(?:[^"]|"")+"|[^" ]+) ON/, '$1ON');
}

/** The words, strings and signs of a body, without the white space between them; comments are pieces of their own. */
const pieces = /--[^\n]*|\/\*[\s\S]*?\*\/|\be'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|[\p{L}\p{N}_$]+|\S/giu;

/** A body in words, strings, signs and comments. */
export function piecesOf(body: string | undefined): string[] {
  return (body?.match(pieces) ?? []).map((piece) => piece.trim());
}

/** Of bodies in the server's own languages comments are left out as well. */
function sameButWhiteSpace({ name, before, after }: PropertyChange, { properties }: Fact): boolean {
  const hasComments = /^(?:sql|plpgsql)$/.test(properties['language'] ?? '');
  const text = (body: string | undefined) =>
    piecesOf(body)
      .filter((piece) => !hasComments || !/^(?:--|\/\*)/.test(piece))
      .join(' ');
  return name === 'body' && text(before) === text(after);
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
