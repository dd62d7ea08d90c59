import { joinRelation, notOfSystem, relationKind } from '../catalogue/fact-sql';

/**
 * The catalogs that the shadow follows, each with a query for its rows.
 * Columns: oid, sub (column number or 0), parent (oid of the relation or type that it belongs to, or 0), label (type and
 * qualified name), definition (equal texts mean an equal object), kind (relkind, else empty), file node (else empty), over, xmin.
 * `label` is null for rows that no longer exist as objects. Everything is qualified, as scripts may change the search path.
 */
interface CatalogSource {
  readonly catalog: string;
  /** True when a row is a detail of the object named by its label, so that its coming and going changes that object. */
  readonly detail?: boolean;
  readonly select: string;
  /** The numbers of the columns of the parent that it is over, with spaces between; null or empty when that is not asked. */
  readonly over?: string;
  readonly from: string;
  readonly where?: string;
}

const relation = `n.nspname || '.' || c.relname`;

const usedColumns = (catalog: string, table: string) => `(SELECT string_agg(DISTINCT d.refobjsubid::text, ' ') FROM pg_catalog.pg_depend d
  WHERE d.classid = 'pg_catalog.${catalog}'::pg_catalog.regclass AND d.objid = x.oid AND d.refobjid = ${table} AND d.refobjsubid > 0)`;

