import type { A_Const } from '@pgsql/types';
import { type AssumedColumn, weights } from '../assumed-schema';

/** What is known of the value of an expression. */
export interface Value {
  readonly column?: AssumedColumn | undefined;
  readonly type?: string;
  readonly weight?: number;
  /** Set for a string literal. */
  readonly literal?: string;
}

export const nothing: Value = {};

/** A value of a type that follows from where it stands. */
export function ofType(type: string): Value {
  return { type, weight: weights.context };
}

/** Types of values in the same place of several rows: the first that says something. */
export function mergeRows(rows: readonly Value[][]): Value[] {
  const [first = []] = rows;
  return first.map((value, place) => rows.map((row) => row[place]).find((each) => each && (each.type ?? each.column)) ?? value);
}

/** The value of a constant. */
export function constantValue({ isnull, sval, ival, boolval, fval }: A_Const): Value {
  if (isnull === true) return nothing;
  if (sval) return stringValue(sval.sval ?? '');
  if (ival) return { type: 'integer', weight: weights.literal };
  if (boolval) return { type: 'boolean', weight: weights.literal };
  const number = fval?.fval;
  return number === undefined ? nothing : { type: /^\d+$/.test(number) ? 'bigint' : 'numeric', weight: weights.literal };
}

function stringValue(literal: string): Value {
  const { literal: weight } = weights;
  if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(literal)) return { type: 'uuid', weight, literal };
  if (/^\d{4}-\d\d-\d\d$/.test(literal)) return { type: 'date', weight, literal };
  if (/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/.test(literal)) return { type: 'timestamptz', weight, literal };
  if (/^\{\}$|^\{\s*"|^\[/.test(literal)) return { type: 'jsonb', weight, literal };
  return { type: 'text', weight, literal };
}

/** Whether a column of a type can be compared with a value that looks like another. */
export function accepts(column: string, value: string, literal?: string): boolean {
  const number = /^(?:smallint|integer|bigint|numeric|real|double precision)/;
  if (number.test(column)) return number.test(value) || /^-?\d+$/.test(literal ?? '');
  if (/^(?:timestamp|date)/.test(column)) return /^(?:timestamp|date)/.test(value);
  if (/^(?:varchar|char|text|citext)/.test(column)) return literal !== undefined || value === 'text';
  return column === value || (literal === '{}' && column.endsWith('[]'));
}
