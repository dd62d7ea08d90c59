import {
  type AlterTableCommand,
  alterTableCommands,
  asFields,
  asNode,
  asNodes,
  asText,
  type Fields,
  fieldsOf,
  nameParts,
  walk,
} from './untyped-nodes';
import { Lexer } from './lexer';
import type { SqlNode } from './statement';

/** Something that a statement uses and that only servers from a major version on know. */
export interface NewerFeature {
  /** As people write it, e.g. `NULLS NOT DISTINCT` or `the function uuidv7`. */
  readonly feature: string;
  /** The first major version that knows it. */
  readonly since: number;
  /** Byte offset in the statement, where the parse tree tells it. */
  readonly location?: number;
  /** The name of the function, which a script may also have made itself for older servers. */
  readonly calls?: string;
}

/** The oldest major version that is told apart: what it knows is in no list here. */
export const oldestKnownMajor = 13;

/**
 * Every feature of the statement that servers of the major version `minimum` refuse, in the order of the tree. A minimum below
 * `oldestKnownMajor` counts as that one.
 * @param text the statement's own text, in which numbers are as they were written; the tree has only their values
 * The versions are measured: a test sends an example of each feature to every major version.
 */
export function newerThan(node: SqlNode, minimum: number, text = ''): NewerFeature[] {
  const found = newerNumbers(text, minimum);
  const seen = new Set(found.map(({ feature }) => feature));
  walk(node, (type, inner) => {
    for (const { feature, since, calls } of featuresOf(type, inner)) {
      if (since <= minimum || seen.has(feature)) continue;
      seen.add(feature);
      const location = inner['location'];
      found.push({ feature, since, ...(typeof location === 'number' && location > 0 && { location }), ...(calls && { calls }) });
    }
    // In the actions of a rule OLD and NEW have always been there.
    return type !== 'RuleStmt';
  });
  return found;
}

const newerNumber = { feature: 'underscores and other bases in numbers', since: 16 } as const;

/** The first number of the text that is written as older servers cannot read it, e.g. `0x1F` or `1_000`. Strings are passed over. */
export function newerNumbers(text: string, minimum: number): NewerFeature[] {
  if (minimum >= newerNumber.since) return [];
  const lexer = new Lexer(text);
  for (let at = 0; lexer.read(at, text.length); at = lexer.end) {
    const isNew = lexer.kind === 'number' && /^(?:0[xob][0-9a-f_]+|\d[\d.]*_[\d_.]*(?:e\d+)?)$/i.test(text.slice(lexer.start, lexer.end));
    if (isNew && text[lexer.start - 1] !== '$') return [{ ...newerNumber, location: Buffer.byteLength(text.slice(0, lexer.start)) }];
  }
  return [];
}

type Found = Pick<NewerFeature, 'feature' | 'since' | 'calls'>;

function* featuresOf(type: string, inner: Fields): Iterable<Found> {
  for (const rule of rulesByType.get(type) ?? []) if (rule.when === undefined || rule.when(inner)) yield rule;
  yield* namedFeatures[type]?.(inner) ?? [];
}

interface Rule {
  readonly type: string;
  readonly feature: string;
  readonly since: number;
  /** Default: every node of the type. */
  readonly when?: (inner: Fields) => boolean;
}

function command(subtype: string, feature: string, since: number, when?: (command: AlterTableCommand) => boolean): Rule {
  return {
    type: 'AlterTableStmt',
    feature,
    since,
    when: (inner) =>
      alterTableCommands({ AlterTableStmt: inner }).some((each) => each.subtype === subtype && (when === undefined || when(each))),
  };
}

function has(field: string): (inner: Fields) => boolean {
  return (inner) => inner[field] !== undefined;
}

function isContype(...types: readonly string[]): (inner: Fields) => boolean {
  return (inner) => types.includes(asText(inner['contype']) ?? '');
}

const returning = (inner: Fields) => asFields(inner['returningClause']);

