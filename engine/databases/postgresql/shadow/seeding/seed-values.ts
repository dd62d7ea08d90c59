/** A type as far as values are made for it. */
export interface ValueType {
  /** `pg_type.typname`. */
  readonly name: string;
  /** The type as it stands in SQL, without a modifier. */
  readonly sqlName: string;
  /** `pg_type.typtype`: b base, e enum, d domain, c composite, r range, m multirange. */
  readonly kind: string;
  /** `pg_type.typcategory`: S string, N numeric, D date and time, ... */
  readonly category: string;
  /** The type modifier that a domain gives to its base type; -1 for none. */
  readonly typmod: number;
  /** The type of an array's elements, below a domain, of a range's bounds, or of a multirange's ranges. */
  readonly inner?: ValueType;
  readonly labels: readonly string[];
  readonly fields: readonly { readonly type: ValueType; readonly typmod: number }[];
  /** The conditions of a domain, with `VALUE` for the value. */
  readonly checks: readonly string[];
  readonly notNull: boolean;
}

/** What strings look like. Conditions and functions of a schema often accept one form only. */
export const textStyles = ['word', 'digits', 'version', 'email', 'url', 'date', 'letter', 'json', 'colour', 'uuid'] as const;
export type TextStyle = (typeof textStyles)[number];

interface ValueWish {
  /** Values of different variants differ, where the type has so many. Counted from 1. */
  readonly variant: number;
  /** Strings and numbers near the limits of their type, so that a narrower type cannot take them. */
  readonly filling: boolean;
  readonly style: TextStyle;
  /** Small numbers, and times of the past. */
  readonly plain?: boolean;
}

/** Length of strings in columns without a limit of their own: more than the usual `varchar(255)` takes. */
const longText = 300;
const longestFilled = 1_000;

/**
 * A value in the server's input syntax for the type, not quoted. Undefined for a type of which no value is known.
 * Numbers are high and odd, so that rows of scripts rarely collide with them.
 */
export function valueOf(type: ValueType, typmod: number, wish: ValueWish): string | undefined {
  switch (type.kind) {
    case 'd':
      return type.inner && valueOf(type.inner, type.typmod, wish);
    case 'e':
      return type.labels.length === 0 ? undefined : type.labels[(wish.variant - 1) % type.labels.length];
    case 'c':
      return compositeValue(type, wish);
    case 'r':
      return rangeValue(type, wish);
    case 'm': {
      const range = type.inner && valueOf(type.inner, -1, wish);
      return range === undefined ? undefined : `{${range}}`;
    }
    default:
      return type.category === 'A' && type.inner ? arrayValue(type.inner, typmod, wish) : baseValue(type, typmod, wish);
  }
}

/** The base type below all domains, with its type modifier. */
export function withoutDomains(type: ValueType, typmod: number): { readonly type: ValueType; readonly typmod: number } {
  return type.kind === 'd' && type.inner ? withoutDomains(type.inner, type.typmod) : { type, typmod };
}

/** The number of characters that a type allows, or undefined. */
function characterLimit(type: ValueType, typmod: number): number | undefined {
  if (type.name === 'name') return 63;
  if (type.name === 'char') return 1;
  return (type.name === 'varchar' || type.name === 'bpchar') && typmod >= 4 ? typmod - 4 : undefined;
}

function compositeValue(type: ValueType, wish: ValueWish): string {
  const fields = type.fields.map((field) => {
    const value = valueOf(field.type, field.typmod, wish);
    return value === undefined ? '' : quoteElement(value);
  });
  return `(${fields.join(',')})`;
}

function rangeValue(type: ValueType, wish: ValueWish): string | undefined {
  const inner = type.inner;
  if (!inner) return undefined;
  const bound = valueOf(inner, -1, { ...wish, filling: false });
  return bound === undefined ? undefined : `[${quoteElement(bound)},${quoteElement(bound)}]`;
}

function arrayValue(element: ValueType, typmod: number, wish: ValueWish): string | undefined {
  const value = valueOf(element, typmod, { ...wish, filling: false });
  return value === undefined ? undefined : `{${quoteElement(value)}}`;
}

