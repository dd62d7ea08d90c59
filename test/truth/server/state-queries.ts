/** Named things of users: neither the server's own, nor temporary, nor part of an extension. */
const own = (schema: string) => `${schema} !~ '^pg_' AND ${schema} <> 'information_schema'`;
const noMember = (catalog: string, oid: string) =>
  `NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = '${catalog}'::regclass AND d.objid = ${oid} AND d.deptype = 'e')`;
const grants = (acl: string, kind: string, owner: string) => `(SELECT 'grants ' || string_agg(
  CASE g.grantee WHEN 0 THEN 'public' ELSE g.grantee::regrole::text END || ':' || g.privilege_type || CASE WHEN g.is_grantable THEN '*' ELSE '' END,
  ' ' ORDER BY g.grantee::regrole::text, g.privilege_type) FROM aclexplode(coalesce(${acl}, acldefault('${kind}', ${owner}))) g)`;
/** NULL where there is none. */
const relation = `quote_ident(n.nspname) || '.' || quote_ident(c.relname)`;
const fromRelations = `FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND ${own('n.nspname')}`;
const ofRelation = (column: string) =>
  `JOIN pg_class c ON c.oid = ${column} JOIN pg_namespace n ON n.oid = c.relnamespace AND ${own('n.nspname')}`;

const kindOfRelation = `CASE c.relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'table' WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view'
  WHEN 'S' THEN 'sequence' WHEN 'f' THEN 'foreign table' WHEN 'c' THEN 'composite type' END`;

/**
 * Queries that describe everything in a database but its rows, for a session with an empty search path. Each row is an object
 * (kind and name), its definition, and what it belongs to.
 */