const rules: readonly Rule[] = [
  {
    type: 'AlterSubscriptionStmt',
    feature: 'ALTER SUBSCRIPTION ... ADD PUBLICATION',
    since: 14,
    when: isKind('ALTER_SUBSCRIPTION_ADD_PUBLICATION'),
  },
  { type: 'ColumnDef', feature: 'COMPRESSION of a column', since: 14, when: has('compression') },
  command('AT_SetCompression', 'SET COMPRESSION', 14),
  command(
    'AT_DetachPartition',
    'DETACH PARTITION ... CONCURRENTLY or FINALIZE',
    14,
    ({ def }) => fieldsOf(def, 'PartitionCmd')?.['concurrent'] === true,
  ),
  command('AT_DetachPartitionFinalize', 'DETACH PARTITION ... CONCURRENTLY or FINALIZE', 14),
  { type: 'CreateFunctionStmt', feature: 'a routine with a body of SQL instead of a string', since: 14, when: has('sql_body') },
  {
    type: 'CreateFunctionStmt',
    feature: 'OUT parameters of a procedure',
    since: 14,
    when: (inner) =>
      inner['is_procedure'] === true &&
      asNodes(inner['parameters']).some((each) => fieldsOf(each, 'FunctionParameter')?.['mode'] === 'FUNC_PARAM_OUT'),
  },
  {
    type: 'CreateTrigStmt',
    feature: 'CREATE OR REPLACE TRIGGER',
    since: 14,
    when: (inner) => inner['replace'] === true,
  },
  {
    type: 'CreateRangeStmt',
    feature: 'MULTIRANGE_TYPE_NAME of a range type',
    since: 14,
    when: (inner) => hasOption(inner['params'], 'multirange_type_name'),
  },
  { type: 'StatsElem', feature: 'CREATE STATISTICS on an expression', since: 14, when: has('expr') },
  { type: 'ReindexStmt', feature: 'REINDEX (TABLESPACE ...)', since: 14, when: (inner) => hasOption(inner['params'], 'tablespace') },
  { type: 'SelectStmt', feature: 'GROUP BY DISTINCT', since: 14, when: has('groupDistinct') },
  { type: 'CommonTableExpr', feature: 'SEARCH in WITH RECURSIVE', since: 14, when: has('search_clause') },
  { type: 'CommonTableExpr', feature: 'CYCLE in WITH RECURSIVE', since: 14, when: has('cycle_clause') },
  { type: 'JoinExpr', feature: 'an alias of JOIN ... USING', since: 14, when: has('join_using_alias') },
  { type: 'GrantStmt', feature: 'GRANT or REVOKE of privileges with GRANTED BY', since: 14, when: has('grantor') },
  {
    type: 'IndexStmt',
    feature: 'INCLUDE in an SP-GiST index',
    since: 14,
    when: (inner) => inner['accessMethod'] === 'spgist' && asNodes(inner['indexIncludingParams']).length > 0,
  },
  {
    type: 'TableLikeClause',
    feature: 'LIKE ... INCLUDING COMPRESSION',
    since: 14,
    // INCLUDING ALL sets every bit, and older servers know it.
    when: ({ options }) => typeof options === 'number' && options < 0x1000 && (options & 2) !== 0,
  },

  { type: 'MergeStmt', feature: 'MERGE', since: 15 },
  { type: 'IndexStmt', feature: 'NULLS NOT DISTINCT', since: 15, when: has('nulls_not_distinct') },
  { type: 'Constraint', feature: 'NULLS NOT DISTINCT', since: 15, when: has('nulls_not_distinct') },
  { type: 'Constraint', feature: 'ON DELETE SET NULL or SET DEFAULT of some columns', since: 15, when: has('fk_del_set_cols') },
  { type: 'ViewStmt', feature: 'security_invoker of a view', since: 15, when: (inner) => hasOption(inner['options'], 'security_invoker') },
  command('AT_SetRelOptions', 'security_invoker of a view', 15, ({ def }) =>
    hasOption(fieldsOf(def, 'List')?.['items'], 'security_invoker'),
  ),
  command('AT_SetAccessMethod', 'SET ACCESS METHOD', 15),
  {
    type: 'AlterTableStmt',
    feature: 'SET LOGGED and SET UNLOGGED of a sequence',
    since: 15,
    when: (inner) =>
      inner['objtype'] === 'OBJECT_SEQUENCE' &&
      alterTableCommands({ AlterTableStmt: inner }).some(({ subtype }) => /^AT_Set(?:Un)?Logged$/.test(subtype)),
  },
  {
    type: 'CreateSeqStmt',
    feature: 'CREATE UNLOGGED SEQUENCE',
    since: 15,
    when: (inner) => asFields(inner['sequence'])?.['relpersistence'] === 'u',
  },
  {
    type: 'PublicationObjSpec',
    feature: 'a publication of all tables in a schema',
    since: 15,
    when: (inner) => /^PUBLICATIONOBJ_TABLES_IN_/.test(asText(inner['pubobjtype']) ?? ''),
  },
  {
    type: 'PublicationObjSpec',
    feature: 'a publication of some rows',
    since: 15,
    when: (inner) => asFields(inner['pubtable'])?.['whereClause'] !== undefined,
  },
  {
    type: 'PublicationObjSpec',
    feature: 'a publication of some columns',
    since: 15,
    when: (inner) => asNodes(asFields(inner['pubtable'])?.['columns']).length > 0,
  },
  { type: 'AlterDatabaseRefreshCollStmt', feature: 'ALTER DATABASE ... REFRESH COLLATION VERSION', since: 15 },
  {
    type: 'GrantStmt',
    feature: 'privileges on configuration parameters',
    since: 15,
    when: (inner) => inner['objtype'] === 'OBJECT_PARAMETER_ACL',
  },
  { type: 'AlterSubscriptionStmt', feature: 'ALTER SUBSCRIPTION ... SKIP', since: 15, when: isKind('ALTER_SUBSCRIPTION_SKIP') },
  { type: 'CopyStmt', feature: 'HEADER MATCH of COPY', since: 15, when: (inner) => optionWord(inner['options'], 'header') === 'match' },
  {
    type: 'CopyStmt',
    feature: 'HEADER of COPY in text format',
    since: 15,
    when: (inner) => hasOption(inner['options'], 'header') && /^(?:text)?$/.test(optionWord(inner['options'], 'format') ?? ''),
  },
  { type: 'TypeName', feature: 'a numeric type whose scale is negative or above its precision', since: 15, when: isOddNumeric },

  { type: 'ColumnDef', feature: 'STORAGE of a column in CREATE TABLE', since: 16, when: has('storage_name') },
  command('AT_SetStorage', 'SET STORAGE DEFAULT', 16, ({ def }) => fieldsOf(def, 'String')?.['sval'] === 'default'),
  {
    type: 'CreateStatsStmt',
    feature: 'CREATE STATISTICS without a name',
    since: 16,
    when: (inner) => asNodes(inner['defnames']).length === 0,
  },
  {
    type: 'ReindexStmt',
    feature: 'REINDEX DATABASE or SYSTEM without a name',
    since: 16,
    when: (inner) => /_(?:DATABASE|SYSTEM)$/.test(asText(inner['kind']) ?? '') && inner['name'] === undefined,
  },
  { type: 'RangeSubselect', feature: 'a subquery in FROM without an alias', since: 16, when: (inner) => inner['alias'] === undefined },
  { type: 'JsonObjectConstructor', feature: 'JSON_OBJECT as SQL/JSON', since: 16 },
  { type: 'JsonArrayConstructor', feature: 'JSON_ARRAY', since: 16 },
  { type: 'JsonArrayQueryConstructor', feature: 'JSON_ARRAY', since: 16 },
  { type: 'JsonArrayAgg', feature: 'JSON_ARRAYAGG', since: 16 },
  { type: 'JsonObjectAgg', feature: 'JSON_OBJECTAGG', since: 16 },
  { type: 'JsonIsPredicate', feature: 'IS JSON', since: 16 },
  { type: 'XmlSerialize', feature: 'XMLSERIALIZE ... INDENT', since: 16, when: has('indent') },
  { type: 'FuncCall', feature: 'SYSTEM_USER', since: 16, when: (inner) => isSqlSyntax(inner, 'system_user') },
  {
    type: 'GrantRoleStmt',
    feature: 'GRANT of a role WITH INHERIT or SET',
    since: 16,
    when: (inner) => hasOption(inner['opt'], 'inherit') || hasOption(inner['opt'], 'set'),
  },
  {
    type: 'DefineStmt',
    feature: 'RULES of a collation',
    since: 16,
    when: (inner) => inner['kind'] === 'OBJECT_COLLATION' && hasOption(inner['definition'], 'rules'),
  },
  {
    type: 'A_Const',
    ...newerNumber,
    when: (inner) => /_|^0[xob]/i.test(asText(asFields(inner['fval'])?.['fval']) ?? ''),
  },

  { type: 'TypeCast', feature: 'an infinite interval', since: 17, when: isInfiniteInterval },
  { type: 'MergeStmt', feature: 'RETURNING of MERGE', since: 17, when: (inner) => returning(inner) !== undefined },
  {
    type: 'MergeWhenClause',
    feature: 'WHEN NOT MATCHED BY SOURCE of MERGE',
    since: 17,
    when: (inner) => inner['matchKind'] === 'MERGE_WHEN_NOT_MATCHED_BY_SOURCE',
  },
  command('AT_SetExpression', 'SET EXPRESSION of a generated column', 17),
  command('AT_SetStatistics', 'SET STATISTICS DEFAULT', 17, ({ def }) => def === undefined),
  command('AT_SetAccessMethod', 'SET ACCESS METHOD DEFAULT', 17, ({ name }) => name === undefined),
  { type: 'GrantStmt', feature: 'the privilege MAINTAIN', since: 17, when: (inner) => grantsMaintain(inner) },
  {
    type: 'AlterDefaultPrivilegesStmt',
    feature: 'the privilege MAINTAIN',
    since: 17,
    when: (inner) => grantsMaintain(asFields(inner['action'])),
  },
  { type: 'JsonTable', feature: 'JSON_TABLE', since: 17 },
  { type: 'JsonFuncExpr', feature: 'JSON_EXISTS, JSON_QUERY and JSON_VALUE', since: 17 },
  // Without it older servers take JSON(x) for a cast.
  { type: 'JsonParseExpr', feature: 'JSON() WITH UNIQUE KEYS', since: 17, when: has('unique_keys') },
  { type: 'JsonScalarExpr', feature: 'JSON_SCALAR', since: 17 },
  { type: 'JsonSerializeExpr', feature: 'JSON_SERIALIZE', since: 17 },
  {
    type: 'FuncCall',
    feature: 'AT LOCAL',
    since: 17,
    when: (inner) => isSqlSyntax(inner, 'timezone') && asNodes(inner['args']).length === 1,
  },
  { type: 'CreateEventTrigStmt', feature: 'an event trigger on login', since: 17, when: (inner) => inner['eventname'] === 'login' },
  {
    type: 'AlterOperatorStmt',
    feature: 'ALTER OPERATOR ... SET (COMMUTATOR, NEGATOR, HASHES or MERGES)',
    since: 17,
    when: (inner) => ['commutator', 'negator', 'hashes', 'merges'].some((name) => hasOption(inner['options'], name)),
  },
  {
    type: 'DefineStmt',
    feature: 'the collation provider builtin',
    since: 17,
    when: (inner) => inner['kind'] === 'OBJECT_COLLATION' && optionWord(inner['definition'], 'provider') === 'builtin',
  },
  { type: 'CopyStmt', feature: 'FORCE_NULL * and FORCE_NOT_NULL * of COPY', since: 17, when: (inner) => forcesAll(inner['options']) },
  {
    type: 'CreateStmt',
    feature: 'EXCLUDE on a partitioned table',
    since: 17,
    when: (inner) =>
      inner['partspec'] !== undefined &&
      asNodes(inner['tableElts']).some((each) => fieldsOf(each, 'Constraint')?.['contype'] === 'CONSTR_EXCLUSION'),
  },

  { type: 'TypeCast', feature: 'casts between integers and bytea', since: 18, when: castsIntegerAndBytes },
  {
    type: 'Constraint',
    feature: 'a virtual generated column',
    since: 18,
    when: (inner) => inner['contype'] === 'CONSTR_GENERATED' && inner['generated_kind'] === 'v',
  },
  {
    type: 'Constraint',
    feature: 'NOT NULL as a constraint of the table',
    since: 18,
    when: (inner) => inner['contype'] === 'CONSTR_NOTNULL' && asNodes(inner['keys']).length > 0,
  },
  {
    type: 'Constraint',
    feature: 'NOT NULL ... NO INHERIT of a column',
    since: 18,
    when: (inner) => inner['contype'] === 'CONSTR_NOTNULL' && asNodes(inner['keys']).length === 0 && inner['is_no_inherit'] === true,
  },
  {
    type: 'Constraint',
    feature: 'ENFORCED and NOT ENFORCED',
    since: 18,
    when: isContype('CONSTR_ATTR_ENFORCED', 'CONSTR_ATTR_NOT_ENFORCED'),
  },
  {
    type: 'Constraint',
    feature: 'ENFORCED and NOT ENFORCED',
    since: 18,
    when: (inner) => isContype('CONSTR_CHECK', 'CONSTR_FOREIGN')(inner) && inner['is_enforced'] !== true,
  },
  { type: 'Constraint', feature: 'WITHOUT OVERLAPS', since: 18, when: has('without_overlaps') },
  { type: 'Constraint', feature: 'PERIOD of a foreign key', since: 18, when: has('fk_with_period') },
  command('AT_AlterConstraint', 'ALTER CONSTRAINT ... [NOT] ENFORCED', 18, changesConstraint('alterEnforceability')),
  command('AT_AlterConstraint', 'ALTER CONSTRAINT ... [NO] INHERIT', 18, changesConstraint('alterInheritability')),
  ...['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt'].map((type): Rule => ({
    type,
    feature: 'OLD and NEW in RETURNING',
    since: 18,
    when: returnsOldOrNew,
  })),
  {
    type: 'VacuumRelation',
    feature: 'VACUUM and ANALYZE ONLY',
    since: 18,
    when: (inner) => asFields(inner['relation']) !== undefined && asFields(inner['relation'])?.['inh'] !== true,
  },
  {
    type: 'CreateForeignTableStmt',
    feature: 'LIKE in CREATE FOREIGN TABLE',
    since: 18,
    when: (inner) => asNodes(asFields(inner['base'])?.['tableElts']).some((each) => fieldsOf(each, 'TableLikeClause') !== undefined),
  },
  {
    type: 'AlterDefaultPrivilegesStmt',
    feature: 'default privileges on large objects',
    since: 18,
    when: (inner) => asFields(inner['action'])?.['objtype'] === 'OBJECT_LARGEOBJECT',
  },
];

