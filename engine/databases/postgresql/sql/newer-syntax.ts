import type { ATAlterConstraint, AlterTableType, DefElem, FuncCall, GrantStmt, TypeCast, TypeName } from '@pgsql/types';
import { systemName } from './newer-names';
import {
  type AlterTableCommand,
  alterTableCommands,
  constantText,
  type FieldsByType,
  fieldsOf,
  fieldsOfEach,
  nameParts,
  type NodeType,
  walk,
} from './nodes';
import type { SqlNode } from './statement';

/** A feature that the syntax tells. */
export interface SyntaxRule {
  readonly type: NodeType;
  readonly feature: string;
  /** The first major version that knows it. */
  readonly since: number;
  /** Default: every node of the type. */
  readonly when?: (fields: object) => boolean;
}

type Test<Type extends NodeType> = (fields: FieldsByType[Type]) => boolean;

function rule<Type extends NodeType>(type: Type, feature: string, since: number, when?: Test<Type>): SyntaxRule {
  return { type, feature, since, when: when as SyntaxRule['when'] };
}

function command(subtype: AlterTableType, feature: string, since: number, when?: (command: AlterTableCommand) => boolean): SyntaxRule {
  return rule('AlterTableStmt', feature, since, (inner) =>
    alterTableCommands({ AlterTableStmt: inner }).some((each) => each.subtype === subtype && (when === undefined || when(each))),
  );
}

function has<Field extends string>(field: Field): (fields: { readonly [Each in Field]?: unknown }) => boolean {
  return (fields) => fields[field] !== undefined;
}

export const newerNumber = { feature: 'underscores and other bases in numbers', since: 16 } as const;

