import {
  joinSchema,
  named,
  ofItsOwn,
  onOff,
  privileges,
  properties,
  sorted,
  userName,
  word,
  type FactQuery,
  type FactSql,
  notOfSystem,
} from './fact-sql';

/** Kinds of objects of which a database has few: all of a kind are described, whatever is in scope. */

interface RareKind {
  readonly catalog: string;
  /** More catalogs that tell of it. */
  readonly also?: readonly string[];
  readonly properties: Readonly<Record<string, string>>;
  /** Default: what PostgreSQL calls the object. */
  readonly object?: string;
  /** Default: what scripts made, extensions left out. */
  readonly where?: string;
  /** Part of a record. The others belong to the cluster or the system, or not every role may read them. */
  readonly isRecorded?: true;
}

const members = (columns: string, catalog: string, family: string) =>
  `(SELECT string_agg(concat_ws(' ', ${columns}), ', ' ORDER BY concat_ws(' ', ${columns})) FROM pg_catalog.${catalog} m WHERE ${family})`;
const operators = (family: string) => members('m.amopstrategy, m.amopopr::regoperator, m.amopsortfamily', 'pg_amop', family);
const functions = (family: string) =>
  members('m.amprocnum, m.amproclefttype::regtype, m.amprocrighttype::regtype, m.amproc::regprocedure', 'pg_amproc', family);
const tableName = ({ relation }: FactSql, column: string) =>
  `(SELECT ${relation} FROM pg_catalog.pg_class c ${joinSchema('c.relnamespace')} WHERE c.oid = ${column})`;