const rulesByType = new Map<string, Rule[]>();
for (const rule of rules) rulesByType.set(rule.type, [...(rulesByType.get(rule.type) ?? []), rule]);

/** First major version by name. */
type Since = Readonly<Record<string, number>>;

const functions: Since = {
  ...since(14, 'bit_count bit_xor date_bin multirange range_agg string_to_table trim_array unistr'),
  ...since(14, 'int4multirange int8multirange nummultirange datemultirange tsmultirange tstzmultirange'),
  ...since(15, 'regexp_count regexp_instr regexp_like regexp_substr'),
  ...since(16, 'any_value array_sample array_shuffle date_add date_subtract erf erfc pg_input_error_info pg_input_is_valid random_normal'),
  ...since(17, 'pg_basetype pg_column_toast_chunk_id unicode_version icu_unicode_version'),
  ...since(18, 'pg_get_acl has_largeobject_privilege'),
  ...since(17, 'to_bin to_oct to_regtypemod unicode_assigned uuid_extract_timestamp uuid_extract_version xmltext'),
  ...since(18, 'array_reverse array_sort casefold crc32 crc32c gamma lgamma uuidv4 uuidv7'),
};

/** Calls with so many arguments or more are newer than the function. */
const functionsWithArguments: Readonly<Record<string, { readonly count: number; readonly since: number }>> = {
  regexp_replace: { count: 5, since: 15 },
  random: { count: 2, since: 17 },
  json_strip_nulls: { count: 2, since: 18 },
  jsonb_strip_nulls: { count: 2, since: 18 },
};

