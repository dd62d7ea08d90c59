import type { TypeName as TypeNameFields } from '@pgsql/types';
import { fieldsOf, nameParts, type QualifiedName } from '../sql/nodes';
import type { SqlNode } from '../sql/statement';

/** Names that the parse tree uses for types, and how they are written. */
const written: Readonly<Record<string, string>> = {
  int2: 'smallint',
  int4: 'integer',
  int8: 'bigint',
  float4: 'real',
  float8: 'double precision',
  bool: 'boolean',
  bpchar: 'char',
  varbit: 'bit varying',
  int: 'integer',
  decimal: 'numeric',
};

const serials: Readonly<Record<string, string>> = {
  smallserial: 'smallint',
  serial2: 'smallint',
  serial: 'integer',
  serial4: 'integer',
  bigserial: 'bigint',
  serial8: 'bigint',
};

const builtIn = new Set([
  ...['smallint', 'integer', 'bigint', 'numeric', 'real', 'double precision', 'money', 'boolean', 'char', 'varchar', 'text', 'name'],
  ...['bytea', 'date', 'time', 'timetz', 'timestamp', 'timestamptz', 'interval', 'uuid', 'json', 'jsonb', 'jsonpath', 'xml', 'inet'],
  ...['cidr', 'macaddr', 'macaddr8', 'bit', 'bit varying', 'tsvector', 'tsquery', 'point', 'line', 'lseg', 'box', 'path', 'polygon'],
  ...['circle', 'oid', 'regclass', 'regtype', 'regproc', 'regprocedure', 'regrole', 'regnamespace', 'int4range', 'int8range'],
  ...['numrange', 'tsrange', 'tstzrange', 'daterange', 'int4multirange', 'int8multirange', 'nummultirange', 'tsmultirange'],
  ...[
    'tstzmultirange',
    'datemultirange',
    'void',
    'trigger',
    'event_trigger',
    'record',
    'anyelement',
    'anyarray',
    'xid',
    'xid8',
    'cid',
    'tid',
  ],
  ...['pg_lsn', 'txid_snapshot', 'pg_snapshot', 'unknown', 'internal', 'cstring', 'anyenum', 'anynonarray', 'anycompatible', 'regconfig'],
]);

/** A type of a parse tree. */
export interface TypeName {
  /** As it is written in SQL, with length and array brackets. */
  readonly text: string;
  /** The type's own name, without length and brackets. */
  readonly name: string;
  readonly schema: string | undefined;
  readonly isArray: boolean;
  readonly isBuiltIn: boolean;
}

/** Reads a TypeName, given as node or as bare fields; a serial becomes the integer type behind it. */
export function typeNameOf(type: TypeNameFields | SqlNode | undefined): TypeName | undefined {
  const inner = type && ('TypeName' in type ? type.TypeName : (type as TypeNameFields));
  if (!inner || inner.setof === true || inner.pct_type === true) return undefined;
  const parts = nameParts(inner.names);
  const own = parts.at(-1);
  if (own === undefined) return undefined;
  const schema = parts.length > 1 && parts.at(-2) !== 'pg_catalog' ? parts.at(-2) : undefined;
  const name = schema === undefined ? (serials[own] ?? written[own] ?? own) : own;
  const isBuiltIn = schema === undefined && builtIn.has(name);
  const lengths = (inner.typmods ?? []).map(integerText);
  const isArray = inner.arrayBounds !== undefined;
  const hasLengths = lengths.length > 0 && lengths.every((each) => /^\d+$/.test(each ?? '')) && name !== 'interval';
  const base = isBuiltIn ? name : qualified(schema, name);
  const text = `${base}${hasLengths ? `(${lengths.join(', ')})` : ''}${isArray ? '[]' : ''}`;
  return { text, name, schema, isArray, isBuiltIn };
}

function integerText(node: SqlNode): string | undefined {
  const integer = fieldsOf(node, 'A_Const')?.ival;
  return integer && String(integer.ival ?? 0);
}

