/**
 * Queries that describe the objects with the given oids. Each returns object (type and qualified name), definition,
 * group (what a renamed object stays comparable within) and whether a difference is cosmetic. `$1` is an oid array.
 * They run with an empty search path, so that PostgreSQL qualifies every name in the definitions it prints.
 */

const relation = `n.nspname || '.' || c.relname`;
const joinRelation = (column: string) =>
  `JOIN pg_catalog.pg_class c ON c.oid = ${column} JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace`;
const tableKind = `CASE c.relkind WHEN 'S' THEN 'sequence ' WHEN 'v' THEN 'view ' WHEN 'm' THEN 'materialized view ' WHEN 'f' THEN 'foreign table '
  WHEN 'c' THEN 'type ' ELSE 'table ' END`;

/** Privileges in one form: an explicit list that says no more than the default equals no list, as in pg_dump. */
function privileges(acl: string, kind: string, owner: string): string {
  return `(SELECT string_agg(a::text, ' ' ORDER BY a::text) FROM unnest(coalesce(${acl}, pg_catalog.acldefault('${kind}', ${owner}))) a)`;
}

const notMember = (classId: string, oid: string) =>
  `NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.${classId}'::regclass AND d.objid = ${oid} AND d.deptype = 'e')`;

export interface FactQuery {
  /** Unless one of these was written, the query tells the same as before. */
  readonly catalogs: readonly string[];
  readonly query: string;
}

const relations = ['pg_class', 'pg_rewrite', 'pg_sequence', 'pg_inherits', 'pg_attribute', 'pg_attrdef', 'pg_constraint', 'pg_index'];