const types: Since = since(14, 'int4multirange int8multirange nummultirange datemultirange tsmultirange tstzmultirange');

const views: Since = {
  ...since(14, 'pg_stat_wal pg_stat_progress_copy pg_backend_memory_contexts pg_stats_ext_exprs'),
  ...since(15, 'pg_stat_subscription_stats pg_ident_file_mappings'),
  ...since(16, 'pg_stat_io'),
  ...since(17, 'pg_stat_checkpointer pg_wait_events'),
  ...since(18, 'pg_aios'),
};

const collations: Since = { ...since(17, 'pg_c_utf8'), ...since(18, 'pg_unicode_fast') };

const roles: Since = {
  ...since(14, 'pg_read_all_data pg_write_all_data'),
  ...since(15, 'pg_checkpoint'),
  ...since(16, 'pg_create_subscription pg_use_reserved_connections'),
  ...since(17, 'pg_maintain'),
  ...since(18, 'pg_signal_autovacuum_worker'),
};

const settings: Since = {
  ...since(14, 'client_connection_check_interval compute_query_id default_toast_compression enable_memoize idle_session_timeout'),
  ...since(14, 'vacuum_failsafe_age'),
  ...since(15, 'recursive_worktable_factor stats_fetch_consistency'),
  ...since(16, 'createrole_self_grant debug_parallel_query enable_presorted_aggregate icu_validation_level vacuum_buffer_usage_limit'),
  ...since(17, 'enable_group_by_reordering event_triggers transaction_timeout'),
  ...since(18, 'enable_distinct_reordering enable_self_join_elimination track_cost_delay_timing vacuum_truncate'),
};

