/**
 * The catalog of a database as rows of (kind, name, definition): everything of ours that a backup must bring back.
 * Objects of extensions, of the system and of the journal are left out; an extension counts by its name and version.
 * Read with an empty search path, so that every name is qualified.
 */
const ours = "n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' AND n.nspname <> 'mem8_upgrade'";
const notOfExtension = (catalog: string, oid: string) =>
  `NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = '${catalog}'::regclass AND e.objid = ${oid} AND e.deptype = 'e')`;
const rights = (acl: string, kind: string, owner: string) =>
  `(SELECT string_agg(a::text, ',' ORDER BY a::text) FROM unnest(COALESCE(${acl}, acldefault('${kind}', ${owner}))) a)`;
const sorted = (array: string) => `(SELECT string_agg(o, ',' ORDER BY o) FROM unnest(${array}) o)`;

const facts: readonly string[] = [
  `SELECT 'schema', n.nspname, concat_ws('|', n.nspowner::regrole, ${rights('n.nspacl', 'n', 'n.nspowner')})
     FROM pg_namespace n WHERE ${ours} AND ${notOfExtension('pg_namespace', 'n.oid')}`,
  `SELECT 'extension', x.extname, concat_ws('|', x.extversion, n.nspname)
     FROM pg_extension x JOIN pg_namespace n ON n.oid = x.extnamespace`,
  `SELECT 'relation', c.oid::regclass::text, concat_ws('|', c.relkind, c.relpersistence, c.relrowsecurity, c.relforcerowsecurity, c.relreplident,
       c.relowner::regrole, ${rights('c.relacl', 'r', 'c.relowner')}, ${sorted('c.reloptions')}, am.amname,
       pg_get_expr(c.relpartbound, c.oid), CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END,
       (SELECT string_agg(i.inhparent::regclass::text, ',' ORDER BY i.inhseqno) FROM pg_inherits i WHERE i.inhrelid = c.oid),
       CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END, CASE WHEN c.relkind = 'm' THEN c.relispopulated END)
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_am am ON am.oid = c.relam
     WHERE ${ours} AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'c') AND ${notOfExtension('pg_class', 'c.oid')}`,
  `SELECT 'column', c.oid::regclass || '.' || a.attname, concat_ws('|', count(*) FILTER (WHERE NOT a.attisdropped) OVER (PARTITION BY c.oid ORDER BY a.attnum),
       format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid), a.attidentity, a.attgenerated,
       a.attcollation::regcollation, a.attstorage, ${sorted('a.attoptions')}, (SELECT string_agg(g::text, ',' ORDER BY g::text) FROM unnest(a.attacl) g))
     FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
     WHERE ${ours} AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'c') AND a.attnum > 0 AND NOT a.attisdropped AND ${notOfExtension('pg_class', 'c.oid')}`,
  `SELECT 'constraint', k.conname || ' on ' || CASE WHEN k.conrelid <> 0 THEN k.conrelid::regclass::text ELSE k.contypid::regtype::text END,
       concat_ws('|', pg_get_constraintdef(k.oid), k.convalidated)
     FROM pg_constraint k JOIN pg_namespace n ON n.oid = k.connamespace
     WHERE ${ours} AND k.contype <> 't' AND ${notOfExtension('pg_class', 'k.conrelid')} AND ${notOfExtension('pg_type', 'k.contypid')}`,
  `SELECT 'index', i.indexrelid::regclass::text, concat_ws('|', pg_get_indexdef(i.indexrelid), i.indisvalid, i.indisclustered, i.indisreplident)
     FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE ${ours} AND ${notOfExtension('pg_class', 'c.oid')}`,
  `SELECT 'sequence', s.seqrelid::regclass::text, concat_ws('|', format_type(s.seqtypid, NULL), s.seqstart, s.seqincrement, s.seqmax, s.seqmin, s.seqcache, s.seqcycle,
       c.relowner::regrole, ${rights('c.relacl', 's', 'c.relowner')},
       (SELECT o.refobjid::regclass || '.' || o.refobjsubid FROM pg_depend o
          WHERE o.classid = 'pg_class'::regclass AND o.objid = c.oid AND o.refclassid = 'pg_class'::regclass AND o.deptype IN ('a', 'i') AND o.refobjsubid > 0 LIMIT 1))
     FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE ${ours} AND ${notOfExtension('pg_class', 'c.oid')}`,
  `SELECT 'function', p.oid::regprocedure::text, concat_ws('|', p.prokind, p.proowner::regrole, ${rights('p.proacl', 'f', 'p.proowner')},
       CASE WHEN p.prokind = 'a' THEN (SELECT concat_ws(',', g.aggtransfn, g.aggfinalfn, g.aggcombinefn, g.aggtranstype::regtype, g.agginitval) FROM pg_aggregate g WHERE g.aggfnoid = p.oid)
         ELSE pg_get_functiondef(p.oid) END)
     FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE ${ours} AND ${notOfExtension('pg_proc', 'p.oid')}`,
  `SELECT 'trigger', t.tgname || ' on ' || t.tgrelid::regclass, concat_ws('|', pg_get_triggerdef(t.oid), t.tgenabled)
     FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${ours} AND NOT t.tgisinternal`,
  `SELECT 'rule', r.rulename || ' on ' || r.ev_class::regclass, concat_ws('|', pg_get_ruledef(r.oid), r.ev_enabled)
     FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${ours} AND r.rulename <> '_RETURN'`,
  `SELECT 'policy', y.polname || ' on ' || y.polrelid::regclass, concat_ws('|', y.polcmd, y.polpermissive, pg_get_expr(y.polqual, y.polrelid), pg_get_expr(y.polwithcheck, y.polrelid),
       (SELECT string_agg(r::regrole::text, ',' ORDER BY r::regrole::text) FROM unnest(y.polroles) r))
     FROM pg_policy y JOIN pg_class c ON c.oid = y.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${ours}`,
  `SELECT 'type', t.oid::regtype::text, concat_ws('|', t.typtype, t.typowner::regrole, ${rights('t.typacl', 'T', 't.typowner')},
       (SELECT string_agg(l.enumlabel, ',' ORDER BY l.enumsortorder) FROM pg_enum l WHERE l.enumtypid = t.oid),
       CASE WHEN t.typtype = 'd' THEN concat_ws(',', format_type(t.typbasetype, t.typtypmod), t.typnotnull, t.typdefault, t.typcollation::regcollation) END,
       (SELECT concat_ws(',', g.rngsubtype::regtype, g.rngcanonical, g.rngsubdiff) FROM pg_range g WHERE g.rngtypid = t.oid))
     FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE ${ours} AND t.typtype IN ('e', 'd', 'r', 'b')
       AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid) AND ${notOfExtension('pg_type', 't.oid')}`,
  `SELECT 'statistics', n.nspname || '.' || s.stxname, pg_get_statisticsobjdef(s.oid) FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace WHERE ${ours}`,
  `SELECT 'comment', concat_ws(' ', i.type, i.identity), d.description
     FROM pg_description d, LATERAL pg_identify_object(d.classoid, d.objoid, d.objsubid) i
     WHERE i.schema IS DISTINCT FROM 'pg_catalog' AND i.schema IS DISTINCT FROM 'information_schema' AND i.schema IS DISTINCT FROM 'mem8_upgrade'
       AND d.objoid >= 16384 AND i.type <> 'extension' AND i.identity NOT LIKE 'mem8\\_upgrade%' AND i.identity NOT LIKE '% on mem8\\_upgrade.%'
       AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = d.classoid AND e.objid = d.objoid AND e.deptype = 'e')`,
  ...identified('operator', 'pg_operator', 'oprnamespace'),
  ...identified('operator class', 'pg_opclass', 'opcnamespace'),
  ...identified('collation', 'pg_collation', 'collnamespace'),
  ...identified('conversion', 'pg_conversion', 'connamespace'),
  ...identified('text search configuration', 'pg_ts_config', 'cfgnamespace'),
  ...identified('text search dictionary', 'pg_ts_dict', 'dictnamespace'),
  `SELECT 'cast', c.castsource::regtype || ' as ' || c.casttarget::regtype, concat_ws('|', c.castfunc::regprocedure, c.castcontext, c.castmethod)
     FROM pg_cast c WHERE c.oid >= 16384 AND ${notOfExtension('pg_cast', 'c.oid')}`,
  `SELECT 'event trigger', v.evtname, concat_ws('|', v.evtevent, v.evtfoid::regprocedure, v.evtenabled, ${sorted('v.evttags')})
     FROM pg_event_trigger v WHERE ${notOfExtension('pg_event_trigger', 'v.oid')}`,
  `SELECT 'publication', p.pubname, concat_ws('|', p.puballtables, p.pubinsert, p.pubupdate, p.pubdelete, p.pubtruncate,
       (SELECT string_agg(r.prrelid::regclass::text, ',' ORDER BY r.prrelid::regclass::text) FROM pg_publication_rel r WHERE r.prpubid = p.oid)) FROM pg_publication p`,
  `SELECT 'foreign server', f.srvname, concat_ws('|', w.fdwname, f.srvtype, f.srvversion, ${sorted('f.srvoptions')})
     FROM pg_foreign_server f JOIN pg_foreign_data_wrapper w ON w.oid = f.srvfdw`,
  `SELECT 'default privileges', concat_ws(' ', a.defaclrole::regrole, n.nspname, a.defaclobjtype), (SELECT string_agg(x::text, ',' ORDER BY x::text) FROM unnest(a.defaclacl) x)
     FROM pg_default_acl a LEFT JOIN pg_namespace n ON n.oid = a.defaclnamespace`,
];

/** Rare kinds, of which only the presence is compared. */
function identified(kind: string, catalog: string, namespace: string): string[] {
  return [
    `SELECT '${kind}', i.identity, '' FROM ${catalog} o JOIN pg_namespace n ON n.oid = o.${namespace},
       LATERAL pg_identify_object('${catalog}'::regclass, o.oid, 0) i WHERE ${ours} AND ${notOfExtension(catalog, 'o.oid')}`,
  ];
}

export const schemaFactsSql = facts.map((fact) => `(${fact})`).join('\nUNION ALL\n');