export const catalogSources: readonly CatalogSource[] = [
  {
    catalog: 'pg_namespace',
    select: `x.oid, 0, 0, 'schema ' || x.nspname, concat_ws('|', x.nspowner, x.nspacl), '', ''`,
    from: 'pg_catalog.pg_namespace x',
    where: `x.nspname NOT LIKE 'pg\\_%'`,
  },
  {
    catalog: 'pg_class',
    select: `x.oid, 0, coalesce((SELECT i.indrelid FROM pg_catalog.pg_index i WHERE i.indexrelid = x.oid), 0),
      ${relationKind.replaceAll('c.', 'x.')} || n.nspname || '.' || x.relname,
      concat_ws('|', x.relkind, x.relpersistence, x.reltablespace, x.reloptions, x.relowner, x.relacl, x.relrowsecurity,
        x.relforcerowsecurity, x.relreplident, x.relispartition, x.relpartbound), x.relkind, x.relfilenode`,
    over: `CASE WHEN x.relkind IN ('i', 'I')
      THEN ${usedColumns('pg_class', '(SELECT i.indrelid FROM pg_catalog.pg_index i WHERE i.indexrelid = x.oid)')} END`,
    from: 'pg_catalog.pg_class x JOIN pg_catalog.pg_namespace n ON n.oid = x.relnamespace',
    where: `x.relkind <> 't' AND x.relnamespace <> 99`,
  },
  {
    catalog: 'pg_attribute',
    select: `x.attrelid, x.attnum, x.attrelid, CASE WHEN x.attisdropped THEN NULL ELSE 'column ' || ${relation} || '.' || x.attname END,
      concat_ws('|', x.atttypid, x.atttypmod, x.attnotnull, x.attidentity, x.attgenerated, x.attcollation, x.attacl, x.attoptions,
        x.attstorage, x.attcompression), '', ''`,
    from: `pg_catalog.pg_attribute x ${joinRelation('x.attrelid')}`,
    where: `x.attnum > 0 AND c.relkind IN ('r','p','v','m','f','c')`,
  },
  {
    catalog: 'pg_attrdef',
    detail: true,
    select: `x.oid, 0, x.adrelid, 'column ' || ${relation} || '.' || a.attname, x.adbin::text, '', ''`,
    from: `pg_catalog.pg_attrdef x ${joinRelation('x.adrelid')}
      JOIN pg_catalog.pg_attribute a ON a.attrelid = x.adrelid AND a.attnum = x.adnum`,
  },
  {
    catalog: 'pg_constraint',
    select: `x.oid, 0, greatest(x.conrelid, x.contypid),
      'constraint ' || coalesce(${relation}, x.contypid::regtype::text) || '.' || x.conname,
      concat_ws('|', x.contype, x.condeferrable, x.condeferred, x.convalidated, x.conenforced, x.conkey, x.confkey, x.conbin), '', ''`,
    over: `pg_catalog.array_to_string(x.conkey, ' ')`,
    from: `pg_catalog.pg_constraint x LEFT JOIN pg_catalog.pg_class c ON c.oid = x.conrelid
      LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace`,
    where: `x.contype <> 'n'`,
  },
  {
    catalog: 'pg_index',
    detail: true,
    select: `x.indexrelid, 0, x.indrelid, 'index ' || ${relation},
      concat_ws('|', x.indisvalid, x.indisunique, x.indisprimary, x.indisreplident, x.indisclustered), '', ''`,
    from: `pg_catalog.pg_index x ${joinRelation('x.indexrelid')}`,
    where: `c.relnamespace <> 99`,
  },
  {
    catalog: 'pg_trigger',
    select: `x.oid, 0, x.tgrelid, 'trigger ' || ${relation} || '.' || x.tgname,
      concat_ws('|', x.tgfoid, x.tgtype, x.tgenabled, x.tgdeferrable, x.tginitdeferred, x.tgattr, x.tgqual), '', ''`,
    from: `pg_catalog.pg_trigger x ${joinRelation('x.tgrelid')}`,
    where: 'NOT x.tgisinternal',
  },
  {
    catalog: 'pg_policy',
    select: `x.oid, 0, x.polrelid, 'policy ' || ${relation} || '.' || x.polname,
      concat_ws('|', x.polcmd, x.polpermissive, x.polroles, x.polqual, x.polwithcheck), '', ''`,
    from: `pg_catalog.pg_policy x ${joinRelation('x.polrelid')}`,
  },
  {
    catalog: 'pg_rewrite',
    select: `x.oid, 0, x.ev_class, CASE WHEN x.rulename = '_RETURN' THEN ${relationKind} || ${relation}
        ELSE 'rule ' || ${relation} || '.' || x.rulename END, md5(concat_ws('|', x.ev_enabled, x.ev_qual, x.ev_action)), '', ''`,
    from: `pg_catalog.pg_rewrite x ${joinRelation('x.ev_class')}`,
  },
  {
    catalog: 'pg_type',
    select: `x.oid, 0, 0, CASE x.typtype WHEN 'd' THEN 'domain ' ELSE 'type ' END || n.nspname || '.' || x.typname,
      concat_ws('|', x.typowner, x.typacl, x.typnotnull, x.typbasetype, x.typtypmod, x.typdefault), '', ''`,
    from: 'pg_catalog.pg_type x JOIN pg_catalog.pg_namespace n ON n.oid = x.typnamespace',
    where: `x.typtype IN ('e','d','r','b') AND x.typcategory <> 'A'`,
  },
  {
    catalog: 'pg_enum',
    detail: true,
    select: `x.oid, 0, x.enumtypid, 'type ' || n.nspname || '.' || t.typname, x.enumlabel, '', ''`,
    from: `pg_catalog.pg_enum x JOIN pg_catalog.pg_type t ON t.oid = x.enumtypid JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace`,
  },
  {
    catalog: 'pg_proc',
    select: `x.oid, 0, 0, CASE x.prokind WHEN 'p' THEN 'procedure ' WHEN 'a' THEN 'aggregate ' ELSE 'function ' END
        || n.nspname || '.' || x.proname || '(' || pg_catalog.pg_get_function_identity_arguments(x.oid) || ')',
      md5(concat_ws('|', x.prolang, x.proowner, x.proacl, x.prosecdef, x.provolatile, x.proisstrict, x.proretset, x.proparallel,
        x.procost, x.prorows, x.proconfig, x.prorettype, x.prosrc, x.probin, x.prosqlbody, x.proargdefaults)), '', ''`,
    from: 'pg_catalog.pg_proc x JOIN pg_catalog.pg_namespace n ON n.oid = x.pronamespace',
  },
  {
    catalog: 'pg_sequence',
    detail: true,
    select: `x.seqrelid, 0, x.seqrelid, 'sequence ' || ${relation},
      concat_ws('|', x.seqtypid, x.seqstart, x.seqincrement, x.seqmax, x.seqmin, x.seqcache, x.seqcycle), '', ''`,
    from: `pg_catalog.pg_sequence x ${joinRelation('x.seqrelid')}`,
  },
  { catalog: 'pg_extension', select: `x.oid, 0, 0, 'extension ' || x.extname, x.extversion, '', ''`, from: 'pg_catalog.pg_extension x' },
  {
    catalog: 'pg_statistic_ext',
    select: `x.oid, 0, x.stxrelid, 'statistics ' || n.nspname || '.' || x.stxname, concat_ws('|', x.stxkeys, x.stxkind, x.stxexprs), '', ''`,
    over: usedColumns('pg_statistic_ext', 'x.stxrelid'),
    from: 'pg_catalog.pg_statistic_ext x JOIN pg_catalog.pg_namespace n ON n.oid = x.stxnamespace',
  },
  ...[
    ['pg_event_trigger', "concat_ws('|', x.evtevent, x.evtfoid, x.evtenabled, x.evttags)"],
    ['pg_publication', `concat_ws('|', x.puballtables, x.pubinsert, x.pubupdate, x.pubdelete, x.pubtruncate)`],
    ['pg_publication_rel', `''`],
    ['pg_default_acl', 'x.defaclacl::text'],
    ['pg_operator', `''`],
    ['pg_opclass', `''`],
    ['pg_cast', 'x.castcontext::text'],
    ['pg_collation', `''`],
    ['pg_ts_config', `''`],
    ['pg_ts_dict', `''`],
    ['pg_foreign_server', 'x.srvoptions::text'],
    ['pg_foreign_data_wrapper', 'x.fdwoptions::text'],
    ['pg_language', `''`],
  ].map(([catalog = '', definition = '']) => ({
    catalog,
    select: `x.oid, 0, 0, pg_catalog.pg_describe_object(x.tableoid, x.oid, 0), ${definition}, '', ''`,
    from: `pg_catalog.${catalog} x`,
  })),
];

/** The column that identifies a row, for telling whose it is and for listing what still exists. */
export function oidColumn(catalog: string): string {
  if (catalog === 'pg_attribute') return 'attrelid';
  if (catalog === 'pg_index') return 'indexrelid';
  if (catalog === 'pg_sequence') return 'seqrelid';
  return 'oid';
}

/** Rows of one catalog that were written by transaction `xmin` or a later one, members of extensions left out. */
export function changedRowsQuery(source: CatalogSource, xmin: string): string {
  const oid = `x.${oidColumn(source.catalog)}`;
  const member =
    source.catalog === 'pg_class' || source.catalog === 'pg_extension'
      ? ''
      : ` AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = x.tableoid AND d.objid = ${oid} AND d.deptype = 'e')`;
  return `SELECT ${source.select}, ${source.over ?? `''`}, x.xmin::text FROM ${source.from}
    WHERE x.xmin::text::bigint >= ${xmin} AND ${notOfSystem(oid)}${source.where ? ` AND ${source.where}` : ''}${member}`;
}