const storageParameters: Since = since(18, 'autovacuum_vacuum_max_threshold vacuum_max_eager_freeze_failure_rate');

const copyOptions: Since = { ...since(16, 'default'), ...since(17, 'log_verbosity on_error'), ...since(18, 'reject_limit') };

const vacuumOptions: Since = {
  ...since(14, 'process_toast'),
  ...since(16, 'buffer_usage_limit only_database_stats process_main skip_database_stats'),
};

const databaseOptions: Since = { ...since(15, 'locale_provider strategy'), ...since(17, 'builtin_locale') };

const publicationOptions: Since = since(18, 'publish_generated_columns');

const subscriptionOptions: Since = {
  ...since(14, 'binary streaming'),
  ...since(15, 'disable_on_error two_phase'),
  ...since(16, 'origin password_required run_as_owner'),
  ...since(17, 'failover'),
};

/** What is new by its name, by the type of the node that names it. */
const namedFeatures: Readonly<Record<string, (inner: Fields) => Iterable<Found>>> = {
  FuncCall: calledFunctions,
  TypeName: (inner) => named('the type', types, systemName(inner['names'])),
  RangeVar: (inner) =>
    inner['schemaname'] === undefined || inner['schemaname'] === 'pg_catalog' ? named('the view', views, asText(inner['relname'])) : [],
  CollateClause: (inner) => named('the collation', collations, systemName(inner['collname'])),
  ColumnDef: (inner) => named('the collation', collations, systemName(asFields(inner['collClause'])?.['collname'])),
  RoleSpec: (inner) => named('the role', roles, asText(inner['rolename'])),
  GrantRoleStmt: (inner) =>
    asNodes(inner['granted_roles']).flatMap((each) => named('the role', roles, asText(fieldsOf(each, 'AccessPriv')?.['priv_name']))),
  VariableSetStmt: (inner) => named('the setting', settings, asText(inner['name'])),
  AlterRoleSetStmt: (inner) => named('the setting', settings, asText(asFields(inner['setstmt'])?.['name'])),
  AlterDatabaseSetStmt: (inner) => named('the setting', settings, asText(asFields(inner['setstmt'])?.['name'])),
  CreateStmt: (inner) => options('the storage parameter', storageParameters, inner['options']),
  AlterTableCmd: (inner) => options('the storage parameter', storageParameters, fieldsOf(asNode(inner['def']), 'List')?.['items']),
  CopyStmt: (inner) => options('the COPY option', copyOptions, inner['options']),
  VacuumStmt: (inner) => options('the VACUUM or ANALYZE option', vacuumOptions, inner['options']),
  CreatedbStmt: (inner) => options('the CREATE DATABASE option', databaseOptions, inner['options']),
  CreatePublicationStmt: (inner) => options('the publication option', publicationOptions, inner['options']),
  AlterPublicationStmt: (inner) => options('the publication option', publicationOptions, inner['options']),
  CreateSubscriptionStmt: (inner) => options('the subscription option', subscriptionOptions, inner['options']),
  AlterSubscriptionStmt: (inner) => options('the subscription option', subscriptionOptions, inner['options']),
};