/** An identifier as it must stand in SQL. */
export function quoted(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) && !reserved.has(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

export function qualified(schema: string | undefined, name: string): string {
  return schema === undefined ? quoted(name) : `${quoted(schema)}.${quoted(name)}`;
}

/** Reserved words of PostgreSQL, those that may be column names only included. */
const reserved = new Set(
  (
    'all analyse analyze and any array as asc asymmetric authorization between binary both case cast check collate collation column ' +
    'concurrently constraint create cross current_catalog current_date current_role current_schema current_time current_timestamp ' +
    'current_user default deferrable desc distinct do else end except false fetch for foreign freeze from full grant group having ' +
    'ilike in initially inner intersect into is isnull join lateral leading left like limit localtime localtimestamp natural not ' +
    'notnull null offset on only or order outer overlaps placing primary references returning right select session_user similar some ' +
    'symmetric system_user table tablesample then to trailing true union unique user using variadic verbose when where window with ' +
    'bigint bit boolean char character coalesce dec decimal exists extract float greatest grouping inout int integer interval json ' +
    'least national nchar none normalize nullif numeric out overlay position precision real row setof smallint substring time ' +
    'timestamp treat trim values varchar xmlattributes xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot ' +
    'xmlserialize xmltable'
  ).split(' '),
);

/** Types that come with an extension, and the extension. */
export const extensionTypes: Readonly<Record<string, string>> = {
  citext: 'citext',
  hstore: 'hstore',
  ltree: 'ltree',
  lquery: 'ltree',
  cube: 'cube',
  seg: 'seg',
  vector: 'vector',
  halfvec: 'vector',
  sparsevec: 'vector',
};

/** Functions that come with an extension, and the extension. */
export const extensionFunctions: Readonly<Record<string, string>> = {
  uuid_generate_v1: 'uuid-ossp',
  uuid_generate_v1mc: 'uuid-ossp',
  uuid_generate_v4: 'uuid-ossp',
  uuid_generate_v5: 'uuid-ossp',
  uuid_nil: 'uuid-ossp',
  crypt: 'pgcrypto',
  digest: 'pgcrypto',
  gen_salt: 'pgcrypto',
  gen_random_bytes: 'pgcrypto',
  hmac: 'pgcrypto',
  pgp_sym_encrypt: 'pgcrypto',
  pgp_sym_decrypt: 'pgcrypto',
  similarity: 'pg_trgm',
  word_similarity: 'pg_trgm',
  show_trgm: 'pg_trgm',
  unaccent: 'unaccent',
  levenshtein: 'fuzzystrmatch',
  soundex: 'fuzzystrmatch',
  metaphone: 'fuzzystrmatch',
  crosstab: 'tablefunc',
  earth_distance: 'earthdistance',
  ll_to_earth: 'earthdistance',
};

/** Operator classes: the extension they come with, and the type of column that they are for. */
export const operatorClasses: Readonly<Record<string, { readonly extension?: string; readonly type: string }>> = {
  gin_trgm_ops: { extension: 'pg_trgm', type: 'text' },
  gist_trgm_ops: { extension: 'pg_trgm', type: 'text' },
  jsonb_path_ops: { type: 'jsonb' },
  jsonb_ops: { type: 'jsonb' },
  text_pattern_ops: { type: 'text' },
  varchar_pattern_ops: { type: 'varchar' },
  bpchar_pattern_ops: { type: 'char' },
  array_ops: { type: 'text[]' },
  tsvector_ops: { type: 'tsvector' },
  inet_ops: { type: 'inet' },
  range_ops: { type: 'tstzrange' },
  int4_ops: { type: 'integer' },
  int8_ops: { type: 'bigint' },
  text_ops: { type: 'text' },
  timestamptz_ops: { type: 'timestamptz' },
  uuid_ops: { type: 'uuid' },
};

/** The type that a column of this name most likely has where nothing else tells. */
export function typeByName(column: string): string {
  const name = column.toLowerCase();
  if (/(?:^|_)uuid$|(?:^|_)guid$/.test(name)) return 'uuid';
  if (/(?:^|_)ids$/.test(name)) return 'bigint[]';
  if (name === 'id' || /_id$/.test(name) || /[a-z]Id$/.test(column)) return 'bigint';
  if (/(?:_at|_until|_since|timestamp)$|[a-z]At$/.test(column)) return 'timestamptz';
  if (/(?:_on|_date|^date|birthday)$/.test(name)) return 'date';
  if (/^(?:is|has|can|was|should|allow|allows)_|^(?:active|enabled|disabled|deleted|archived|verified|visible|hidden|public)$/.test(name))
    return 'boolean';
  if (/(?:count|quantity|qty|position|attempts|retries|version|year|age|size|rank|priority|sort_order)$/.test(name)) return 'integer';
  if (/(?:amount|total|price|balance|cost|rate|sum|percent|score)$|_cents$/.test(name)) return 'numeric';
  if (/(?:metadata|payload|settings|preferences|attributes|properties|json|jsonb)$/.test(name)) return 'jsonb';
  return 'text';
}

/**
 * A type that a column can have had before ALTER COLUMN ... TYPE: one that differs where the change is allowed without USING.
 * @param hasUsing whether the statement converts by an expression, so that any type goes
 */
export function typeBefore(target: string, hasUsing: boolean): string {
  const base = target.replace(/\(.*?\)/, '');
  if (base.endsWith('[]')) return hasUsing ? 'text[]' : base === 'text[]' ? 'varchar[]' : target;
  const known = castableSources[base];
  if (known !== undefined) return known;
  return hasUsing ? 'text' : target;
}

/** Assignment casts into a type, each from the type that people most often come from. */
const castableSources: Readonly<Record<string, string>> = {
  bigint: 'integer',
  integer: 'smallint',
  smallint: 'integer',
  numeric: 'integer',
  real: 'integer',
  'double precision': 'real',
  text: 'varchar(255)',
  varchar: 'text',
  char: 'text',
  citext: 'text',
  timestamptz: 'timestamp',
  timestamp: 'timestamptz',
  date: 'timestamp',
  time: 'timestamp',
  jsonb: 'json',
  json: 'jsonb',
  inet: 'cidr',
};

/** A name inside a string, as `nextval('a.b')` takes it. */
export function nameInText(text: string): QualifiedName {
  const parts = [...text.matchAll(/"((?:[^"]|"")*)"|([^".]+)/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? (plain ?? '').toLowerCase(),
  );
  const name = parts.at(-1) ?? text;
  return { schema: parts.at(-2), name };
}
