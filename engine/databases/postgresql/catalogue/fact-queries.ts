import {
  joinRelation,
  joinSchema,
  named,
  notMember,
  ofItsOwn,
  onOff,
  privileges,
  properties,
  relationKind,
  sorted,
  userName,
  word,
  type FactQuery,
  type FactSql,
} from './fact-sql';

/**
 * Queries that describe the objects with the given oids. Each returns object (type and qualified name), properties and
 * group (what a renamed object stays comparable within; of a part of a relation its name). They run with an empty search path, so that PostgreSQL qualifies every name in the definitions it prints,
 * and print expressions without the parentheses that they do not need: `(a AND b) AND c` is `a AND b AND c`.
 */

const enabled = { O: 'enabled', D: 'disabled', R: 'enabled for replicas', A: 'always enabled' };
const storage = { p: 'plain', e: 'external', m: 'main', x: 'extended' };
const tablespace = (column: string) => `(SELECT s.spcname FROM pg_catalog.pg_tablespace s WHERE s.oid = ${column})`;
const ofTable = ({ relation }: FactSql, column: string) =>
  `(SELECT ${relation} FROM pg_catalog.pg_class c ${joinSchema('c.relnamespace')} WHERE c.oid = ${column})`;

/** The column that a sequence `c` belongs to. */
const sequenceOwner = (what: string) => `(SELECT ${what} FROM pg_catalog.pg_depend d
  JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
  WHERE c.relkind = 'S' AND d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_catalog.pg_class'::regclass
    AND d.deptype IN ('a','i') AND d.refobjsubid > 0 LIMIT 1)`;
const ofSequence = (column: string) => `(SELECT s.${column} FROM pg_catalog.pg_sequence s WHERE s.seqrelid = c.oid)`;

/** What an index is besides its definition, whether it is a constraint's own or not. `y` is its pg_index row, `i` its pg_class row. */
const indexState = {
  validity: `CASE WHEN y.indisvalid THEN 'valid' ELSE 'invalid' END`,
  clustering: onOff('y.indisclustered'),
  'use as replica identity': onOff('y.indisreplident'),
  tablespace: tablespace('i.reltablespace'),
  'index options': sorted('i.reloptions'),
  'parent index': `(SELECT h.inhparent::regclass::text FROM pg_catalog.pg_inherits h WHERE h.inhrelid = i.oid)`,
  'statistics targets': `(SELECT string_agg(a.attnum || ': ' || a.attstattarget, ', ' ORDER BY a.attnum) FROM pg_catalog.pg_attribute a
    WHERE a.attrelid = i.oid AND a.attstattarget IS NOT NULL)`,
};
const stateOfIndex = (constraint: string) => `coalesce((SELECT ${properties(indexState)} FROM pg_catalog.pg_index y
  JOIN pg_catalog.pg_class i ON i.oid = y.indexrelid WHERE y.indexrelid = ${constraint}), '{}')`;

const relations = ['pg_class', 'pg_rewrite', 'pg_sequence', 'pg_inherits', 'pg_attribute', 'pg_attrdef', 'pg_constraint', 'pg_index'];