/** Every feature that `newerThan` can tell, once each. */
export const serverFeatures: readonly { readonly feature: string; readonly since: number }[] = unique([
  ...rules,
  ...listed('the function', functions),
  ...Object.entries(functionsWithArguments).map(([name, each]) => ({ feature: `${name} with ${each.count} arguments`, since: each.since })),
  ...listed('the type', types),
  ...listed('the view', views),
  ...listed('the collation', collations),
  ...listed('the role', roles),
  ...listed('the setting', settings),
  ...listed('the storage parameter', storageParameters),
  ...listed('the COPY option', copyOptions),
  ...listed('the VACUUM or ANALYZE option', vacuumOptions),
  ...listed('the CREATE DATABASE option', databaseOptions),
  ...listed('the publication option', publicationOptions),
  ...listed('the subscription option', subscriptionOptions),
]);

function calledFunctions(inner: Fields): Found[] {
  const name = systemName(inner['funcname']);
  if (name === undefined) return [];
  const counted = Object.hasOwn(functionsWithArguments, name) ? functionsWithArguments[name] : undefined;
  const args = asNodes(inner['args']);
  const found: Found[] = named('the function', functions, name).map((each) => ({ ...each, calls: name }));
  if (counted && args.length >= counted.count) {
    found.push({ feature: `${name} with ${counted.count} arguments`, since: counted.since, calls: name });
  }
  if (name === 'set_config') found.push(...named('the setting', settings, constantText(args[0])));
  return found;
}

