import type { FuncCall } from '@pgsql/types';
import { constantText, type NameHolder, fieldsOf, fieldsOfEach, nameParts, type NodeHandlers } from './nodes';
import type { SqlNode } from './statement';

/** A feature, the first major version that knows it, and the function that it calls, if it is one. */
export interface Feature {
  readonly feature: string;
  readonly since: number;
  readonly calls?: string;
}

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
export const namedFeatures: NodeHandlers<readonly Feature[]> = {
  FuncCall: calledFunctions,
  TypeName: ({ names }) => named('the type', types, systemName(names)),
  RangeVar: ({ schemaname, relname }) => (schemaname === undefined || schemaname === 'pg_catalog' ? named('the view', views, relname) : []),
  CollateClause: ({ collname }) => named('the collation', collations, systemName(collname)),
  ColumnDef: ({ collClause }) => named('the collation', collations, systemName(collClause?.collname)),
  RoleSpec: ({ rolename }) => named('the role', roles, rolename),
  GrantRoleStmt: (inner) => fieldsOfEach(inner.granted_roles, 'AccessPriv').flatMap((each) => named('the role', roles, each.priv_name)),
  VariableSetStmt: ({ name }) => named('the setting', settings, name),
  AlterRoleSetStmt: ({ setstmt }) => named('the setting', settings, setstmt?.name),
  AlterDatabaseSetStmt: ({ setstmt }) => named('the setting', settings, setstmt?.name),
  CreateStmt: (inner) => options('the storage parameter', storageParameters, inner.options),
  AlterTableCmd: ({ def }) => options('the storage parameter', storageParameters, fieldsOf(def, 'List')?.items),
  CopyStmt: (inner) => options('the COPY option', copyOptions, inner.options),
  VacuumStmt: (inner) => options('the VACUUM or ANALYZE option', vacuumOptions, inner.options),
  CreatedbStmt: (inner) => options('the CREATE DATABASE option', databaseOptions, inner.options),
  CreatePublicationStmt: (inner) => options('the publication option', publicationOptions, inner.options),
  AlterPublicationStmt: (inner) => options('the publication option', publicationOptions, inner.options),
  CreateSubscriptionStmt: (inner) => options('the subscription option', subscriptionOptions, inner.options),
  AlterSubscriptionStmt: (inner) => options('the subscription option', subscriptionOptions, inner.options),
};

/** All of these features, for lists of them. */
export const allNamedFeatures: readonly Feature[] = [
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
];

function calledFunctions({ funcname, args = [] }: FuncCall): Feature[] {
  const name = systemName(funcname);
  if (name === undefined) return [];
  const counted = Object.hasOwn(functionsWithArguments, name) ? functionsWithArguments[name] : undefined;
  const found: Feature[] = named('the function', functions, name).map((each) => ({ ...each, calls: name }));
  if (counted && args.length >= counted.count) {
    found.push({ feature: `${name} with ${counted.count} arguments`, since: counted.since, calls: name });
  }
  if (name === 'set_config') found.push(...named('the setting', settings, constantText(args[0])));
  return found;
}

function named(what: string, list: Since, name: string | undefined): Feature[] {
  const lower = name?.toLowerCase();
  const first = lower !== undefined && Object.hasOwn(list, lower) ? list[lower] : undefined;
  return first === undefined ? [] : [{ feature: `${what} ${lower}`, since: first }];
}

function options(what: string, list: Since, nodes: readonly SqlNode[] | undefined): Feature[] {
  return fieldsOfEach(nodes, 'DefElem').flatMap(({ defname }) => named(what, list, defname));
}

function listed(what: string, list: Since): Feature[] {
  return Object.entries(list).map(([name, first]) => ({ feature: `${what} ${name}`, since: first }));
}

function since(major: number, names: string): Since {
  return Object.fromEntries(names.split(' ').map((name) => [name, major]));
}

/** The name of something that the server brings along: unqualified, or in `pg_catalog`. */
export function systemName(holder: NameHolder): string | undefined {
  const parts = nameParts(holder);
  return parts.length === 1 || (parts.length === 2 && parts[0] === 'pg_catalog') ? parts.at(-1) : undefined;
}
