import type { CaseExpr, FuncCall, SubLink, TypeCast } from '@pgsql/types';
import { fieldsOfEach, nameFromList, nameParts, type NodeHandlers } from '../../sql/nodes';
import type { SqlNode } from '../../sql/statement';
import { weights } from '../assumed-schema';
import { argumentTypes, functionTypes } from '../function-types';
import { extensionFunctions, nameInText, typeNameOf } from '../type-names';
import { operation } from './operations';
import type { Queries, Scope } from './queries';
import { columnNamed } from './scopes';
import { constantValue, nothing, ofType, type Value } from './values';

/** What each kind of expression needs, and what is known of its value. Of every other kind the parts are looked at alone. */
export const expressionHandlers: NodeHandlers<Value, [queries: Queries, scope: Scope]> = {
  ColumnRef: ({ fields }, queries, scope) => ({ column: columnNamed(queries, nameParts(fields), scope) }),
  A_Const: constantValue,
  TypeCast: cast,
  A_Expr: operation,
  FuncCall: call,
  SQLValueFunction: ({ op }) => ofType(valueFunctionType(op)),
  SubLink: subquery,
  CoalesceExpr: ({ args }, queries, scope) => alike(queries, args, scope),
  MinMaxExpr: ({ args }, queries, scope) => alike(queries, args, scope),
  CaseExpr: choice,
  CollateClause: ({ arg }, queries, scope) => queries.value(arg, scope),
  BoolExpr({ args = [] }, queries, scope) {
    for (const argument of args) queries.condition(argument, scope);
    return ofType('boolean');
  },
  BooleanTest({ arg }, queries, scope) {
    queries.condition(arg, scope);
    return ofType('boolean');
  },
  NullTest({ arg }, queries, scope) {
    queries.value(arg, scope);
    return ofType('boolean');
  },
  A_ArrayExpr({ elements }, queries, scope) {
    const { type } = alike(queries, elements, scope);
    return type === undefined ? nothing : ofType(`${type}[]`);
  },
  SelectStmt(inner, queries, scope) {
    queries.query({ SelectStmt: inner }, scope);
    return nothing;
  },
};

function cast({ arg, typeName }: TypeCast, queries: Queries, scope: Scope): Value {
  const { schema } = queries;
  const { literal } = queries.value(arg, scope);
  const type = typeNameOf(typeName);
  if (!type) return nothing;
  if (type.name === 'regclass' && literal !== undefined) namedRelation(queries, literal);
  if (!type.isBuiltIn && literal !== undefined) {
    const made = schema.type({ schema: type.schema, name: type.name });
    if (made?.kind === 'enum' && !type.isArray) made.labels.add(literal);
  }
  return { type: schema.typeText(type), weight: weights.partner };
}

/** 'name'::regclass: a sequence when it is called like one, a table otherwise. */
function namedRelation({ schema }: Queries, text: string): void {
  const name = nameInText(text);
  if (/_seq$/.test(name.name)) schema.requireSequence(name);
  else if (!schema.assumed.sequences.has(schema.keyOf(name))) schema.table(name);
}

function call({ funcname, args = [], agg_order: order = [], over, agg_filter: filter }: FuncCall, queries: Queries, scope: Scope): Value {
  const { schema } = queries;
  const name = nameFromList(funcname);
  const values = args.map((argument) => queries.value(argument, scope));
  for (const node of order) queries.value(node, scope);
  // Of a window that refers to another one nothing is looked at, and ORDER BY only where there is no PARTITION BY.
  const window = over?.name === undefined && over?.refname === undefined ? (over?.partitionClause ?? over?.orderClause) : undefined;
  for (const node of window ?? []) queries.value(node, scope);
  queries.condition(filter, scope);
  if (!name) return nothing;
  const extension = extensionFunctions[name.name];
  if (extension !== undefined && schema.needs(`function ${schema.keyOf(name)}`)) schema.requireExtension(extension);
  const [first, second] = values;
  if (/^(?:nextval|setval|currval)$/.test(name.name) && first?.literal !== undefined) schema.requireSequence(nameInText(first.literal));
  if (name.name === 'pg_get_serial_sequence' && first?.literal !== undefined && second?.literal !== undefined) {
    const table = schema.table(nameInText(first.literal));
    const column = table && schema.column(table, second.literal);
    if (column) column.extra = 'identity';
  }
  const expected = argumentTypes(name.name);
  values.forEach(({ column }, index) => {
    const type = expected?.(index);
    if (column && type !== undefined) queries.hint(column, type, weights.context);
  });
  const type = functionTypes[name.name];
  if (type !== undefined) return ofType(type);
  return /^(?:min|max|lag|lead|first_value|last_value|any_value)$/.test(name.name) && first ? first : nothing;
}

function valueFunctionType(operation = ''): string {
  if (/TIMESTAMP/.test(operation)) return /LOCAL/.test(operation) ? 'timestamp' : 'timestamptz';
  if (/DATE/.test(operation)) return 'date';
  return /TIME/.test(operation) ? 'timetz' : 'text';
}

function subquery({ testexpr, subselect, subLinkType: kind }: SubLink, queries: Queries, scope: Scope): Value {
  const test = queries.value(testexpr, scope);
  const [first] = queries.query(subselect, scope);
  if (kind === 'ANY_SUBLINK' || kind === 'ALL_SUBLINK') {
    if (first) queries.relate(test, first);
    return ofType('boolean');
  }
  return kind === 'EXPR_SUBLINK' ? (first ?? nothing) : nothing;
}

/** Expressions whose types are the same. */
function alike(queries: Queries, nodes: readonly SqlNode[] | undefined, scope: Scope): Value {
  const values = nodes?.map((node) => queries.value(node, scope)) ?? [];
  const typed = values.find(({ type }) => type !== undefined);
  for (const value of values) if (value.column && typed && value !== typed) queries.relate(value, typed);
  return values.find(({ column }) => column) ?? typed ?? nothing;
}

function choice({ arg, args, defresult }: CaseExpr, queries: Queries, scope: Scope): Value {
  const tested = queries.value(arg, scope);
  const results = fieldsOfEach(args, 'CaseWhen').map(({ expr, result }) => {
    if (arg === undefined) queries.condition(expr, scope);
    else queries.relate(tested, queries.value(expr, scope));
    return result;
  });
  return alike(
    queries,
    [...results, defresult].filter((node) => node !== undefined),
    scope,
  );
}