function named(what: string, list: Since, name: string | undefined): Found[] {
  const lower = name?.toLowerCase();
  const first = lower !== undefined && Object.hasOwn(list, lower) ? list[lower] : undefined;
  return first === undefined ? [] : [{ feature: `${what} ${lower}`, since: first }];
}

function options(what: string, list: Since, value: unknown): Found[] {
  return asNodes(value).flatMap((each) => named(what, list, asText(fieldsOf(each, 'DefElem')?.['defname'])));
}

function listed(what: string, list: Since): Found[] {
  return Object.entries(list).map(([name, first]) => ({ feature: `${what} ${name}`, since: first }));
}

function since(major: number, names: string): Since {
  return Object.fromEntries(names.split(' ').map((name) => [name, major]));
}

function unique(all: readonly Found[]): Found[] {
  return [...new Map(all.map(({ feature, since: first }) => [feature, { feature, since: first }])).values()];
}

/** The name of something that the server brings along: unqualified, or in `pg_catalog`. */
function systemName(value: unknown): string | undefined {
  const parts = nameParts(value);
  return parts.length === 1 || (parts.length === 2 && parts[0] === 'pg_catalog') ? parts.at(-1) : undefined;
}

function constantText(node: SqlNode | undefined): string | undefined {
  return asText(asFields(fieldsOf(node, 'A_Const')?.['sval'])?.['sval']);
}

function hasOption(value: unknown, name: string): boolean {
  return option(value, name) !== undefined;
}

