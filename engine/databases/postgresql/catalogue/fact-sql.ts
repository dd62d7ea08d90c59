/** What the queries of facts are made of. */

/** A query that describes objects: object (type and qualified name), properties (jsonb) and group. `$1` is an array of oids. */
export interface FactQuery {
  /** Unless one of these was written, the query tells the same as before. */
  readonly catalogs: readonly string[];
  readonly query: string;
}

/** What facts are read for. */
export type Purpose =
  /** To compare two states of the embedded server: everything that a script may change. */
  | 'rehearsal'
  /** To be kept, and compared later and elsewhere: the schema alone, with quoted names that do not depend on the server's language. */
  | 'record';

/** SQL that depends on the purpose or on the server. */
export interface FactSql {
  readonly isRecord: boolean;
  /** The name of a relation `c` in schema `n`. */
  readonly relation: string;
  /** The name of something in schema `n`, from the column with its own name. */
  inSchema(column: string): string;
  /** What PostgreSQL calls an object: its type and its name. */
  objectName(classId: string, oid: string, sub?: string): string;
  /** An expression that needs a version of the server; null on an earlier one. */
  since(major: number, expression: string): string;
}

/** @param major version of the server, 13 or later */
export function factSqlFor(purpose: Purpose, major: number): FactSql {
  const isRecord = purpose === 'record';
  const inSchema = (column: string): string =>
    isRecord ? `quote_ident(n.nspname) || '.' || quote_ident(${column})` : `n.nspname || '.' || ${column}`;
  return {
    isRecord,
    inSchema,
    relation: inSchema('c.relname'),
    objectName: (classId, oid, sub = '0') =>
      isRecord
        ? `(SELECT concat_ws(' ', i.type, i.identity) FROM pg_catalog.pg_identify_object(${classId}, ${oid}, ${sub}) i)`
        : `pg_catalog.pg_describe_object(${classId}, ${oid}, ${sub})`,
    since: (first, expression) => (major >= first ? expression : 'NULL'),
  };
}

/** The type of a relation `c` and a space. */
export const relationKind = `CASE c.relkind WHEN 'i' THEN 'index ' WHEN 'I' THEN 'index ' WHEN 'S' THEN 'sequence ' WHEN 'v' THEN 'view '
  WHEN 'm' THEN 'materialized view ' WHEN 'f' THEN 'foreign table ' WHEN 'c' THEN 'type ' ELSE 'table ' END`;

export const joinRelation = (column: string): string =>
  `JOIN pg_catalog.pg_class c ON c.oid = ${column} JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace`;

export const joinSchema = (column: string): string => `JOIN pg_catalog.pg_namespace n ON n.oid = ${column}`;

/**
 * True for what is not the system's own. Without statistics the planner takes a range with two ends for a small part of a catalog and
 * uses its index, a range with one end for a third of it.
 */
export const notOfSystem = (oid: string): string => `${oid} BETWEEN 16384 AND '4294967295'::pg_catalog.oid`;

/**
 * Settings for prepared queries of the catalog. To plan them takes longer than to run them, and what they look for is always a small part of
 * a catalog, which may have been empty when they were planned.
 */
export const planOnce = 'SET LOCAL plan_cache_mode = force_generic_plan; SET LOCAL enable_seqscan = off';

/** A jsonb of properties, each an SQL expression by its name in English. What is null is left out. */
export function properties(expressions: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(expressions).map(([name, expression]) => `'${name}', ${expression}`);
  return `pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(${pairs.join(', ')}))`;
}

export const userName = (column: string): string => `pg_catalog.pg_get_userbyid(${column})`;

/** One of the words, by the character in the catalog. */
export function word(column: string, words: Readonly<Record<string, string>>): string {
  const cases = Object.entries(words).map(([character, text]) => `WHEN '${character}' THEN '${text}'`);
  return `CASE ${column} ${cases.join(' ')} END`;
}

export const onOff = (column: string): string => `CASE WHEN ${column} THEN 'on' ELSE 'off' END`;

/** An array of texts as one, whatever its order. */
export const sorted = (array: string): string =>
  `CASE WHEN ${array} IS NOT NULL THEN (SELECT string_agg(o, ', ' ORDER BY o) FROM unnest(${array}) o) END`;

/** A reference to an object in text, or null when there is none. */
export const named = (column: string, type: string): string => `CASE WHEN ${column} <> 0 THEN ${column}::${type}::text END`;

/**
 * Who may do what, as a jsonb. An explicit list that says no more than the default equals no list, as in pg_dump.
 * @param kind of `acldefault`; undefined where nobody has privileges by default
 */
export function privileges(acl: string, kind: string | undefined, owner: string): string {
  const list = kind === undefined ? acl : `coalesce(${acl}, pg_catalog.acldefault('${kind}', ${owner}))`;
  const stated = kind === undefined ? `${acl} IS NOT NULL` : 'true';
  return `CASE WHEN ${stated} THEN (SELECT pg_catalog.jsonb_object_agg(g.who, g.what) FROM (
    SELECT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE ${userName('a.grantee')} END AS who,
      string_agg(a.privilege_type || CASE WHEN a.is_grantable THEN ' with grant option' ELSE '' END
        || CASE WHEN a.grantor <> ${owner} AND ${owner} <> 0 THEN ' granted by ' || ${userName('a.grantor')} ELSE '' END, ', '
        ORDER BY a.privilege_type) AS what
    FROM pg_catalog.aclexplode(${list}) a GROUP BY 1) g) END`;
}

const dependsBy = (classId: string, oid: string, kinds: string): string =>
  `EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.${classId}'::regclass AND d.objid = ${oid} AND d.deptype IN (${kinds}))`;

/** Not a member of an extension. */
export const notMember = (classId: string, oid: string): string => `NOT ${dependsBy(classId, oid, `'e'`)}`;

/** Neither that nor made along with another object, as the functions of a range type are. */
export const ofItsOwn = (classId: string, oid: string): string => `NOT ${dependsBy(classId, oid, `'e', 'i'`)}`;