export function stateQueries(major: number): readonly string[] {
  const since = (first: number, sql: string, before = 'NULL') => (major >= first ? sql : before);
  return [
    `SELECT 'schema ' || quote_ident(n.nspname), concat_ws('; ', 'owner ' || n.nspowner::regrole, ${grants('n.nspacl', 'n', 'n.nspowner')}), ''
      FROM pg_namespace n WHERE ${own('n.nspname')} AND ${noMember('pg_namespace', 'n.oid')}`,

    `SELECT ${kindOfRelation} || ' ' || ${relation}, concat_ws('; ', 'owner ' || c.relowner::regrole,
        CASE WHEN c.relkind <> 'c' THEN CASE c.relkind WHEN 'S' THEN ${grants('c.relacl', 's', 'c.relowner')} ELSE ${grants('c.relacl', 'r', 'c.relowner')} END END,
        CASE c.relpersistence WHEN 'u' THEN 'unlogged' END, 'options ' || c.reloptions::text,
        'of type ' || nullif(c.reloftype, 0)::regtype, 'access method ' || (SELECT a.amname FROM pg_am a WHERE a.oid = c.relam AND a.amname <> 'heap'),
        'tablespace ' || nullif(c.reltablespace, 0), CASE WHEN c.relrowsecurity THEN 'row security' END,
        CASE WHEN c.relforcerowsecurity THEN 'forced row security' END,
        CASE WHEN c.relkind IN ('r', 'p') AND c.relreplident <> 'd' THEN 'replica identity ' || c.relreplident::text END,
        CASE c.relkind WHEN 'p' THEN 'partition by ' || pg_get_partkeydef(c.oid) END, pg_get_expr(c.relpartbound, c.oid),
        (SELECT 'inherits ' || string_agg(i.inhparent::regclass || coalesce(${since(14, "CASE WHEN i.inhdetachpending THEN ' (being detached)' END", "''")}, ''), ', ' ORDER BY i.inhseqno)
          FROM pg_inherits i WHERE i.inhrelid = c.oid),
        CASE WHEN c.relkind IN ('v', 'm') THEN 'as ' || pg_get_viewdef(c.oid) END, CASE WHEN c.relkind = 'm' AND NOT c.relispopulated THEN 'with no data' END,
        (SELECT 'as ' || format_type(s.seqtypid, NULL) || ' start ' || s.seqstart || ' increment ' || s.seqincrement || ' from ' || s.seqmin || ' to ' || s.seqmax
            || ' cache ' || s.seqcache || CASE WHEN s.seqcycle THEN ' cycle' ELSE '' END FROM pg_sequence s WHERE s.seqrelid = c.oid),
        (SELECT 'owned by ' || d.refobjid::regclass || '.' || a.attname FROM pg_depend d JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
          WHERE c.relkind = 'S' AND d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')),
        (SELECT s.srvname || ' ' || f.ftoptions::text FROM pg_foreign_table f JOIN pg_foreign_server s ON s.oid = f.ftserver WHERE f.ftrelid = c.oid)), ''
      ${fromRelations} WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f', 'c') AND ${noMember('pg_class', 'c.oid')}`,

    `SELECT CASE c.relkind WHEN 'c' THEN 'attribute ' ELSE 'column ' END || ${relation} || '.' || quote_ident(a.attname), concat_ws('; ', format_type(a.atttypid, a.atttypmod),
        CASE WHEN a.attcollation <> t.typcollation THEN 'collation ' || a.attcollation::regcollation END, CASE WHEN a.attnotnull THEN 'not null' END,
        CASE a.attgenerated WHEN '' THEN 'default ' ELSE 'generated ' || a.attgenerated::text || ' ' END || pg_get_expr(e.adbin, e.adrelid),
        'identity ' || nullif(a.attidentity::text, ''), CASE WHEN a.attstorage <> t.typstorage THEN 'storage ' || a.attstorage::text END,
        'compression ' || nullif(${since(14, 'a.attcompression::text')}, ''), 'statistics ' || nullif(a.attstattarget, -1), 'options ' || a.attoptions::text,
        (SELECT 'grants ' || string_agg(g.grantee::regrole || ':' || g.privilege_type, ' ' ORDER BY g.grantee::regrole::text, g.privilege_type) FROM aclexplode(a.attacl) g)),
        ${relation}
      FROM pg_attribute a ${ofRelation('a.attrelid')} JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_attrdef e ON e.adrelid = a.attrelid AND e.adnum = a.attnum
      WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'c') AND ${noMember('pg_class', 'c.oid')}`,

    `SELECT CASE c.relkind WHEN 'c' THEN 'attribute order of ' WHEN 'v' THEN 'view column order of ' ELSE 'column order of ' END || ${relation},
        string_agg(a.attname, ', ' ORDER BY a.attnum), ${relation}
      FROM pg_attribute a ${ofRelation('a.attrelid')}
      WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'f', 'c') AND ${noMember('pg_class', 'c.oid')} GROUP BY c.relkind, n.nspname, c.relname`,

    // A NOT NULL constraint is told with its column, except for what the column cannot say.
    `SELECT 'constraint ' || k.conname || ' on ' || coalesce(${relation}, k.contypid::regtype::text), concat_ws('; ', pg_get_constraintdef(k.oid, true),
        CASE WHEN k.conislocal THEN NULL ELSE 'inherited' END, CASE WHEN k.connoinherit AND k.contype = 'n' THEN 'no inherit' END${
          major >= 18 ? ", CASE WHEN NOT k.conenforced THEN 'not enforced' END" : ''
        }), coalesce(${relation}, k.contypid::regtype::text)
      FROM pg_constraint k LEFT JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = coalesce(c.relnamespace, k.connamespace) AND ${own('n.nspname')}
      WHERE (k.contype IN ('c', 'f', 'p', 'u', 'x') OR (k.contype = 'n' AND k.conrelid <> 0 AND (NOT k.convalidated OR k.connoinherit)))
        AND ${noMember('pg_class', 'coalesce(c.oid, 0)')} AND ${noMember('pg_type', 'k.contypid')}`,

    `SELECT 'index ' || ${relation}, concat_ws('; ', pg_get_indexdef(i.indexrelid, 0, true), CASE WHEN NOT i.indisvalid THEN 'invalid' END,
        CASE WHEN NOT i.indisready THEN 'not ready' END, CASE WHEN i.indisclustered THEN 'clustered' END, CASE WHEN i.indisreplident THEN 'replica identity' END,
        (SELECT 'attached to ' || h.inhparent::regclass FROM pg_inherits h WHERE h.inhrelid = i.indexrelid), 'options ' || c.reloptions::text),
        i.indrelid::regclass::text
      FROM pg_index i ${ofRelation('i.indexrelid')} WHERE ${noMember('pg_class', 'i.indrelid')}`,

    `SELECT 'trigger ' || quote_ident(t.tgname) || ' on ' || ${relation}, concat_ws('; ', pg_get_triggerdef(t.oid), 'enabled ' || nullif(t.tgenabled::text, 'O')), ${relation}
      FROM pg_trigger t ${ofRelation('t.tgrelid')} WHERE NOT t.tgisinternal`,
    `SELECT 'rule ' || quote_ident(r.rulename) || ' on ' || ${relation}, concat_ws('; ', pg_get_ruledef(r.oid), 'enabled ' || nullif(r.ev_enabled::text, 'O')), ${relation}
      FROM pg_rewrite r ${ofRelation('r.ev_class')} WHERE r.rulename <> '_RETURN'`,
    `SELECT 'policy ' || quote_ident(p.polname) || ' on ' || ${relation}, concat_ws('; ', p.polcmd, CASE WHEN p.polpermissive THEN 'permissive' ELSE 'restrictive' END,
        (SELECT 'to ' || string_agg(CASE r WHEN 0 THEN 'public' ELSE r::regrole::text END, ', ' ORDER BY r::regrole::text) FROM unnest(p.polroles) r),
        'using ' || pg_get_expr(p.polqual, p.polrelid), 'check ' || pg_get_expr(p.polwithcheck, p.polrelid)), ${relation}
      FROM pg_policy p ${ofRelation('p.polrelid')}`,
    `SELECT 'statistics ' || format('%I.%I', n.nspname, s.stxname), pg_get_statisticsobjdef(s.oid), s.stxrelid::regclass::text
      FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace AND ${own('n.nspname')}`,

    `SELECT CASE t.typtype WHEN 'd' THEN 'domain ' WHEN 'e' THEN 'enum ' WHEN 'r' THEN 'range ' ELSE 'type ' END || format('%I.%I', n.nspname, t.typname),
        concat_ws('; ', 'owner ' || t.typowner::regrole, ${grants('t.typacl', 'T', 't.typowner')},
          (SELECT 'values ' || string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid),
          CASE t.typtype WHEN 'd' THEN 'over ' || format_type(t.typbasetype, t.typtypmod) || CASE WHEN t.typnotnull THEN ' not null' ELSE '' END END,
          CASE WHEN t.typtype = 'd' AND t.typcollation <> b.typcollation THEN 'collation ' || t.typcollation::regcollation END, 'default ' || t.typdefault,
          (SELECT 'of ' || r.rngsubtype::regtype || ' ' || r.rngcanonical || ' ' || r.rngsubdiff FROM pg_range r WHERE r.rngtypid = t.oid)), ''
      FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace AND ${own('n.nspname')} LEFT JOIN pg_type b ON b.oid = t.typbasetype
      WHERE t.typtype IN ('d', 'e', 'r', 'b', 'p') AND t.typelem = 0 AND ${noMember('pg_type', 't.oid')}
        OR (t.typtype = 'b' AND t.typcategory <> 'A' AND t.typelem <> 0 AND ${own('n.nspname')} AND ${noMember('pg_type', 't.oid')})`,

    `SELECT CASE p.prokind WHEN 'p' THEN 'procedure ' WHEN 'a' THEN 'aggregate ' ELSE 'function ' END || format('%I.%I', n.nspname, p.proname)
        || '(' || pg_get_function_identity_arguments(p.oid) || ')', concat_ws('; ', 'owner ' || p.proowner::regrole, ${grants('p.proacl', 'f', 'p.proowner')},
        CASE WHEN p.prokind <> 'a' THEN pg_get_functiondef(p.oid) END,
        (SELECT concat_ws(' ', g.aggtransfn, g.aggfinalfn, g.aggtranstype::regtype, g.agginitval, g.aggsortop) FROM pg_aggregate g WHERE g.aggfnoid = p.oid)), ''
      FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace AND ${own('n.nspname')} WHERE ${noMember('pg_proc', 'p.oid')}`,

    `SELECT 'extension ' || x.extname, concat_ws('; ', x.extversion, 'schema ' || x.extnamespace::regnamespace), '' FROM pg_extension x WHERE x.extname <> 'plpgsql'`,
    `SELECT 'default privileges of ' || x.defaclrole::regrole || coalesce(' in ' || nullif(x.defaclnamespace, 0)::regnamespace, '') || ' for ' || x.defaclobjtype::text,
        (SELECT string_agg(CASE g.grantee WHEN 0 THEN 'public' ELSE g.grantee::regrole::text END || ':' || g.privilege_type, ' ' ORDER BY g.grantee::regrole::text, g.privilege_type)
          FROM aclexplode(x.defaclacl) g), '' FROM pg_default_acl x`,
    `SELECT 'event trigger ' || x.evtname, concat_ws('; ', x.evtevent, x.evtfoid::regproc, x.evtenabled, x.evttags::text, 'owner ' || x.evtowner::regrole), ''
      FROM pg_event_trigger x WHERE ${noMember('pg_event_trigger', 'x.oid')}`,
    `SELECT 'publication ' || x.pubname, concat_ws('; ', 'owner ' || x.pubowner::regrole, CASE WHEN x.puballtables THEN 'all tables' END, x.pubinsert, x.pubupdate, x.pubdelete, x.pubtruncate, x.pubviaroot,
        (SELECT string_agg(r.prrelid::regclass::text${major >= 15 ? " || coalesce(' where ' || pg_get_expr(r.prqual, r.prrelid), '')" : ''}, ', ' ORDER BY r.prrelid::regclass::text) FROM pg_publication_rel r WHERE r.prpubid = x.oid)), ''
      FROM pg_publication x`,
    ...(major >= 15
      ? [
          `SELECT 'publication ' || p.pubname || ' of schema ' || x.pnnspid::regnamespace, '', '' FROM pg_publication_namespace x JOIN pg_publication p ON p.oid = x.pnpubid`,
        ]
      : []),
    `SELECT 'cast from ' || x.castsource::regtype || ' to ' || x.casttarget::regtype, concat_ws('; ', nullif(x.castfunc, 0)::regprocedure, x.castcontext, x.castmethod), ''
      FROM pg_cast x WHERE x.oid >= 16384 AND ${noMember('pg_cast', 'x.oid')}`,
    `SELECT 'operator ' || x.oid::regoperator, concat_ws('; ', x.oprcode::regprocedure, nullif(x.oprcom, 0)::regoperator, nullif(x.oprnegate, 0)::regoperator, x.oprrest, x.oprjoin, x.oprcanhash, x.oprcanmerge), ''
      FROM pg_operator x JOIN pg_namespace n ON n.oid = x.oprnamespace AND ${own('n.nspname')} WHERE ${noMember('pg_operator', 'x.oid')}`,
    `SELECT 'operator class ' || format('%I.%I', n.nspname, x.opcname) || ' for ' || m.amname, concat_ws('; ', x.opcintype::regtype, x.opcdefault,
        (SELECT string_agg(concat_ws(' ', o.amopstrategy, o.amopopr::regoperator), ', ' ORDER BY o.amopstrategy, o.amopopr::regoperator::text) FROM pg_amop o WHERE o.amopfamily = x.opcfamily),
        (SELECT string_agg(concat_ws(' ', o.amprocnum, o.amproc::regprocedure), ', ' ORDER BY o.amprocnum, o.amproc::regprocedure::text) FROM pg_amproc o WHERE o.amprocfamily = x.opcfamily)), ''
      FROM pg_opclass x JOIN pg_am m ON m.oid = x.opcmethod JOIN pg_namespace n ON n.oid = x.opcnamespace AND ${own('n.nspname')} WHERE ${noMember('pg_opclass', 'x.oid')}`,
    `SELECT 'collation ' || format('%I.%I', n.nspname, x.collname), concat_ws('; ', x.collprovider, x.collisdeterministic, x.collcollate, x.collctype), ''
      FROM pg_collation x JOIN pg_namespace n ON n.oid = x.collnamespace AND ${own('n.nspname')} WHERE ${noMember('pg_collation', 'x.oid')}`,
    ...[
      ['pg_ts_config', 'cfgnamespace'],
      ['pg_ts_dict', 'dictnamespace'],
      ['pg_conversion', 'connamespace'],
    ].map(
      ([catalog = '', schema = '']) => `SELECT pg_describe_object(x.tableoid, x.oid, 0), '', '' FROM ${catalog} x
        JOIN pg_namespace n ON n.oid = x.${schema} AND ${own('n.nspname')} WHERE ${noMember(catalog, 'x.oid')}`,
    ),
    ...['pg_foreign_server', 'pg_foreign_data_wrapper', 'pg_language', 'pg_am', 'pg_transform'].map(
      (catalog) =>
        `SELECT pg_describe_object(x.tableoid, x.oid, 0), '', '' FROM ${catalog} x WHERE x.oid >= 16384 AND ${noMember(catalog, 'x.oid')}`,
    ),
    `SELECT 'comment on ' || pg_describe_object(x.classoid, x.objoid, x.objsubid), x.description, ''
      FROM pg_description x WHERE x.objoid >= 16384 AND x.classoid <> 'pg_extension'::regclass
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = x.classoid AND d.objid = x.objoid AND d.deptype = 'e')`,
    `SELECT 'setting of this database' || coalesce(' for ' || nullif(s.setrole, 0)::regrole, ''), s.setconfig::text, ''
      FROM pg_db_role_setting s JOIN pg_database b ON b.oid = s.setdatabase AND b.datname = current_database()`,
    `SELECT 'role ' || r.rolname, concat_ws('; ', CASE WHEN r.rolsuper THEN 'superuser' END, CASE WHEN r.rolinherit THEN 'inherit' END, CASE WHEN r.rolcreaterole THEN 'create role' END,
        CASE WHEN r.rolcreatedb THEN 'create db' END, CASE WHEN r.rolcanlogin THEN 'login' END, CASE WHEN r.rolbypassrls THEN 'bypass rls' END,
        (SELECT 'member of ' || string_agg(m.roleid::regrole::text, ', ' ORDER BY m.roleid::regrole::text) FROM pg_auth_members m WHERE m.member = r.oid),
        (SELECT s.setconfig::text FROM pg_db_role_setting s WHERE s.setrole = r.oid AND s.setdatabase = 0)), ''
      FROM pg_roles r WHERE r.oid >= 16384`,
  ];
}