const relationProperties = (sql: FactSql) =>
  properties({
    kind: word('c.relkind', { r: 'table', p: 'partitioned table' }),
    persistence: word('c.relpersistence', { p: 'logged', u: 'unlogged', t: 'temporary' }),
    owner: userName('c.relowner'),
    privileges: `CASE WHEN c.relkind = 'S' THEN ${privileges('c.relacl', 's', 'c.relowner')} ELSE ${privileges('c.relacl', 'r', 'c.relowner')} END`,
    options: sorted('c.reloptions'),
    'TOAST options': sorted('(SELECT o.reloptions FROM pg_catalog.pg_class o WHERE o.oid = c.reltoastrelid)'),
    'row security': `CASE WHEN c.relkind IN ('r','p') THEN ${onOff('c.relrowsecurity')} END`,
    'forced row security': `CASE WHEN c.relkind IN ('r','p') THEN ${onOff('c.relforcerowsecurity')} END`,
    'replica identity': `CASE WHEN c.relkind IN ('r','p') THEN ${word('c.relreplident', { d: 'default', n: 'nothing', f: 'full', i: 'an index' })} END`,
    tablespace: tablespace('c.reltablespace'),
    'access method': `(SELECT m.amname FROM pg_catalog.pg_am m WHERE m.oid = c.relam)`,
    'row type': named('c.reloftype', 'regtype'),
    'partition key': `CASE WHEN c.relkind = 'p' THEN pg_catalog.pg_get_partkeydef(c.oid) END`,
    'partition bound': 'pg_catalog.pg_get_expr(c.relpartbound, c.oid)',
    parent: `(SELECT string_agg(i.inhparent::regclass::text, ', ' ORDER BY i.inhseqno) FROM pg_catalog.pg_inherits i WHERE i.inhrelid = c.oid)`,
    query: `CASE WHEN c.relkind IN ('v','m') THEN pg_catalog.pg_get_viewdef(c.oid) END`,
    content: `CASE WHEN c.relkind = 'm' THEN CASE WHEN c.relispopulated THEN 'filled' ELSE 'not filled' END END`,
    server: `(SELECT s.srvname FROM pg_catalog.pg_foreign_table f JOIN pg_catalog.pg_foreign_server s ON s.oid = f.ftserver WHERE f.ftrelid = c.oid)`,
    'foreign options': sorted('(SELECT f.ftoptions FROM pg_catalog.pg_foreign_table f WHERE f.ftrelid = c.oid)'),
    type: `${ofSequence('seqtypid')}::regtype::text`,
    start: ofSequence('seqstart'),
    increment: ofSequence('seqincrement'),
    maximum: ofSequence('seqmax'),
    minimum: ofSequence('seqmin'),
    cache: ofSequence('seqcache'),
    cycle: onOff(ofSequence('seqcycle')).replace('ELSE', `WHEN c.relkind <> 'S' THEN NULL ELSE`),
    'owning column': sequenceOwner(`CASE WHEN d.deptype = 'a' THEN ${ofTable(sql, 'd.refobjid')} || '.' || a.attname END`),
    'owning identity': sequenceOwner(`CASE WHEN d.deptype = 'i' THEN ${ofTable(sql, 'd.refobjid')} || '.' || a.attname END`),
  });

const columnProperties = ({ since }: FactSql) =>
  properties({
    type: 'pg_catalog.format_type(x.atttypid, x.atttypmod)',
    collation: `CASE WHEN x.attcollation <> t.typcollation THEN x.attcollation::regcollation::text END`,
    nullability: `CASE WHEN x.attnotnull THEN concat_ws(' ', 'NOT NULL',
    (SELECT concat_ws(' ', CASE WHEN NOT k.convalidated THEN 'NOT VALID' END, CASE WHEN k.connoinherit THEN 'NO INHERIT' END)
      FROM pg_catalog.pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'n' AND k.conkey = ARRAY[x.attnum]
        AND (NOT k.convalidated OR k.connoinherit))) ELSE 'nullable' END`,
    default: `CASE WHEN x.attgenerated = '' THEN (SELECT pg_catalog.pg_get_expr(e.adbin, e.adrelid, true) FROM pg_catalog.pg_attrdef e
    WHERE e.adrelid = c.oid AND e.adnum = x.attnum) END`,
    'generation expression': `CASE WHEN x.attgenerated <> '' THEN (SELECT pg_catalog.pg_get_expr(e.adbin, e.adrelid, true) || ' '
    || ${word('x.attgenerated', { s: 'STORED', v: 'VIRTUAL' })} FROM pg_catalog.pg_attrdef e WHERE e.adrelid = c.oid AND e.adnum = x.attnum) END`,
    identity: word('x.attidentity', { a: 'GENERATED ALWAYS', d: 'GENERATED BY DEFAULT' }),
    storage: `CASE WHEN x.attstorage <> t.typstorage THEN ${word('x.attstorage', storage)} END`,
    compression: since(14, word('x.attcompression', { p: 'pglz', l: 'lz4' })),
    'statistics target': 'x.attstattarget',
    options: sorted('x.attoptions'),
    'foreign options': sorted('x.attfdwoptions'),
    privileges: privileges('x.attacl', undefined, 'c.relowner'),
  });

const inRelations = `c.relkind IN ('r','p','v','m','f','c') AND ${notMember('pg_class', 'c.oid')}`;