const kindsFor = (sql: FactSql): readonly RareKind[] => {
  const { since, objectName } = sql;
  return [
    {
      catalog: 'pg_default_acl',
      isRecorded: true,
      properties: { privileges: privileges('x.defaclacl', undefined, 'x.defaclrole') },
      where: 'true',
    },
    {
      catalog: 'pg_event_trigger',
      isRecorded: true,
      object: `'event trigger ' || x.evtname`,
      properties: {
        owner: userName('x.evtowner'),
        event: 'x.evtevent',
        function: 'x.evtfoid::regprocedure::text',
        state: word('x.evtenabled', { O: 'enabled', D: 'disabled', R: 'enabled for replicas', A: 'always enabled' }),
        tags: sorted('x.evttags'),
      },
    },
    {
      catalog: 'pg_publication',
      isRecorded: true,
      also: ['pg_publication_rel', 'pg_publication_namespace'],
      object: `'publication ' || x.pubname`,
      properties: {
        owner: userName('x.pubowner'),
        scope: `CASE WHEN x.puballtables THEN 'all tables' ELSE 'listed tables' END`,
        operations: `concat_ws(', ', CASE WHEN x.pubinsert THEN 'insert' END, CASE WHEN x.pubupdate THEN 'update' END,
        CASE WHEN x.pubdelete THEN 'delete' END, CASE WHEN x.pubtruncate THEN 'truncate' END)`,
        'publishing by the root table': onOff('x.pubviaroot'),
        'generated columns': since(18, word('x.pubgencols', { n: 'none', s: 'stored' })),
        tables: `(SELECT string_agg(concat_ws(' ', ${tableName(sql, 'r.prrelid')},
        (SELECT '(' || string_agg(a.attname, ', ') || ')' FROM pg_catalog.pg_attribute a WHERE a.attrelid = r.prrelid AND a.attnum = ANY(${since(15, 'r.prattrs')})),
        'WHERE ' || ${since(15, 'pg_catalog.pg_get_expr(r.prqual, r.prrelid)')}), ', ' ORDER BY ${tableName(sql, 'r.prrelid')})
        FROM pg_catalog.pg_publication_rel r WHERE r.prpubid = x.oid)`,
        schemas: since(
          15,
          `(SELECT string_agg(s.pnnspid::regnamespace::text, ', ' ORDER BY s.pnnspid::regnamespace::text)
        FROM pg_catalog.pg_publication_namespace s WHERE s.pnpubid = x.oid)`,
        ),
      },
    },
    {
      catalog: 'pg_operator',
      isRecorded: true,
      properties: {
        owner: userName('x.oprowner'),
        function: named('x.oprcode', 'regprocedure'),
        'result type': named('x.oprresult', 'regtype'),
        commutator: named('x.oprcom', 'regoperator'),
        negator: named('x.oprnegate', 'regoperator'),
        'hash join support': onOff('x.oprcanhash'),
        'merge join support': onOff('x.oprcanmerge'),
        'restriction estimator': named('x.oprrest', 'regproc'),
        'join estimator': named('x.oprjoin', 'regproc'),
      },
    },
    {
      catalog: 'pg_opfamily',
      also: ['pg_amop', 'pg_amproc'],
      properties: {
        owner: userName('x.opfowner'),
        operators: operators('m.amopfamily = x.oid'),
        functions: functions('m.amprocfamily = x.oid'),
      },
    },
    {
      catalog: 'pg_opclass',
      isRecorded: true,
      properties: {
        owner: userName('x.opcowner'),
        family: objectName(`'pg_catalog.pg_opfamily'::regclass`, 'x.opcfamily'),
        type: 'x.opcintype::regtype::text',
        'use by default': onOff('x.opcdefault'),
        'stored type': named('x.opckeytype', 'regtype'),
      },
    },
    {
      catalog: 'pg_cast',
      isRecorded: true,
      properties: {
        function: named('x.castfunc', 'regprocedure'),
        use: word('x.castcontext', { e: 'explicit', a: 'assignment', i: 'implicit' }),
        method: word('x.castmethod', { f: 'function', i: 'input and output', b: 'binary' }),
      },
    },
    {
      catalog: 'pg_collation',
      isRecorded: true,
      properties: {
        owner: userName('x.collowner'),
        provider: word('x.collprovider', { d: 'default', b: 'builtin', c: 'libc', i: 'icu' }),
        determinism: `CASE WHEN x.collisdeterministic THEN 'deterministic' ELSE 'not deterministic' END`,
        locale: `concat_ws(', ', ${since(17, 'x.colllocale')}, x.collcollate, x.collctype)`,
        rules: since(16, 'x.collicurules'),
      },
    },
    {
      catalog: 'pg_conversion',
      isRecorded: true,
      properties: {
        owner: userName('x.conowner'),
        encodings: `pg_catalog.pg_encoding_to_char(x.conforencoding) || ' to ' || pg_catalog.pg_encoding_to_char(x.contoencoding)`,
        function: named('x.conproc', 'regprocedure'),
        'use by default': onOff('x.condefault'),
      },
    },
    {
      catalog: 'pg_ts_config',
      isRecorded: true,
      also: ['pg_ts_config_map'],
      properties: {
        owner: userName('x.cfgowner'),
        parser: objectName(`'pg_catalog.pg_ts_parser'::regclass`, 'x.cfgparser'),
        mappings: `(SELECT string_agg(concat_ws(' ', m.maptokentype, m.mapdict::regdictionary), ', ' ORDER BY m.maptokentype, m.mapseqno)
        FROM pg_catalog.pg_ts_config_map m WHERE m.mapcfg = x.oid)`,
      },
    },
    {
      catalog: 'pg_ts_dict',
      isRecorded: true,
      properties: {
        owner: userName('x.dictowner'),
        template: objectName(`'pg_catalog.pg_ts_template'::regclass`, 'x.dicttemplate'),
        options: 'x.dictinitoption',
      },
    },
    {
      catalog: 'pg_ts_parser',
      properties: { functions: `concat_ws(', ', x.prsstart, x.prstoken, x.prsend, x.prsheadline, x.prslextype)` },
    },
    { catalog: 'pg_ts_template', properties: { functions: `concat_ws(', ', x.tmplinit, x.tmpllexize)` } },
    {
      catalog: 'pg_foreign_data_wrapper',
      properties: {
        owner: userName('x.fdwowner'),
        privileges: privileges('x.fdwacl', 'F', 'x.fdwowner'),
        handler: named('x.fdwhandler', 'regproc'),
        validator: named('x.fdwvalidator', 'regproc'),
        options: sorted('x.fdwoptions'),
      },
    },
    {
      catalog: 'pg_foreign_server',
      isRecorded: true,
      properties: {
        owner: userName('x.srvowner'),
        privileges: privileges('x.srvacl', 'S', 'x.srvowner'),
        'foreign-data wrapper': `(SELECT w.fdwname FROM pg_catalog.pg_foreign_data_wrapper w WHERE w.oid = x.srvfdw)`,
        type: 'x.srvtype',
        version: 'x.srvversion',
        options: sorted('x.srvoptions'),
      },
    },
    { catalog: 'pg_user_mapping', properties: { options: sorted('x.umoptions') } },
    {
      catalog: 'pg_language',
      properties: {
        owner: userName('x.lanowner'),
        privileges: privileges('x.lanacl', 'l', 'x.lanowner'),
        trust: `CASE WHEN x.lanpltrusted THEN 'trusted' ELSE 'not trusted' END`,
        functions: `concat_ws(', ', ${named('x.lanplcallfoid', 'regproc')}, ${named('x.laninline', 'regproc')}, ${named('x.lanvalidator', 'regproc')})`,
      },
    },
    {
      catalog: 'pg_transform',
      properties: { functions: `concat_ws(', ', x.trffromsql::regprocedure, x.trftosql::regprocedure)` },
    },
    { catalog: 'pg_am', properties: { handler: 'x.amhandler::text', type: word('x.amtype', { t: 'table', i: 'index' }) } },
    {
      catalog: 'pg_largeobject_metadata',
      properties: { owner: userName('x.lomowner'), privileges: privileges('x.lomacl', 'L', 'x.lomowner') },
      object: `'large object ' || x.oid`,
      where: 'true',
    },
  ];
};

