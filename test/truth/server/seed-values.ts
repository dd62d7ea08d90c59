/** A column as the seeder needs to know it; domains are resolved to what they are over. */
export interface Column {
  readonly name: string;
  readonly quoted: string;
  /** `pg_type.typname` of the base type, of the elements where it is an array. */
  readonly type: string;
  readonly category: string;
  readonly isArray: boolean;
  readonly modifier: number;
  readonly labels: readonly string[];
  readonly notNull: boolean;
  readonly hasDefault: boolean;
  readonly isSerial: boolean;
}

/** The text of a value for row 1, 2, ...; another one for each row where the type has so many. */
export function valueFor(column: Column, row: number): string | null {
  const value = plainValue(column, row);
  if (!column.isArray || value === null) return value;
  return `{"${value.replace(/(["\\])/g, '\\$1')}"}`;
}

function plainValue(column: Column, row: number): string | null {
  const { type, category, labels, modifier } = column;
  if (labels.length > 0) return labels[(row - 1) % labels.length] ?? null;
  if (type in byType) return byType[type]?.(row, column) ?? null;
  if (category === 'S') return textFor(column.name, row, modifier < 4 ? Infinity : modifier - 4);
  if (category === 'N') return String(column.isSerial ? 1000 + row : row);
  if (category === 'D') return `2024-01-0${row} 00:00:00`;
  return null;
}

const digits = (row: number) => `00000000-0000-4000-8000-00000000000${row}`;

const byType: Readonly<Record<string, (row: number, column: Column) => string>> = {
  bool: (row) => (row % 2 === 1 ? 'true' : 'false'),
  uuid: digits,
  json: (row) => `{"n": ${row}}`,
  jsonb: (row) => `{"n": ${row}}`,
  jsonpath: () => '$',
  bytea: (row) => `\\x0${row}`,
  date: (row) => `2024-01-0${row}`,
  time: (row) => `00:00:0${row}`,
  timetz: (row) => `00:00:0${row}+00`,
  interval: (row) => `${row} hours`,
  inet: (row) => `10.0.0.${row}`,
  cidr: (row) => `10.0.${row}.0/24`,
  macaddr: (row) => `08:00:2b:01:02:0${row}`,
  macaddr8: (row) => `08:00:2b:01:02:03:04:0${row}`,
  tsvector: (row) => `word${row}`,
  tsquery: (row) => `word${row}`,
  xml: (row) => `<n>${row}</n>`,
  point: (row) => `(${row},${row})`,
  box: (row) => `(${row},${row}),(0,0)`,
  circle: (row) => `<(0,0),${row}>`,
  hstore: (row) => `n=>${row}`,
  ltree: (row) => `n${row}`,
  bit: (row, { modifier }) => String(row % 2).repeat(Math.max(1, modifier)),
  varbit: (row) => row.toString(2),
  regclass: () => 'pg_class',
  regproc: () => 'now',
  pg_lsn: (row) => `0/${row}`,
  int4range: (row) => `[${row},${row + 1})`,
  int8range: (row) => `[${row},${row + 1})`,
  numrange: (row) => `[${row},${row + 1})`,
  daterange: (row) => `[2024-01-0${row},2024-01-0${row + 1})`,
  tsrange: (row) => `[2024-01-0${row},2024-01-0${row + 1})`,
  tstzrange: (row) => `[2024-01-0${row},2024-01-0${row + 1})`,
  numeric: (row, { modifier }) => {
    const scale = modifier < 4 ? 0 : (modifier - 4) & 0x7ff;
    const whole = modifier < 4 ? 9 : ((modifier - 4) >> 16) - scale;
    return whole > 0 ? String(row) : `0.${'0'.repeat(Math.max(0, scale - 1))}${row}`;
  },
};

/** What people keep in a text column of such a name. */
function textFor(name: string, row: number, longest: number): string {
  const fitting = [
    ...(/(?:^|_)(?:uu|gu)?id$|Id$|uuid/.test(name) ? [digits(row)] : []),
    ...(/email/i.test(name) ? [`r${row}@example.org`] : []),
    ...(/url|link|website/i.test(name) ? [`https://example.org/${row}`] : []),
    ...(/json|config|settings|metadata|payload|options/i.test(name) ? [`{"n": ${row}}`] : []),
    ...(/_at$|At$|date|time/i.test(name) ? [`2024-01-0${row} 00:00:00`] : []),
    ...(/count|size|number|amount|total|version|port/i.test(name) ? [String(row)] : []),
    `value ${row}`,
    `r${row}`,
  ];
  return fitting.find((text) => text.length <= longest) ?? String(row);
}

/** Values of conditions that a column may take, and their neighbours. */
export function candidatesFor(column: Column, conditions: readonly string[]): string[] {
  if (column.isArray) return ['{}'];
  if (column.labels.length > 0) return [...column.labels];
  const literals = conditions.flatMap((each) => [...each.matchAll(/'((?:[^']|'')*)'/g)].map(([, text = '']) => text.replaceAll("''", "'")));
  const numbers = conditions.flatMap((each) => (each.replace(/'(?:[^']|'')*'/g, '').match(/(?<![\w.])\d+(?:\.\d+)?/g) ?? []).map(Number));
  if (column.category === 'N') return [...new Set([0, ...numbers.flatMap((number) => [number, number + 1, number - 1])])].map(String);
  if (column.category === 'B') return ['true', 'false'];
  if (column.category === 'D') return literals.filter((text) => /^\d{4}-/.test(text));
  if (column.category === 'S') {
    const ofLength = numbers.filter((number) => number > 0 && number <= 256).map((number) => 'a'.repeat(number));
    return [...new Set([...literals, ...ofLength, 'a', 'A1', '1', ''])];
  }
  return /^jsonb?$/.test(column.type) ? ['{}', '[]', ...literals] : [];
}