export function commonFactQueries(sql: FactSql): FactQuery[] {
  const { relation, inSchema, objectName, since, isRecord } = sql;
  return [
    // A rehearsal looks at schemas of the system, too: scripts change who may use them.
    {
      catalogs: ['pg_namespace'],
      query: `SELECT 'schema ' || x.nspname, ${properties({
        owner: userName('x.nspowner'),
        privileges: privileges('x.nspacl', 'n', 'x.nspowner'),
      })}, 'schema' FROM pg_catalog.pg_namespace x
      WHERE x.nspname !~ '^pg_(toast_)?temp_' AND (x.oid = ANY($1)${isRecord ? '' : ` OR x.nspname IN ('public', 'pg_catalog', 'information_schema')`})`,
    },
    // Tables, views, sequences
    {
      catalogs: [...relations, 'pg_foreign_table'],
      query: `SELECT ${relationKind} || ${relation}, ${relationProperties(sql)}, coalesce(${sequenceOwner(ofTable(sql, 'd.refobjid'))}, ${relation})
     FROM pg_catalog.pg_class c ${joinSchema('c.relnamespace')}
     WHERE c.oid = ANY($1) AND c.relkind IN ('r','p','v','m','S','f','c') AND ${notMember('pg_class', 'c.oid')}`,
    },
    // Columns
    {
      catalogs: [...relations],
      query: `SELECT 'column ' || ${relation} || '.' || x.attname, ${columnProperties(sql)}, ${relation}
     FROM pg_catalog.pg_attribute x ${joinRelation('x.attrelid')} JOIN pg_catalog.pg_type t ON t.oid = x.atttypid
     WHERE x.attrelid = ANY($1) AND x.attnum > 0 AND NOT x.attisdropped AND ${inRelations}`,
    },
    // The order of a composite type's attributes is part of how its values are written.
    {
      catalogs: [...relations],
      query: `SELECT 'column order of ' || ${relation}, ${properties({ order: `string_agg(x.attname, ', ' ORDER BY x.attnum)`, of: `CASE c.relkind WHEN 'c' THEN 'type' ELSE 'table' END` })}, ${relation}
     FROM pg_catalog.pg_attribute x ${joinRelation('x.attrelid')}
     WHERE x.attrelid = ANY($1) AND x.attnum > 0 AND NOT x.attisdropped AND c.relkind IN ('r','p','f','c') GROUP BY 1, 3, c.relkind`,
    },
    // Constraints of tables and domains
    {
      catalogs: ['pg_constraint', 'pg_class', 'pg_attribute', 'pg_index'],
      query: `SELECT 'constraint ' || ${relation} || '.' || x.conname,
      ${properties({ definition: 'pg_catalog.pg_get_constraintdef(x.oid, true)' })}${isRecord ? '' : ` || CASE WHEN x.contype IN ('p','u','x') THEN ${stateOfIndex('x.conindid')} ELSE '{}' END`},
      ${relation}
     FROM pg_catalog.pg_constraint x ${joinRelation('x.conrelid')}
     WHERE x.conrelid = ANY($1) AND x.contype IN ('c','f','p','u','x')`,
    },
    {
      catalogs: ['pg_constraint', 'pg_type'],
      query: `SELECT 'constraint ' || x.contypid::regtype::text || '.' || x.conname, ${properties({ definition: 'pg_catalog.pg_get_constraintdef(x.oid, true)' })},
      x.contypid::regtype::text
     FROM pg_catalog.pg_constraint x WHERE x.contypid = ANY($1) AND x.contype <> 'n'`,
    },
    // Indexes; of a constraint's own a rehearsal tells with the constraint, which may have another name
    {
      catalogs: ['pg_index', 'pg_class', 'pg_attribute', 'pg_constraint', 'pg_inherits'],
      query: `SELECT 'index ' || ${relation}, ${properties({ definition: 'pg_catalog.pg_get_indexdef(x.indexrelid, 0, true)' })} || ${stateOfIndex('x.indexrelid')},
      ${ofTable(sql, 'x.indrelid')}
     FROM pg_catalog.pg_index x ${joinRelation('x.indexrelid')}
     WHERE x.indrelid = ANY($1) AND c.relkind IN ('i','I') AND c.relnamespace <> 99${
       isRecord
         ? ''
         : ` AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conindid = x.indexrelid AND k.contype IN ('p','u','x'))`
     }`,
    },
    // Triggers, rules, policies
    {
      catalogs: ['pg_trigger', 'pg_proc'],
      query: `SELECT 'trigger ' || ${relation} || '.' || x.tgname,
      ${properties({ definition: 'pg_catalog.pg_get_triggerdef(x.oid, true)', state: word('x.tgenabled', enabled) })}, ${relation}
     FROM pg_catalog.pg_trigger x ${joinRelation('x.tgrelid')} WHERE x.tgrelid = ANY($1) AND NOT x.tgisinternal`,
    },
    {
      catalogs: ['pg_rewrite'],
      query: `SELECT 'rule ' || ${relation} || '.' || x.rulename,
      ${properties({ definition: 'pg_catalog.pg_get_ruledef(x.oid)', state: word('x.ev_enabled', enabled) })}, ${relation}
     FROM pg_catalog.pg_rewrite x ${joinRelation('x.ev_class')} WHERE x.ev_class = ANY($1) AND x.rulename <> '_RETURN'`,
    },
    {
      catalogs: ['pg_policy'],
      query: `SELECT 'policy ' || ${relation} || '.' || x.polname, ${properties({
        command: word('x.polcmd', { r: 'SELECT', a: 'INSERT', w: 'UPDATE', d: 'DELETE', '*': 'ALL' }),
        kind: `CASE WHEN x.polpermissive THEN 'permissive' ELSE 'restrictive' END`,
        roles: `(SELECT string_agg(CASE r WHEN 0 THEN 'PUBLIC' ELSE ${userName('r')} END, ', ' ORDER BY r) FROM unnest(x.polroles) r)`,
        'USING expression': 'pg_catalog.pg_get_expr(x.polqual, x.polrelid, true)',
        'WITH CHECK expression': 'pg_catalog.pg_get_expr(x.polwithcheck, x.polrelid, true)',
      })}, ${relation}
     FROM pg_catalog.pg_policy x ${joinRelation('x.polrelid')} WHERE x.polrelid = ANY($1)`,
    },
    // Types
    {
      catalogs: ['pg_type', 'pg_enum'],
      query: `SELECT CASE x.typtype WHEN 'd' THEN 'domain ' ELSE 'type ' END || ${inSchema('x.typname')}, ${properties({
        owner: userName('x.typowner'),
        privileges: privileges('x.typacl', 'T', 'x.typowner'),
        kind: word('x.typtype', { e: 'enum', r: 'range', b: 'base type' }),
        values: `(SELECT string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder) FROM pg_catalog.pg_enum e WHERE e.enumtypid = x.oid)`,
        'base type': `CASE WHEN x.typtype = 'd' THEN pg_catalog.format_type(x.typbasetype, x.typtypmod) END`,
        collation: `CASE WHEN x.typtype = 'd' THEN ${named('x.typcollation', 'regcollation')} END`,
        nullability: `CASE WHEN x.typtype = 'd' THEN CASE WHEN x.typnotnull THEN 'NOT NULL' ELSE 'nullable' END END`,
        default: 'x.typdefault',
        range: `(SELECT concat_ws(', ', r.rngsubtype::regtype, ${named('r.rngcollation', 'regcollation')}, nullif(r.rngcanonical, 0), nullif(r.rngsubdiff, 0))
        FROM pg_catalog.pg_range r WHERE r.rngtypid = x.oid)`,
        functions: `CASE WHEN x.typtype = 'b' THEN concat_ws(', ', x.typinput, x.typoutput, nullif(x.typreceive, 0), nullif(x.typsend, 0), nullif(x.typmodin, 0),
        nullif(x.typmodout, 0), nullif(x.typanalyze, 0), ${since(14, 'nullif(x.typsubscript, 0)')}) END`,
        storage: `CASE WHEN x.typtype = 'b' THEN concat_ws(', ', ${word('x.typstorage', storage)}, x.typlen, x.typbyval, x.typalign) END`,
        category: `CASE WHEN x.typtype = 'b' THEN concat_ws(', ', x.typcategory, x.typispreferred, x.typdelim, ${named('x.typelem', 'regtype')}) END`,
      })}, 'type'
     FROM pg_catalog.pg_type x ${joinSchema('x.typnamespace')}
     WHERE x.oid = ANY($1) AND x.typtype IN ('e','d','r','b') AND x.typcategory <> 'A' AND ${notMember('pg_type', 'x.oid')}`,
    },
    // Functions, procedures, aggregates
    {
      catalogs: ['pg_proc', 'pg_type'],
      query: `SELECT CASE x.prokind WHEN 'p' THEN 'procedure ' WHEN 'a' THEN 'aggregate ' ELSE 'function ' END
      || ${isRecord ? 'x.oid::regprocedure::text' : `n.nspname || '.' || x.proname || '(' || pg_catalog.pg_get_function_identity_arguments(x.oid) || ')'`}, ${properties(
        {
          owner: userName('x.proowner'),
          privileges: privileges('x.proacl', 'f', 'x.proowner'),
          kind: `CASE x.prokind WHEN 'w' THEN 'window function' END`,
          arguments: 'pg_catalog.pg_get_function_arguments(x.oid)',
          'result type': 'pg_catalog.pg_get_function_result(x.oid)',
          language: `(SELECT l.lanname FROM pg_catalog.pg_language l WHERE l.oid = x.prolang)`,
          volatility: word('x.provolatile', { i: 'immutable', s: 'stable', v: 'volatile' }),
          parallelism: word('x.proparallel', { s: 'safe', r: 'restricted', u: 'unsafe' }),
          security: `CASE WHEN x.prosecdef THEN 'definer' ELSE 'invoker' END`,
          'null handling': `CASE WHEN x.proisstrict THEN 'strict' ELSE 'called on null input' END`,
          leakproofness: `CASE WHEN x.proleakproof THEN 'leakproof' ELSE 'not leakproof' END`,
          cost: 'x.procost',
          'estimated rows': 'nullif(x.prorows, 0)',
          settings: sorted('x.proconfig'),
          'planner support function': named('x.prosupport', 'regproc'),
          library: 'x.probin',
          transforms: `(SELECT string_agg(y::regtype::text, ', ') FROM unnest(x.protrftypes) y)`,
          body: `coalesce(${since(14, 'pg_catalog.pg_get_function_sqlbody(x.oid)')}, x.prosrc)`,
          definition: `(SELECT pg_catalog.jsonb_strip_nulls(to_jsonb(g) - 'aggfnoid' || pg_catalog.jsonb_build_object('aggtranstype', g.aggtranstype::regtype,
          'aggmtranstype', ${named('g.aggmtranstype', 'regtype')}, 'aggsortop', ${named('g.aggsortop', 'regoperator')}))::text FROM pg_catalog.pg_aggregate g WHERE g.aggfnoid = x.oid)`,
        },
      )}, 'function'
     FROM pg_catalog.pg_proc x ${joinSchema('x.pronamespace')} WHERE x.oid = ANY($1) AND ${ofItsOwn('pg_proc', 'x.oid')}`,
    },
    {
      catalogs: ['pg_extension'],
      query: `SELECT 'extension ' || x.extname, ${properties({ version: 'x.extversion', schema: 'x.extnamespace::regnamespace::text' })}, 'extension'
     FROM pg_catalog.pg_extension x WHERE x.oid = ANY($1)`,
    },
    {
      catalogs: ['pg_statistic_ext'],
      query: `SELECT 'statistics ' || ${inSchema('x.stxname')}, ${properties({
        definition: 'pg_catalog.pg_get_statisticsobjdef(x.oid)',
        owner: userName('x.stxowner'),
        'statistics target': 'x.stxstattarget',
      })}, ${ofTable(sql, 'x.stxrelid')}
     FROM pg_catalog.pg_statistic_ext x ${joinSchema('x.stxnamespace')} WHERE x.stxrelid = ANY($1) OR x.oid = ANY($1)`,
    },
    // Comments
    {
      catalogs: ['pg_description'],
      query: `SELECT 'comment on ' || ${objectName('x.classoid', 'x.objoid', 'x.objsubid')}, ${properties({ text: 'x.description' })}, 'comment'
     FROM pg_catalog.pg_description x WHERE (x.objoid = ANY($1) AND x.objoid >= 16384${isRecord ? '' : ` OR x.objoid = 'public'::regnamespace`})
       AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = x.classoid AND d.objid = x.objoid AND d.deptype = 'e')
       AND x.classoid <> 'pg_catalog.pg_extension'::regclass`,
    },
  ];
}