function quoteElement(value: string): string {
  return `"${value.replace(/(["\\])/g, '\\$1')}"`;
}

function baseValue(type: ValueType, typmod: number, wish: ValueWish): string | undefined {
  const { variant } = wish;
  if (wish.plain === true && isPlainNumber(type, typmod)) return String(variant);
  if (wish.plain === true && wish.style === 'digits' && type.category === 'S') return String(variant);
  const digit = variant % 10;
  const known = fixedValues[type.name]?.(variant, digit);
  if (known !== undefined) return wish.plain === true && /^(?:date|timestamp)/.test(type.name) ? known.replace(/^2031/, '2021') : known;
  switch (type.name) {
    case 'int8':
      return String((wish.filling ? 9_000_000_000 : 900_000) + variant);
    case 'numeric':
      return numericValue(typmod, wish);
    case 'bit':
      return (variant % 2 === 0 ? '10' : '01').repeat(Math.ceil(Math.max(1, typmod) / 2)).slice(0, Math.max(1, typmod));
    case 'varbit':
      return variant
        .toString(2)
        .padStart(typmod > 0 ? typmod : 8, '0')
        .slice(-Math.max(1, typmod > 0 ? typmod : 8));
    case 'vector':
    case 'halfvec':
      return `[${Array.from({ length: Math.max(1, typmod) }, (_, index) => (index === 0 ? variant : 1)).join(',')}]`;
    case 'sparsevec':
      return `{1:${variant}}/${Math.max(1, typmod)}`;
    default:
      // Of category m are stand-ins for types of extensions, which take any text.
      return type.category === 'S' || type.category === 'm' ? textValue(characterLimit(type, typmod), wish) : undefined;
  }
}

/** True for a type of numbers that can hold small whole ones. */
function isPlainNumber({ name }: ValueType, typmod: number): boolean {
  if (name === 'numeric' && typmod >= 4) return (typmod - 4) >> 16 > ((typmod - 4) & 0x7ff);
  return ['int2', 'int4', 'int8', 'numeric', 'float4', 'float8', 'money'].includes(name);
}

const fixedValues: Readonly<Record<string, (variant: number, digit: number) => string>> = {
  int2: (variant) => String(30_000 + variant),
  int4: (variant) => String(900_000 + variant),
  oid: (variant) => String(900_000 + variant),
  xid: (variant) => String(900_000 + variant),
  xid8: (variant) => String(900_000 + variant),
  cid: (variant) => String(900_000 + variant),
  float4: (variant) => `${9_000 + variant}.5`,
  float8: (variant) => `${900_000 + variant}.5`,
  money: (variant) => `${9_000 + variant}.25`,
  char: (variant) => String.fromCharCode(96 + (variant % 26)),
  bool: (variant) => (variant % 2 === 0 ? 'false' : 'true'),
  uuid: (variant) => `90000000-0000-4000-8000-${String(variant).padStart(12, '0')}`,
  bytea: (variant) => `\\x9000${variant.toString(16).padStart(4, '0')}`,
  json: (variant) => `{"row": ${variant}}`,
  jsonb: (variant) => `{"row": ${variant}}`,
  jsonpath: (variant) => `$."row${variant}"`,
  xml: (variant) => `<row>${variant}</row>`,
  date: (variant) => day(variant),
  timestamp: (variant) => `${day(variant)} 09:15:27.123456`,
  timestamptz: (variant) => `${day(variant)} 09:15:27.123456+00`,
  time: (_, digit) => `09:15:0${digit}.123456`,
  timetz: (_, digit) => `09:15:0${digit}.123456+00`,
  interval: (variant) => `${variant} days 03:04:05.678901`,
  inet: (variant) => `10.9.0.${variant % 250}`,
  cidr: (variant) => `10.9.${variant % 250}.0/24`,
  macaddr: (_, digit) => `08:00:2b:01:02:0${digit}`,
  macaddr8: (_, digit) => `08:00:2b:01:02:03:04:0${digit}`,
  point: (variant) => `(9,${variant})`,
  line: (variant) => `{1,-1,${variant}}`,
  lseg: (variant) => `[(0,0),(9,${variant})]`,
  box: (variant) => `(9,${variant}),(0,0)`,
  path: (variant) => `[(0,0),(9,${variant})]`,
  polygon: (variant) => `((0,0),(0,9),(9,${variant}))`,
  circle: (variant) => `<(0,0),${variant}>`,
  tsvector: (variant) => `'word${variant}':1`,
  tsquery: (variant) => `'word${variant}'`,
  tid: (variant) => `(0,${variant})`,
  pg_lsn: (variant) => `16/B374D84${variant % 10}`,
  txid_snapshot: (variant) => `${900_000 + variant}:${900_000 + variant}:`,
  pg_snapshot: (variant) => `${900_000 + variant}:${900_000 + variant}:`,
  regclass: () => 'pg_catalog.pg_class',
  regtype: () => 'pg_catalog.int4',
  regproc: () => 'pg_catalog.now',
  regprocedure: () => 'pg_catalog.now()',
  regnamespace: () => 'pg_catalog',
  regrole: () => 'pg_monitor',
  regconfig: () => 'pg_catalog.simple',
  regdictionary: () => 'pg_catalog.simple',
  regcollation: () => 'pg_catalog."C"',
  hstore: (variant) => `row=>${variant}`,
  ltree: (variant) => `top.row${variant}`,
  lquery: (variant) => `top.row${variant}`,
  ltxtquery: (variant) => `row${variant}`,
  cube: (variant) => `(9,${variant})`,
  seg: (variant) => `${variant} .. ${variant + 1}`,
  isbn: () => '978-0-393-04002-9',
  isbn13: () => '978-0-393-04002-9',
  ean13: () => '978-0-393-04002-9',
  issn: () => '1436-4522',
  query_int: (variant) => String(variant),
};