function option(value: unknown, name: string): Fields | undefined {
  return asNodes(value)
    .map((each) => fieldsOf(each, 'DefElem'))
    .find((each) => each?.['defname'] === name);
}

/** The value of an option that is a word. */
function optionWord(value: unknown, name: string): string | undefined {
  const argument = asNode(option(value, name)?.['arg']);
  const word = asText(fieldsOf(argument, 'String')?.['sval']) ?? nameParts(fieldsOf(argument, 'TypeName')).at(-1);
  return word?.toLowerCase();
}

function forcesAll(value: unknown): boolean {
  return ['force_null', 'force_not_null'].some((name) => fieldsOf(asNode(option(value, name)?.['arg']), 'A_Star') !== undefined);
}

function isKind(kind: string): (inner: Fields) => boolean {
  return (inner) => inner['kind'] === kind;
}

function isSqlSyntax(inner: Fields, name: string): boolean {
  return inner['funcformat'] === 'COERCE_SQL_SYNTAX' && nameParts(inner['funcname']).at(-1) === name;
}

function changesConstraint(field: string): (command: AlterTableCommand) => boolean {
  return ({ def }) => fieldsOf(def, 'ATAlterConstraint')?.[field] === true;
}

function grantsMaintain(inner: Fields | undefined): boolean {
  return asNodes(inner?.['privileges']).some((each) => fieldsOf(each, 'AccessPriv')?.['priv_name'] === 'maintain');
}

function isOddNumeric(inner: Fields): boolean {
  if (systemName(inner['names']) !== 'numeric') return false;
  const [precision, scale] = asNodes(inner['typmods']).map((each) => asFields(fieldsOf(each, 'A_Const')?.['ival'])?.['ival'] ?? 0);
  return typeof precision === 'number' && typeof scale === 'number' && (scale < 0 || scale > precision);
}

const integerTypes: ReadonlySet<string> = new Set(['int2', 'int4', 'int8', 'smallint', 'integer', 'int', 'bigint']);

function castsIntegerAndBytes(inner: Fields): boolean {
  const to = castType(inner);
  const argument = asNode(inner['arg']);
  const cast = fieldsOf(argument, 'TypeCast');
  const isInteger = asFields(fieldsOf(argument, 'A_Const')?.['ival']) !== undefined;
  const from = cast ? castType(cast) : isInteger ? 'int4' : undefined;
  if (from === undefined || to === undefined) return false;
  return (to === 'bytea' && integerTypes.has(from)) || (from === 'bytea' && integerTypes.has(to));
}

function isInfiniteInterval(inner: Fields): boolean {
  return castType(inner) === 'interval' && /^\s*[-+]?infinity\s*$/i.test(constantText(asNode(inner['arg'])) ?? '');
}

function castType(cast: Fields): string | undefined {
  const type = asFields(cast['typeName']);
  return asNodes(type?.['arrayBounds']).length > 0 ? undefined : systemName(type?.['names']);
}

/** `RETURNING WITH (OLD AS ...)`, or a column of `old` or `new` where no table of the statement has that name. */
function returnsOldOrNew(inner: Fields): boolean {
  const clause = returning(inner);
  if (!clause) return false;
  if (asNodes(clause['options']).length > 0) return true;
  const names = new Set<string>();
  walk({ Statement: inner }, (type, each) => {
    if (type !== 'RangeVar' && type !== 'RangeSubselect' && type !== 'CommonTableExpr') return;
    const name = asFields(each['alias'])?.['aliasname'] ?? each['relname'] ?? each['ctename'];
    if (typeof name === 'string') names.add(name);
  });
  let found = false;
  for (const expression of asNodes(clause['exprs'])) {
    walk(expression, (type, each) => {
      if (type === 'SelectStmt') return false;
      if (type !== 'ColumnRef') return true;
      const parts = asNodes(each['fields']);
      const first = asText(fieldsOf(parts[0], 'String')?.['sval']) ?? '';
      found ||= parts.length > 1 && /^(?:old|new)$/.test(first) && !names.has(first);
      return true;
    });
  }
  return found;
}