/** The features that servers have by their syntax, in the order of their versions. */
export const syntaxRules: readonly SyntaxRule[] = [
  rule('AlterSubscriptionStmt', 'ALTER SUBSCRIPTION ... ADD PUBLICATION', 14, ({ kind }) => kind === 'ALTER_SUBSCRIPTION_ADD_PUBLICATION'),
  rule('ColumnDef', 'COMPRESSION of a column', 14, has('compression')),
  command('AT_SetCompression', 'SET COMPRESSION', 14),
  command(
    'AT_DetachPartition',
    'DETACH PARTITION ... CONCURRENTLY or FINALIZE',
    14,
    ({ def }) => fieldsOf(def, 'PartitionCmd')?.concurrent === true,
  ),
  command('AT_DetachPartitionFinalize', 'DETACH PARTITION ... CONCURRENTLY or FINALIZE', 14),
  rule('CreateFunctionStmt', 'a routine with a body of SQL instead of a string', 14, has('sql_body')),
  rule(
    'CreateFunctionStmt',
    'OUT parameters of a procedure',
    14,
    (inner) =>
      inner.is_procedure === true && fieldsOfEach(inner.parameters, 'FunctionParameter').some(({ mode }) => mode === 'FUNC_PARAM_OUT'),
  ),
  rule('CreateTrigStmt', 'CREATE OR REPLACE TRIGGER', 14, (inner) => inner.replace === true),
  rule('CreateRangeStmt', 'MULTIRANGE_TYPE_NAME of a range type', 14, (inner) => hasOption(inner.params, 'multirange_type_name')),
  rule('StatsElem', 'CREATE STATISTICS on an expression', 14, has('expr')),
  rule('ReindexStmt', 'REINDEX (TABLESPACE ...)', 14, (inner) => hasOption(inner.params, 'tablespace')),
  rule('SelectStmt', 'GROUP BY DISTINCT', 14, has('groupDistinct')),
  rule('CommonTableExpr', 'SEARCH in WITH RECURSIVE', 14, has('search_clause')),
  rule('CommonTableExpr', 'CYCLE in WITH RECURSIVE', 14, has('cycle_clause')),
  rule('JoinExpr', 'an alias of JOIN ... USING', 14, has('join_using_alias')),
  rule('GrantStmt', 'GRANT or REVOKE of privileges with GRANTED BY', 14, has('grantor')),
  rule(
    'IndexStmt',
    'INCLUDE in an SP-GiST index',
    14,
    (inner) => inner.accessMethod === 'spgist' && inner.indexIncludingParams !== undefined,
  ),
  // INCLUDING ALL sets every bit, and older servers know it.
  rule(
    'TableLikeClause',
    'LIKE ... INCLUDING COMPRESSION',
    14,
    ({ options }) => options !== undefined && options < 0x1000 && (options & 2) !== 0,
  ),

  rule('MergeStmt', 'MERGE', 15),
  rule('IndexStmt', 'NULLS NOT DISTINCT', 15, has('nulls_not_distinct')),
  rule('Constraint', 'NULLS NOT DISTINCT', 15, has('nulls_not_distinct')),
  rule('Constraint', 'ON DELETE SET NULL or SET DEFAULT of some columns', 15, has('fk_del_set_cols')),
  rule('ViewStmt', 'security_invoker of a view', 15, (inner) => hasOption(inner.options, 'security_invoker')),
  command('AT_SetRelOptions', 'security_invoker of a view', 15, ({ def }) => hasOption(fieldsOf(def, 'List')?.items, 'security_invoker')),
  command('AT_SetAccessMethod', 'SET ACCESS METHOD', 15),
  rule(
    'AlterTableStmt',
    'SET LOGGED and SET UNLOGGED of a sequence',
    15,
    (inner) =>
      inner.objtype === 'OBJECT_SEQUENCE' &&
      alterTableCommands({ AlterTableStmt: inner }).some(({ subtype }) => /^AT_Set(?:Un)?Logged$/.test(subtype)),
  ),
  rule('CreateSeqStmt', 'CREATE UNLOGGED SEQUENCE', 15, (inner) => inner.sequence?.relpersistence === 'u'),
  rule('PublicationObjSpec', 'a publication of all tables in a schema', 15, (inner) =>
    /^PUBLICATIONOBJ_TABLES_IN_/.test(inner.pubobjtype ?? ''),
  ),
  rule('PublicationObjSpec', 'a publication of some rows', 15, (inner) => inner.pubtable?.whereClause !== undefined),
  rule('PublicationObjSpec', 'a publication of some columns', 15, ({ pubtable }) => pubtable?.columns !== undefined),
  rule('AlterDatabaseRefreshCollStmt', 'ALTER DATABASE ... REFRESH COLLATION VERSION', 15),
  rule('GrantStmt', 'privileges on configuration parameters', 15, (inner) => inner.objtype === 'OBJECT_PARAMETER_ACL'),
  rule('AlterSubscriptionStmt', 'ALTER SUBSCRIPTION ... SKIP', 15, ({ kind }) => kind === 'ALTER_SUBSCRIPTION_SKIP'),
  rule('CopyStmt', 'HEADER MATCH of COPY', 15, (inner) => optionWord(inner.options, 'header') === 'match'),
  rule(
    'CopyStmt',
    'HEADER of COPY in text format',
    15,
    (inner) => hasOption(inner.options, 'header') && /^(?:text)?$/.test(optionWord(inner.options, 'format') ?? ''),
  ),
  rule('TypeName', 'a numeric type whose scale is negative or above its precision', 15, isOddNumeric),

  rule('ColumnDef', 'STORAGE of a column in CREATE TABLE', 16, has('storage_name')),
  command('AT_SetStorage', 'SET STORAGE DEFAULT', 16, ({ def }) => fieldsOf(def, 'String')?.sval === 'default'),
  rule('CreateStatsStmt', 'CREATE STATISTICS without a name', 16, ({ defnames }) => defnames === undefined),
  rule(
    'ReindexStmt',
    'REINDEX DATABASE or SYSTEM without a name',
    16,
    (inner) => /_(?:DATABASE|SYSTEM)$/.test(inner.kind ?? '') && inner.name === undefined,
  ),
  rule('RangeSubselect', 'a subquery in FROM without an alias', 16, (inner) => inner.alias === undefined),
  rule('JsonObjectConstructor', 'JSON_OBJECT as SQL/JSON', 16),
  rule('JsonArrayConstructor', 'JSON_ARRAY', 16),
  rule('JsonArrayQueryConstructor', 'JSON_ARRAY', 16),
  rule('JsonArrayAgg', 'JSON_ARRAYAGG', 16),
  rule('JsonObjectAgg', 'JSON_OBJECTAGG', 16),
  rule('JsonIsPredicate', 'IS JSON', 16),
  rule('XmlSerialize', 'XMLSERIALIZE ... INDENT', 16, has('indent')),
  rule('FuncCall', 'SYSTEM_USER', 16, (inner) => isSqlSyntax(inner, 'system_user')),
  rule(
    'GrantRoleStmt',
    'GRANT of a role WITH INHERIT or SET',
    16,
    (inner) => hasOption(inner.opt, 'inherit') || hasOption(inner.opt, 'set'),
  ),
  rule('DefineStmt', 'RULES of a collation', 16, (inner) => inner.kind === 'OBJECT_COLLATION' && hasOption(inner.definition, 'rules')),
  rule('A_Const', newerNumber.feature, newerNumber.since, (inner) => /_|^0[xob]/i.test(inner.fval?.fval ?? '')),

  rule('TypeCast', 'an infinite interval', 17, isInfiniteInterval),
  rule('MergeStmt', 'RETURNING of MERGE', 17, has('returningClause')),
  rule('MergeWhenClause', 'WHEN NOT MATCHED BY SOURCE of MERGE', 17, (inner) => inner.matchKind === 'MERGE_WHEN_NOT_MATCHED_BY_SOURCE'),
  command('AT_SetExpression', 'SET EXPRESSION of a generated column', 17),
  command('AT_SetStatistics', 'SET STATISTICS DEFAULT', 17, ({ def }) => def === undefined),
  command('AT_SetAccessMethod', 'SET ACCESS METHOD DEFAULT', 17, ({ name }) => name === undefined),
  rule('GrantStmt', 'the privilege MAINTAIN', 17, grantsMaintain),
  rule('AlterDefaultPrivilegesStmt', 'the privilege MAINTAIN', 17, (inner) => grantsMaintain(inner.action)),
  rule('JsonTable', 'JSON_TABLE', 17),
  rule('JsonFuncExpr', 'JSON_EXISTS, JSON_QUERY and JSON_VALUE', 17),
  // Without it older servers take JSON(x) for a cast.
  rule('JsonParseExpr', 'JSON() WITH UNIQUE KEYS', 17, has('unique_keys')),
  rule('JsonScalarExpr', 'JSON_SCALAR', 17),
  rule('JsonSerializeExpr', 'JSON_SERIALIZE', 17),
  rule('FuncCall', 'AT LOCAL', 17, (inner) => isSqlSyntax(inner, 'timezone') && inner.args?.length === 1),
  rule('CreateEventTrigStmt', 'an event trigger on login', 17, (inner) => inner.eventname === 'login'),
  rule('AlterOperatorStmt', 'ALTER OPERATOR ... SET (COMMUTATOR, NEGATOR, HASHES or MERGES)', 17, (inner) =>
    ['commutator', 'negator', 'hashes', 'merges'].some((name) => hasOption(inner.options, name)),
  ),
  rule(
    'DefineStmt',
    'the collation provider builtin',
    17,
    (inner) => inner.kind === 'OBJECT_COLLATION' && optionWord(inner.definition, 'provider') === 'builtin',
  ),
  rule('CopyStmt', 'FORCE_NULL * and FORCE_NOT_NULL * of COPY', 17, (inner) => forcesAll(inner.options)),
  rule(
    'CreateStmt',
    'EXCLUDE on a partitioned table',
    17,
    (inner) =>
      inner.partspec !== undefined && fieldsOfEach(inner.tableElts, 'Constraint').some(({ contype }) => contype === 'CONSTR_EXCLUSION'),
  ),

  rule('TypeCast', 'casts between integers and bytea', 18, castsIntegerAndBytes),
  rule('Constraint', 'a virtual generated column', 18, (inner) => inner.contype === 'CONSTR_GENERATED' && inner.generated_kind === 'v'),
  rule(
    'Constraint',
    'NOT NULL as a constraint of the table',
    18,
    (inner) => inner.contype === 'CONSTR_NOTNULL' && inner.keys !== undefined,
  ),
  rule(
    'Constraint',
    'NOT NULL ... NO INHERIT of a column',
    18,
    (inner) => inner.contype === 'CONSTR_NOTNULL' && inner.keys === undefined && inner.is_no_inherit === true,
  ),
  rule('Constraint', 'ENFORCED and NOT ENFORCED', 18, ({ contype }) => /^CONSTR_ATTR_(?:NOT_)?ENFORCED$/.test(contype ?? '')),
  rule(
    'Constraint',
    'ENFORCED and NOT ENFORCED',
    18,
    ({ contype, is_enforced: isEnforced }) => /^CONSTR_(?:CHECK|FOREIGN)$/.test(contype ?? '') && isEnforced !== true,
  ),
  rule('Constraint', 'WITHOUT OVERLAPS', 18, has('without_overlaps')),
  rule('Constraint', 'PERIOD of a foreign key', 18, has('fk_with_period')),
  command('AT_AlterConstraint', 'ALTER CONSTRAINT ... [NOT] ENFORCED', 18, changesConstraint('alterEnforceability')),
  command('AT_AlterConstraint', 'ALTER CONSTRAINT ... [NO] INHERIT', 18, changesConstraint('alterInheritability')),
  ...(['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt'] as const).map((type) =>
    rule(type, 'OLD and NEW in RETURNING', 18, returnsOldOrNew),
  ),
  rule('VacuumRelation', 'VACUUM and ANALYZE ONLY', 18, (inner) => inner.relation !== undefined && inner.relation?.inh !== true),
  rule(
    'CreateForeignTableStmt',
    'LIKE in CREATE FOREIGN TABLE',
    18,
    ({ base }) => fieldsOfEach(base?.tableElts, 'TableLikeClause').length > 0,
  ),
  rule('AlterDefaultPrivilegesStmt', 'default privileges on large objects', 18, (inner) => inner.action?.objtype === 'OBJECT_LARGEOBJECT'),
];