function day(variant: number): string {
  return new Date(Date.UTC(2031, 4, 10 + variant)).toISOString().slice(0, 10);
}

/** The type modifier holds precision and scale, the latter in eleven bits with a sign. */
function numericValue(typmod: number, { variant, filling }: ValueWish): string {
  if (typmod < 4) return `${900_000 + variant}.123456`;
  const precision = ((typmod - 4) >> 16) & 0xffff;
  const scale = (((typmod - 4) & 0x7ff) ^ 1024) - 1024;
  const whole = Math.min(precision - scale, filling ? 18 : 6);
  const start = whole <= 0 ? '0' : whole === 1 ? String(variant % 10) : String(9 * 10 ** (whole - 1) + variant);
  const zeros = scale < 0 ? '0'.repeat(-scale) : '';
  const fraction =
    scale > 0
      ? `.${(whole <= 0 ? `${'0'.repeat(Math.max(0, scale - precision))}${variant % 10}` : '').padEnd(Math.min(scale, 20), '1')}`
      : '';
  return `${scale < 0 ? start.slice(0, Math.max(1, precision)) : start}${zeros}${fraction.slice(0, scale + 1)}`;
}

function textValue(limit: number | undefined, { variant, filling, style }: ValueWish): string {
  const most = limit ?? (filling ? longText : 40);
  const text = styled[style](variant);
  if (text.length > most) return String(variant).padStart(most, 'r').slice(-most);
  if (!filling || style !== 'word') return text;
  return text.padEnd(Math.min(most, longestFilled), 'abcdefghij');
}

const styled: Readonly<Record<TextStyle, (variant: number) => string>> = {
  word: (variant) => `row${900_000 + variant}`,
  digits: (variant) => String(900_000 + variant),
  version: (variant) => `9.0.${variant}`,
  email: (variant) => `row${variant}@example.org`,
  url: (variant) => `https://example.org/row${variant}`,
  date: (variant) => day(variant),
  letter: (variant) => String.fromCharCode(96 + ((variant - 1) % 26) + 1),
  json: (variant) => `{"row": ${variant}}`,
  colour: (variant) => `#90000${variant % 10}`,
  uuid: (variant) => `90000000-0000-4000-8000-${String(variant).padStart(12, '0')}`,
};

