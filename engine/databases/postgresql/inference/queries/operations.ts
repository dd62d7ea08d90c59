import type { A_Expr } from '@pgsql/types';
import { fieldsOf, nameParts } from '../../sql/nodes';
import { weights } from '../assumed-schema';
import type { Queries, Scope } from './queries';
import { nothing, ofType, type Value } from './values';

/** What an operator needs of its operands, and what is known of its result. */
export function operation({ kind = 'AEXPR_OP', name, lexpr, rexpr }: A_Expr, queries: Queries, scope: Scope): Value {
  const operator = nameParts(name).at(-1) ?? '';
  const left = queries.value(lexpr, scope);
  const items = fieldsOf(rexpr, 'List')?.items;
  if (items) {
    for (const item of items) queries.relate(left, queries.value(item, scope));
    return ofType('boolean');
  }
  const right = queries.value(rexpr, scope);
  if (kind === 'AEXPR_NULLIF') {
    queries.relate(left, right);
    return left.column ? { column: left.column } : left;
  }
  if (kind === 'AEXPR_OP_ANY' || kind === 'AEXPR_OP_ALL') {
    if (right.type?.endsWith('[]')) queries.relate(left, ofType(right.type.slice(0, -2)));
    else if (right.column && left.type !== undefined) queries.hint(right.column, `${left.type}[]`, weights.literal);
    return ofType('boolean');
  }
  if (/^AEXPR_(?:I?LIKE|SIMILAR)$/.test(kind) || /^!?~\*?$/.test(operator)) {
    for (const { column } of [left, right]) if (column) queries.hint(column, 'text', weights.literal);
    return ofType('boolean');
  }
  if (/^(?:=|<>|<|>|<=|>=)$/.test(operator)) {
    queries.relate(left, right);
    return ofType('boolean');
  }
  return computation(queries, operator, left, right);
}

const documentOperators: Readonly<Record<string, string>> = { '->': 'jsonb', '->>': 'text', '#>': 'jsonb', '#>>': 'text', '#-': 'jsonb' };

function computation(queries: Queries, operator: string, left: Value, right: Value): Value {
  const extracted = documentOperators[operator];
  const columns = [left.column, right.column].filter((column) => column !== undefined);
  if (extracted !== undefined || /^(?:\?[|&]?|@\?)$/.test(operator)) {
    if (left.column) queries.hint(left.column, 'jsonb', weights.literal);
    return ofType(extracted ?? 'boolean');
  }
  if (operator === '@@') {
    if (left.column) queries.hint(left.column, right.type === 'jsonpath' ? 'jsonb' : 'tsvector', weights.literal);
    return ofType('boolean');
  }
  if (operator === '@>' || operator === '<@' || operator === '&&') {
    const other = left.column ? right : left;
    const type = other.type?.endsWith('[]') || (other.type !== undefined && other.literal === undefined) ? other.type : 'jsonb';
    for (const column of columns) queries.hint(column, type, weights.literal);
    return ofType('boolean');
  }
  if (operator === '||') {
    const type = [left, right].some((each) => each.type === 'jsonb') ? 'jsonb' : 'text';
    for (const column of columns) queries.hint(column, type, weights.context);
    return ofType(type);
  }
  if ([left, right].some(({ type }) => type === 'interval' || type?.startsWith('timestamp'))) {
    for (const column of columns) queries.hint(column, 'timestamptz', weights.context);
    return ofType('timestamptz');
  }
  const number = [left, right].find(({ type }) => type !== undefined && /^(?:numeric|double|real|bigint|integer)/.test(type))?.type;
  for (const column of columns) queries.hint(column, number ?? 'numeric', weights.context);
  const type = left.column?.type ?? right.column?.type ?? number;
  return type === undefined ? nothing : ofType(type);
}