function rareQuery({ catalog, also = [], properties: expressions, object, where }: RareKind, { objectName }: FactSql): FactQuery {
  const name = object ?? objectName('x.tableoid', 'x.oid');
  const condition = where ?? `${notOfSystem('x.oid')} AND ${ofItsOwn(catalog, 'x.oid')}`;
  return {
    catalogs: [catalog, ...also],
    query: `SELECT ${name}, ${properties(expressions)}, '${catalog}' FROM pg_catalog.${catalog} x WHERE ${condition}`,
  };
}

/** Objects of the system with other privileges than they were made with. */
function systemPrivileges(catalog: string, acl: string, owner: string, acldefault: string): FactQuery {
  return {
    catalogs: [catalog],
    query: `SELECT pg_catalog.pg_describe_object(x.tableoid, x.oid, 0), ${properties({ privileges: privileges(acl, acldefault, owner) })}, 'system'
      FROM pg_catalog.${catalog} x
      LEFT JOIN pg_catalog.pg_init_privs i ON i.objoid = x.oid AND i.classoid = x.tableoid AND i.objsubid = 0
      WHERE x.oid < 16384 AND ${acl} IS NOT NULL AND ${acl} IS DISTINCT FROM i.initprivs`,
  };
}

export function rareFactQueries(sql: FactSql): FactQuery[] {
  const kinds = kindsFor(sql);
  if (sql.isRecord) return kinds.flatMap((kind) => (kind.isRecorded ? rareQuery(kind, sql) : []));
  return [...kinds.map((kind) => rareQuery(kind, sql)), ...beyondTheSchema];
}

/** What lies outside of the schemas: privileges on objects of the system, settings, the database itself. */
const beyondTheSchema: readonly FactQuery[] = [
  systemPrivileges('pg_class', 'x.relacl', 'x.relowner', 'r'),
  systemPrivileges('pg_proc', 'x.proacl', 'x.proowner', 'f'),
  systemPrivileges('pg_type', 'x.typacl', 'x.typowner', 'T'),
  systemPrivileges('pg_language', 'x.lanacl', 'x.lanowner', 'l'),
  // The privileges of a composite type are not where its attributes are.
  {
    catalogs: ['pg_type'],
    query: `SELECT 'use of type ' || n.nspname || '.' || x.typname, ${properties({ privileges: privileges('x.typacl', 'T', 'x.typowner') })}, 'type'
      FROM pg_catalog.pg_type x ${joinSchema('x.typnamespace')} WHERE x.typtype = 'c' AND x.typacl IS NOT NULL AND ${notOfSystem('x.oid')}`,
  },
  {
    catalogs: ['pg_db_role_setting'],
    query: `SELECT concat_ws(' in ', 'settings of role ' || ${named('x.setrole', 'regrole')}, CASE WHEN x.setrole = 0 THEN 'settings of the database' WHEN x.setdatabase <> 0 THEN 'the database' END),
      coalesce((SELECT pg_catalog.jsonb_object_agg(split_part(o, '=', 1), substr(o, strpos(o, '=') + 1)) FROM unnest(x.setconfig) o), '{}'), 'setting'
      FROM pg_catalog.pg_db_role_setting x WHERE x.setdatabase IN (0, (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()))`,
  },
  {
    catalogs: ['pg_database'],
    query: `SELECT 'database', ${properties({ owner: userName('x.datdba'), privileges: privileges('x.datacl', 'd', 'x.datdba') })}, 'database'
      FROM pg_catalog.pg_database x WHERE x.datname = pg_catalog.current_database()`,
  },
  {
    catalogs: ['pg_seclabel'],
    query: `SELECT 'security label of ' || x.provider || ' on ' || pg_catalog.pg_describe_object(x.classoid, x.objoid, x.objsubid), ${properties({ label: 'x.label' })},
      'security label' FROM pg_catalog.pg_seclabel x`,
  },
  {
    catalogs: ['pg_shdescription'],
    query: `SELECT 'comment on ' || pg_catalog.pg_describe_object(x.classoid, x.objoid, 0), ${properties({ text: 'x.description' })}, 'comment'
      FROM pg_catalog.pg_shdescription x WHERE x.classoid = 'pg_catalog.pg_database'::regclass`,
  },
];