function hasOption(options: readonly SqlNode[] | undefined, name: string): boolean {
  return option(options, name) !== undefined;
}

function option(options: readonly SqlNode[] | undefined, name: string): DefElem | undefined {
  return fieldsOfEach(options, 'DefElem').find(({ defname }) => defname === name);
}

/** The value of an option that is a word. */
function optionWord(options: readonly SqlNode[] | undefined, name: string): string | undefined {
  const argument = option(options, name)?.arg;
  const word = fieldsOf(argument, 'String')?.sval ?? nameParts(fieldsOf(argument, 'TypeName')).at(-1);
  return word?.toLowerCase();
}

function forcesAll(options: readonly SqlNode[] | undefined): boolean {
  return ['force_null', 'force_not_null'].some((name) => fieldsOf(option(options, name)?.arg, 'A_Star') !== undefined);
}

function isSqlSyntax({ funcformat, funcname }: FuncCall, name: string): boolean {
  return funcformat === 'COERCE_SQL_SYNTAX' && nameParts(funcname).at(-1) === name;
}

function changesConstraint(field: keyof ATAlterConstraint): (command: AlterTableCommand) => boolean {
  return ({ def }) => fieldsOf(def, 'ATAlterConstraint')?.[field] === true;
}

function grantsMaintain(grant: GrantStmt | undefined): boolean {
  return fieldsOfEach(grant?.privileges, 'AccessPriv').some(({ priv_name: name }) => name === 'maintain');
}

