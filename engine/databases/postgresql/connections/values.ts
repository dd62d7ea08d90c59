import pg from 'pg';

/**
 * How values travel, the same over every driver: booleans, numbers (int2, int4, oid, float4, float8), int8 as a number when
 * it is exact and as text when it is not, json parsed, bytea as bytes, arrays of those as arrays.
 * Everything else (numeric, dates, times, uuid, ...) stays the server's text, so that nothing is lost.
 */
export function decodeValue(text: string, type: number): unknown {
  const element = arrayElements[type];
  if (element === undefined) return decodeScalar(text, type);
  return decodeArray(parse(textArray, text), element);
}

/** A parameter as the text that the server reads; bytes stay bytes. Arrays become array literals, other objects JSON. */
export function encodeParameter(value: unknown): string | Uint8Array | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || value instanceof Uint8Array) return value;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return arrayLiteral(value);
  if (typeof value === 'object') return JSON.stringify(value);
  return String(value as number | bigint | boolean);
}

/** Bytes as a bytea literal's text. */
export function bytesAsText(bytes: Uint8Array): string {
  return `\\x${Buffer.from(bytes).toString('hex')}`;
}

const textArray = 1009;
const types = { bool: 16, bytea: 17, int8: 20, int2: 21, int4: 23, text: 25, oid: 26, json: 114, float4: 700, float8: 701, jsonb: 3802 };

/** Array type to element type. */
const arrayElements: Readonly<Record<number, number>> = {
  1000: types.bool,
  1005: types.int2,
  1007: types.int4,
  1016: types.int8,
  1028: types.oid,
  1021: types.float4,
  1022: types.float8,
  1002: types.text,
  1003: types.text,
  [textArray]: types.text,
  1015: types.text,
  1231: types.text,
  2951: types.text,
  199: types.json,
  3807: types.jsonb,
};

/** The client library's own conversion; its declaration leaves array types out. */
function parse(type: number, text: string): unknown {
  return (pg.types.getTypeParser as (type: number) => (text: string) => unknown)(type)(text);
}

function decodeScalar(text: string, type: number): unknown {
  switch (type) {
    case types.bool:
      return text === 't';
    case types.int2:
    case types.int4:
    case types.oid:
    case types.float4:
    case types.float8:
      return Number(text);
    case types.int8: {
      const number = Number(text);
      return Number.isSafeInteger(number) ? number : text;
    }
    case types.json:
    case types.jsonb:
      return JSON.parse(text) as unknown;
    case types.bytea:
      return new Uint8Array(parse(types.bytea, text) as Buffer);
    default:
      return text;
  }
}

function decodeArray(value: unknown, element: number): unknown {
  if (Array.isArray(value)) return value.map((item) => decodeArray(item, element));
  return typeof value === 'string' ? decodeScalar(value, element) : null;
}

function arrayLiteral(values: readonly unknown[]): string {
  const items = values.map((value) => {
    if (Array.isArray(value)) return arrayLiteral(value);
    const encoded = encodeParameter(value);
    if (encoded === null) return 'NULL';
    const text = typeof encoded === 'string' ? encoded : bytesAsText(encoded);
    return `"${text.replace(/[\\"]/g, (character) => `\\${character}`)}"`;
  });
  return `{${items.join(',')}}`;
}