/** The form that a column's name suggests. */
export function styleFor(column: string): TextStyle {
  if (/e_?mail/i.test(column)) return 'email';
  if (/ur[il]$|^ur[il]|link|website|homepage/i.test(column)) return 'url';
  if (/colou?r/i.test(column)) return 'colour';
  if (/uuid|guid/i.test(column)) return 'uuid';
  if (/version/i.test(column)) return 'version';
  return 'word';
}

/**
 * Values to try where a condition forbids the usual ones: what the condition itself mentions, its numbers and their
 * neighbours, strings of the lengths that it names, and strings of other forms.
 * @param conditions SQL of the conditions on the column
 */
export function candidatesFor(type: ValueType, typmod: number, conditions: readonly string[], column: string): string[] {
  const base = withoutDomains(type, typmod);
  const wish = (variant: number): ValueWish => ({ variant, filling: false, style: styleFor(column) });
  const found: (string | undefined)[] = [1, 2, 3].map((variant) => valueOf(type, typmod, wish(variant)));
  const text = conditions.join(' ');
  const strings = [...text.matchAll(/'((?:[^']|'')*)'/g)].map((match) => (match[1] ?? '').replaceAll("''", "'"));
  const numbers = [...text.replace(/'(?:[^']|'')*'/g, "''").matchAll(/(?<![\w."])-?\d+(?:\.\d+)?(?![\w"])/g)].map((match) =>
    Number(match[0]),
  );
  const limit = characterLimit(base.type, base.typmod);
  switch (base.type.category) {
    case 'S': {
      const lengths = numbers.filter((each) => Number.isInteger(each) && each > 0 && each <= longestFilled);
      found.push(...strings, ...lengths.flatMap((length) => [1, 2, 3].map((variant) => textOfLength(length, variant))));
      for (const style of textStyles)
        for (const variant of [1, 2, 3]) found.push(valueOf(type, typmod, { variant, filling: false, style }));
      found.push('US', 'USD', 'en', '', 'A', 'ABC123', 'a-b', '+4930901234', '0'.repeat(40), 'a1'.repeat(32));
      return distinct(found).filter((each) => limit === undefined || each.length <= limit);
    }
    case 'N':
      for (const number of [...numbers, ...strings.map(Number).filter(Number.isFinite)]) found.push(...around(number, base.type.name));
      found.push('1', '2', '3', '0', '-1', '100');
      return distinct(found);
    case 'D':
      found.push(...strings.flatMap((each) => [each, ...neighbours(each)]));
      return distinct(found.filter((each) => each !== undefined && /\d|infinity/.test(each)));
    case 'B':
      return ['true', 'false'];
    case 'E':
      return [...base.type.labels];
    case 'A':
      found.push('{}', ...strings.filter((each) => each.startsWith('{')));
      if (base.type.inner?.category === 'S' || base.type.inner?.category === 'E')
        found.push(...strings.map((each) => `{${quoteElement(each)}}`));
      return distinct(found);
    default:
      if (/^jsonb?$/.test(base.type.name)) found.push('{}', '[]', '1', '"row"', ...strings.map((each) => `{${JSON.stringify(each)}: 1}`));
      else if (base.type.name === 'bytea')
        found.push(
          ...numbers
            .filter((each) => each > 0 && each <= longestFilled)
            .flatMap((each) => [1, 2, 3].map((v) => `\\x${v.toString(16).padStart(2, '0').repeat(each)}`)),
        );
      return distinct(found);
  }
}

function around(number: number, type: string): string[] {
  const values = [number, number + 1, number - 1];
  if (!/^int|^oid$/.test(type)) values.push(number + 0.5, number / 2);
  return values.filter((each) => !/^int/.test(type) || Number.isInteger(each)).map(String);
}

/** The days before and after a date. */
function neighbours(text: string): string[] {
  const time = Date.parse(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text.replace(' ', 'T'));
  if (Number.isNaN(time)) return [];
  return [1, -1].map((days) => new Date(time + days * 86_400_000).toISOString().slice(0, 10));
}

function textOfLength(length: number, variant: number): string {
  return String(variant).padStart(length, 'r').slice(-length);
}

function distinct(values: readonly (string | undefined)[]): string[] {
  return [...new Set(values.filter((each) => each !== undefined))];
}
