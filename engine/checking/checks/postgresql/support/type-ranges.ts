import type { StatedType } from './column-types';

/** What is lost on the way from one type to another. */
export interface Narrowing {
  /** `stops`: the server refuses a value that does not fit. `cuts`: it changes the value without a word. */
  readonly effect: 'stops' | 'cuts' | 'may cut';
  /** A sentence without its full stop; may be empty. */
  readonly why: string;
  /** The condition that finds the rows that do not fit, for a column as it is written in SQL. */
  readonly misfit?: (column: string) => string;
}

const integers: Readonly<Record<string, { readonly digits: number; readonly limit: string }>> = {
  smallint: { digits: 5, limit: '32767' },
  integer: { digits: 10, limit: '2147483647' },
  bigint: { digits: 19, limit: '9223372036854775807' },
};
const texts = new Set(['text', 'varchar', 'char']);
const floats = new Set(['real', 'double precision']);

/** What the server does to values that the new type cannot hold, when it converts them itself; undefined when all fit. */
export function narrowingTo(from: StatedType, to: StatedType): Narrowing | undefined {
  if (from.isArray || to.isArray) return undefined;
  if (texts.has(from.name)) return fromText(from, to);
  if (integers[from.name]) return fromInteger(from, to);
  if (from.name === 'numeric' || floats.has(from.name)) return fromNumber(from, to);
  if (/^time/.test(from.name)) return fromTime(from, to);
  return undefined;
}

function fromText(from: StatedType, to: StatedType): Narrowing | undefined {
  if (!texts.has(to.name)) {
    return { effect: 'stops', why: `A ${from.text} value that is not a valid ${to.text} is an error`, ...unreadable(to) };
  }
  const length = to.name === 'text' ? undefined : (to.lengths[0] ?? (to.name === 'char' ? 1 : undefined));
  const old = from.name === 'text' ? undefined : (from.lengths[0] ?? (from.name === 'char' ? 1 : undefined));
  if (length === undefined || (old !== undefined && old <= length)) return undefined;
  return {
    effect: 'stops',
    why: `${from.text} can contain values of more than ${length} characters`,
    misfit: (column) => `length(${column}) > ${length}`,
  };
}

function unreadable(to: StatedType): Pick<Narrowing, 'misfit'> {
  return { misfit: (column) => `NOT pg_input_is_valid(${column}, '${to.text}')` };
}

function fromInteger(from: StatedType, to: StatedType): Narrowing | undefined {
  const old = integers[from.name]?.digits ?? 0;
  const target = integers[to.name];
  if (target) return target.digits < old ? overflow(from, to, target.limit) : undefined;
  if (to.name === 'numeric') {
    const whole = wholeDigits(to);
    return whole !== undefined && whole < old ? overflow(from, to, `1${'0'.repeat(whole)} - 1`) : undefined;
  }
  const exactDigits = to.name === 'real' ? 6 : 15;
  return floats.has(to.name) && old > exactDigits ? { effect: 'cuts', why: `${to.text} keeps about ${exactDigits} digits` } : undefined;
}

function fromNumber(from: StatedType, to: StatedType): Narrowing | undefined {
  const integer = integers[to.name];
  if (integer) {
    const hasFraction = from.name !== 'numeric' || from.lengths.length === 0 || (from.lengths[1] ?? 0) > 0;
    return hasFraction
      ? { effect: 'cuts', why: `Fractions are rounded`, misfit: (column) => `${column} <> trunc(${column})` }
      : (wholeDigits(from) ?? 0) >= integer.digits
        ? overflow(from, to, integer.limit)
        : undefined;
  }
  if (floats.has(to.name)) {
    if (from.name === to.name || from.name === 'real') return undefined;
    const exactDigits = to.name === 'real' ? 6 : 15;
    const digits = from.name === 'numeric' ? from.lengths[0] : undefined;
    return digits !== undefined && digits <= exactDigits
      ? undefined
      : { effect: 'cuts', why: `${to.text} keeps about ${exactDigits} digits` };
  }
  if (to.name !== 'numeric' || to.lengths.length === 0) return undefined;
  const scale = to.lengths[1] ?? 0;
  const oldScale = from.name === 'numeric' && from.lengths.length > 0 ? (from.lengths[1] ?? 0) : undefined;
  if (oldScale === undefined || scale < oldScale) {
    return {
      effect: 'cuts',
      why: `Values are rounded to ${scale} decimal places`,
      misfit: (column) => `${column} <> round(${column}::numeric, ${scale})`,
    };
  }
  const whole = wholeDigits(to) ?? 0;
  const oldWhole = wholeDigits(from);
  return oldWhole !== undefined && oldWhole <= whole ? undefined : overflow(from, to, `1${'0'.repeat(whole)} - 1`);
}

/** Digits before the decimal point; undefined where there is no limit. */
function wholeDigits({ lengths: [precision, scale = 0] }: StatedType): number | undefined {
  return precision === undefined ? undefined : precision - scale;
}

function overflow(from: StatedType, to: StatedType, limit: string): Narrowing {
  return {
    effect: 'stops',
    why: `${from.text} can contain numbers that are out of range for ${to.text}`,
    misfit: (column) => `abs(${column}) > ${limit}`,
  };
}

function fromTime(from: StatedType, to: StatedType): Narrowing | undefined {
  const isMoment = /^timestamp/.test(from.name);
  if (isMoment && to.name === 'date') return { effect: 'cuts', why: 'The time of day is dropped' };
  if (isMoment && /^time(?:tz)?$/.test(to.name)) return { effect: 'cuts', why: 'The date is dropped' };
  const digits = to.lengths[0] ?? 6;
  if (!/^time/.test(to.name) || digits >= (from.lengths[0] ?? 6)) return undefined;
  return { effect: 'cuts', why: `Fractions of a second are rounded to ${digits} digits` };
}