export const factQueries: readonly FactQuery[] = [
  // Schemas
  {
    catalogs: ['pg_namespace'],
    query: `SELECT 'schema ' || x.nspname, concat_ws(' ', 'owner', pg_catalog.pg_get_userbyid(x.nspowner), ${privileges('x.nspacl', 'n', 'x.nspowner')}), 'schema', false
     FROM pg_catalog.pg_namespace x WHERE x.oid = ANY($1)`,
  },
  // Tables, views, sequences
  {
    catalogs: [...relations],
    query: `SELECT ${tableKind} || ${relation}, concat_ws(' ', c.relkind, c.relpersistence, 'owner', pg_catalog.pg_get_userbyid(c.relowner),
      ${privileges('c.relacl', 'r', 'c.relowner')}, c.reloptions, CASE WHEN c.relrowsecurity THEN 'row security' END,
      CASE WHEN c.relforcerowsecurity THEN 'forced' END, CASE WHEN c.relkind IN ('r','p') AND c.relreplident <> 'd' THEN 'replica identity ' || c.relreplident::text END,
      CASE WHEN c.relkind = 'p' THEN pg_catalog.pg_get_partkeydef(c.oid) END,
      pg_catalog.pg_get_expr(c.relpartbound, c.oid),
      (SELECT 'inherits ' || string_agg(i.inhparent::regclass::text, ',' ORDER BY i.inhseqno) FROM pg_catalog.pg_inherits i WHERE i.inhrelid = c.oid),
      CASE WHEN c.relkind IN ('v','m') THEN pg_catalog.pg_get_viewdef(c.oid) END,
      (SELECT concat_ws(' ', s.seqtypid::regtype, s.seqstart, s.seqincrement, s.seqmax, s.seqmin, s.seqcache, s.seqcycle,
         (SELECT 'owned by ' || d.refobjid::regclass || '.' || a.attname FROM pg_catalog.pg_depend d
            JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
            WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('a','i') AND d.refobjsubid > 0))
         FROM pg_catalog.pg_sequence s WHERE s.seqrelid = c.oid)), 'relation', false
     FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE c.oid = ANY($1) AND c.relkind IN ('r','p','v','m','S','f','c') AND ${notMember('pg_class', 'c.oid')}
       AND NOT (c.relkind = 'S' AND EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_class'::regclass
         AND d.objid = c.oid AND d.deptype = 'i'))`,
  },
  // Columns
  {
    catalogs: [...relations],
    query: `SELECT 'column ' || ${relation} || '.' || x.attname, concat_ws(' ', pg_catalog.format_type(x.atttypid, x.atttypmod),
      CASE WHEN x.attcollation <> t.typcollation THEN 'collate ' || x.attcollation::regcollation END,
      CASE WHEN x.attnotnull THEN 'not null' END,
      (SELECT concat_ws(' ', CASE WHEN NOT k.convalidated THEN 'not valid' END, CASE WHEN k.connoinherit THEN 'no inherit' END)
         FROM pg_catalog.pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'n' AND k.conkey = ARRAY[x.attnum]),
      CASE x.attgenerated WHEN 's' THEN 'generated stored' WHEN 'v' THEN 'generated virtual' ELSE 'default' END || ' '
        || (SELECT pg_catalog.pg_get_expr(e.adbin, e.adrelid) FROM pg_catalog.pg_attrdef e WHERE e.adrelid = c.oid AND e.adnum = x.attnum),
      CASE WHEN x.attidentity <> '' THEN 'identity ' || x.attidentity::text END,
      CASE WHEN x.attstorage <> t.typstorage THEN 'storage ' || x.attstorage::text END, nullif(x.attcompression::text, ''),
      CASE WHEN x.attstattarget IS NOT NULL THEN 'statistics ' || x.attstattarget END, x.attoptions, x.attacl), ${relation}, false
     FROM pg_catalog.pg_attribute x ${joinRelation('x.attrelid')} JOIN pg_catalog.pg_type t ON t.oid = x.atttypid
     WHERE x.attrelid = ANY($1) AND x.attnum > 0 AND NOT x.attisdropped AND c.relkind IN ('r','p','v','m','f','c')
       AND ${notMember('pg_class', 'c.oid')}`,
  },
  {
    catalogs: [...relations],
    query: `SELECT 'column order of ' || ${relation}, string_agg(x.attname, ', ' ORDER BY x.attnum), ${relation}, true
     FROM pg_catalog.pg_attribute x ${joinRelation('x.attrelid')}
     WHERE x.attrelid = ANY($1) AND x.attnum > 0 AND NOT x.attisdropped AND c.relkind IN ('r','p','f') GROUP BY 1, 3`,
  },
  // Constraints of tables and domains
  {
    catalogs: ['pg_constraint', 'pg_class', 'pg_attribute'],
    query: `SELECT 'constraint ' || coalesce(${relation}, x.contypid::regtype::text) || '.' || x.conname, pg_catalog.pg_get_constraintdef(x.oid),
      coalesce(${relation}, x.contypid::regtype::text), false
     FROM pg_catalog.pg_constraint x LEFT JOIN pg_catalog.pg_class c ON c.oid = x.conrelid LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE x.conrelid = ANY($1) AND x.contype IN ('c','f','p','u','x')`,
  },
  {
    catalogs: ['pg_constraint', 'pg_type'],
    query: `SELECT 'constraint ' || x.contypid::regtype::text || '.' || x.conname, pg_catalog.pg_get_constraintdef(x.oid), x.contypid::regtype::text, false
     FROM pg_catalog.pg_constraint x WHERE x.contypid = ANY($1) AND x.contype <> 'n'`,
  },
  // Indexes that are not a constraint's own
  {
    catalogs: ['pg_index', 'pg_class', 'pg_attribute', 'pg_constraint'],
    query: `SELECT 'index ' || ${relation}, concat_ws(' ', pg_catalog.pg_get_indexdef(x.indexrelid), CASE WHEN NOT x.indisvalid THEN 'invalid' END,
      CASE WHEN x.indisclustered THEN 'clustered' END, CASE WHEN x.indisreplident THEN 'replica identity' END), x.indrelid::regclass::text, false
     FROM pg_catalog.pg_index x ${joinRelation('x.indexrelid')}
     WHERE x.indrelid = ANY($1) AND c.relkind IN ('i','I') AND c.relnamespace <> 99
       AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conindid = x.indexrelid AND k.contype IN ('p','u','x'))`,
  },
  // Triggers, rules, policies
  {
    catalogs: ['pg_trigger', 'pg_proc'],
    query: `SELECT 'trigger ' || ${relation} || '.' || x.tgname, concat_ws(' ', pg_catalog.pg_get_triggerdef(x.oid), nullif(x.tgenabled::text, 'O')), ${relation}, false
     FROM pg_catalog.pg_trigger x ${joinRelation('x.tgrelid')} WHERE x.tgrelid = ANY($1) AND NOT x.tgisinternal`,
  },
  {
    catalogs: ['pg_rewrite'],
    query: `SELECT 'rule ' || ${relation} || '.' || x.rulename, concat_ws(' ', pg_catalog.pg_get_ruledef(x.oid), nullif(x.ev_enabled::text, 'O')), ${relation}, false
     FROM pg_catalog.pg_rewrite x ${joinRelation('x.ev_class')} WHERE x.ev_class = ANY($1) AND x.rulename <> '_RETURN'`,
  },
  {
    catalogs: ['pg_policy'],
    query: `SELECT 'policy ' || ${relation} || '.' || x.polname, concat_ws(' ', x.polcmd, x.polpermissive,
      (SELECT string_agg(CASE r WHEN 0 THEN 'public' ELSE pg_catalog.pg_get_userbyid(r) END, ',' ORDER BY r) FROM unnest(x.polroles) r),
      'using', pg_catalog.pg_get_expr(x.polqual, x.polrelid), 'check', pg_catalog.pg_get_expr(x.polwithcheck, x.polrelid)), ${relation}, false
     FROM pg_catalog.pg_policy x ${joinRelation('x.polrelid')} WHERE x.polrelid = ANY($1)`,
  },
  // Types
  {
    catalogs: ['pg_type', 'pg_enum'],
    query: `SELECT CASE x.typtype WHEN 'd' THEN 'domain ' ELSE 'type ' END || n.nspname || '.' || x.typname, concat_ws(' ', x.typtype,
      'owner', pg_catalog.pg_get_userbyid(x.typowner), ${privileges('x.typacl', 'T', 'x.typowner')},
      (SELECT 'values ' || string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder) FROM pg_catalog.pg_enum e WHERE e.enumtypid = x.oid),
      CASE WHEN x.typtype = 'd' THEN concat_ws(' ', pg_catalog.format_type(x.typbasetype, x.typtypmod), CASE WHEN x.typnotnull THEN 'not null' END,
        'default ' || x.typdefault) END,
      (SELECT concat_ws(' ', r.rngsubtype::regtype, r.rngcollation, r.rngcanonical, r.rngsubdiff) FROM pg_catalog.pg_range r WHERE r.rngtypid = x.oid)),
      'type', false
     FROM pg_catalog.pg_type x JOIN pg_catalog.pg_namespace n ON n.oid = x.typnamespace
     WHERE x.oid = ANY($1) AND x.typtype IN ('e','d','r','b') AND x.typcategory <> 'A' AND ${notMember('pg_type', 'x.oid')}`,
  },
  // Functions and procedures; an aggregate has no printed definition
  {
    catalogs: ['pg_proc', 'pg_type'],
    query: `SELECT CASE x.prokind WHEN 'p' THEN 'procedure ' WHEN 'a' THEN 'aggregate ' ELSE 'function ' END
      || n.nspname || '.' || x.proname || '(' || pg_catalog.pg_get_function_identity_arguments(x.oid) || ')',
      concat_ws(' ', 'owner', pg_catalog.pg_get_userbyid(x.proowner), ${privileges('x.proacl', 'f', 'x.proowner')},
        CASE WHEN x.prokind = 'a' THEN (SELECT concat_ws(' ', g.aggtransfn, g.aggfinalfn, g.agginitval, g.aggtranstype::regtype)
          FROM pg_catalog.pg_aggregate g WHERE g.aggfnoid = x.oid) ELSE pg_catalog.pg_get_functiondef(x.oid) END), 'function', false
     FROM pg_catalog.pg_proc x JOIN pg_catalog.pg_namespace n ON n.oid = x.pronamespace
     WHERE x.oid = ANY($1) AND ${notMember('pg_proc', 'x.oid')}`,
  },
  {
    catalogs: ['pg_extension'],
    query: `SELECT 'extension ' || x.extname, x.extversion, 'extension', false FROM pg_catalog.pg_extension x WHERE x.oid = ANY($1)`,
  },
  {
    catalogs: ['pg_statistic_ext'],
    query: `SELECT 'statistics ' || n.nspname || '.' || x.stxname, pg_catalog.pg_get_statisticsobjdef(x.oid), x.stxrelid::regclass::text, false
     FROM pg_catalog.pg_statistic_ext x JOIN pg_catalog.pg_namespace n ON n.oid = x.stxnamespace WHERE x.stxrelid = ANY($1) OR x.oid = ANY($1)`,
  },
  // Few in any database
  {
    catalogs: ['pg_default_acl'],
    query: `SELECT pg_catalog.pg_describe_object(x.tableoid, x.oid, 0), (SELECT string_agg(a::text, ' ' ORDER BY a::text) FROM unnest(x.defaclacl) a), 'acl', false
     FROM pg_catalog.pg_default_acl x`,
  },
  {
    catalogs: ['pg_event_trigger'],
    query: `SELECT 'event trigger ' || x.evtname, concat_ws(' ', x.evtevent, x.evtfoid::regproc, x.evtenabled, x.evttags), 'event', false FROM pg_catalog.pg_event_trigger x`,
  },
  {
    catalogs: ['pg_publication', 'pg_publication_rel'],
    query: `SELECT 'publication ' || x.pubname, concat_ws(' ', x.puballtables, x.pubinsert, x.pubupdate, x.pubdelete, x.pubtruncate,
      (SELECT string_agg(r.prrelid::regclass::text, ',' ORDER BY r.prrelid::regclass::text) FROM pg_catalog.pg_publication_rel r WHERE r.prpubid = x.oid)), 'publication', false
     FROM pg_catalog.pg_publication x`,
  },
  ...[
    'pg_operator',
    'pg_opclass',
    'pg_cast',
    'pg_collation',
    'pg_ts_config',
    'pg_ts_dict',
    'pg_foreign_server',
    'pg_foreign_data_wrapper',
    'pg_language',
  ].map((catalog) => ({
    catalogs: [catalog],
    query: `SELECT pg_catalog.pg_describe_object(x.tableoid, x.oid, 0), '', '${catalog}', false FROM pg_catalog.${catalog} x
      WHERE x.oid = ANY($1) AND x.oid >= 16384 AND ${notMember(catalog, 'x.oid')}`,
  })),
  // Comments
  {
    catalogs: ['pg_description'],
    query: `SELECT 'comment on ' || pg_catalog.pg_describe_object(x.classoid, x.objoid, x.objsubid), x.description, 'comment', true
     FROM pg_catalog.pg_description x WHERE x.objoid = ANY($1) AND x.objoid >= 16384
       AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = x.classoid AND d.objid = x.objoid AND d.deptype = 'e')
       AND x.classoid <> 'pg_catalog.pg_extension'::regclass`,
  },
];