function isOddNumeric({ names, typmods = [] }: TypeName): boolean {
  if (systemName(names) !== 'numeric') return false;
  const [precision, scale] = typmods.map((each) => fieldsOf(each, 'A_Const')?.ival?.ival ?? 0);
  return precision !== undefined && scale !== undefined && (scale < 0 || scale > precision);
}

const integerTypes: ReadonlySet<string> = new Set(['int2', 'int4', 'int8', 'smallint', 'integer', 'int', 'bigint']);

function castsIntegerAndBytes(inner: TypeCast): boolean {
  const to = castType(inner);
  const cast = fieldsOf(inner.arg, 'TypeCast');
  const isInteger = fieldsOf(inner.arg, 'A_Const')?.ival !== undefined;
  const from = cast ? castType(cast) : isInteger ? 'int4' : undefined;
  if (from === undefined || to === undefined) return false;
  return (to === 'bytea' && integerTypes.has(from)) || (from === 'bytea' && integerTypes.has(to));
}

function isInfiniteInterval(inner: TypeCast): boolean {
  return castType(inner) === 'interval' && /^\s*[-+]?infinity\s*$/i.test(constantText(inner.arg) ?? '');
}

function castType({ typeName: type }: TypeCast): string | undefined {
  return type?.arrayBounds ? undefined : systemName(type?.names);
}

/** `RETURNING WITH (OLD AS ...)`, or a column of `old` or `new` where no table of the statement has that name. */
function returnsOldOrNew(inner: FieldsByType['InsertStmt' | 'UpdateStmt' | 'DeleteStmt' | 'MergeStmt']): boolean {
  const clause = inner.returningClause;
  if (!clause) return false;
  if (clause.options) return true;
  const names = new Set<string | undefined>();
  walk(inner, (type, each) => {
    if (type === 'RangeVar') names.add(each.alias?.aliasname ?? each.relname);
    else if (type === 'RangeSubselect') names.add(each.alias?.aliasname);
    else if (type === 'CommonTableExpr') names.add(each.ctename);
  });
  let found = false;
  for (const expression of clause.exprs ?? []) {
    walk(expression, (type, each) => {
      if (type === 'SelectStmt') return false;
      if (type !== 'ColumnRef') return true;
      const [first, ...more] = each.fields ?? [];
      const name = fieldsOf(first, 'String')?.sval ?? '';
      found ||= more.length > 0 && /^(?:old|new)$/.test(name) && !names.has(name);
      return true;
    });
  }
  return found;
}
