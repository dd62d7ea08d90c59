/** Comparing the part of a migration's name that orders it. Every function returns a negative number, 0 or a positive one. */

/** Digits by value, of any length: `2` before `010`. */
export function compareNumbers(a: string, b: string): number {
  const left = BigInt(a === '' ? '0' : a);
  const right = BigInt(b === '' ? '0' : b);
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Flyway's versions: parts between `.` or `_` by value, missing parts are 0, so that `1_1` equals `1.1` and `1.10` follows `1.9`. */
export function compareParts(a: string, b: string): number {
  const left = a.split(/[._]/);
  const right = b.split(/[._]/);
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const order = compareNumbers(left[i] ?? '0', right[i] ?? '0');
    if (order !== 0) return order;
  }
  return 0;
}

/** Versions of files in folders that are versions, `0.19/00`: by folder, then by file; dates and times part by part. */
export function comparePaths(a: string, b: string): number {
  const left = a.split('/');
  const right = b.split('/');
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const order = compareParts(partsOf(left[i]), partsOf(right[i]));
    if (order !== 0) return order;
  }
  return 0;
}

/** The same text for such versions that are equal. */
export function pathKey(version: string): string {
  return version
    .split('/')
    .map((part) => partsKey(partsOf(part)))
    .join('/');
}

function partsOf(version: string | undefined): string {
  return (version ?? '').replaceAll('-', '.');
}

/** The same text for digits of the same value. */
export function numberKey(digits: string): string {
  return digits.replace(/^0+(?=\d)/, '');
}

/** The same text for Flyway versions that are equal. */
export function partsKey(version: string): string {
  return version
    .split(/[._]/)
    .map(numberKey)
    .join('.')
    .replace(/(\.0)+$/, '');
}

export const largestUint64 = 18446744073709551615n;
export const largestInt64 = 9223372036854775807n;
