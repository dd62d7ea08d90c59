import type { ProbeOutcome } from '../../../databases/observation';

/** Types whose values look the same to a client. */
const alike: readonly ReadonlySet<string>[] = [new Set(['text', 'character varying', 'name', 'citext'])];

/** Types that take everything that an earlier one in the list takes, for parameters. */
const widening: readonly (readonly string[])[] = [
  ['smallint', 'integer', 'bigint', 'numeric'],
  ['real', 'double precision'],
];

/**
 * What a client that was built for the first outcome meets in the second: columns that are gone, renamed, moved or of another
 * type, and parameters of a type that may refuse what it sends. Columns that come at the end are no difference.
 * The end of a sentence that begins with the query; undefined when nothing matters.
 */
export function shapeChange(before: ProbeOutcome, after: ProbeOutcome): string | undefined {
  for (const [index, column] of before.columns.entries()) {
    const now = after.columns[index];
    if (!now || now.name !== column.name) {
      const moved = after.columns.some(({ name }) => name === column.name);
      return moved ? `returns the column ${column.name} in a different position` : `no longer returns the column ${column.name}`;
    }
    if (!isSame(column.type, now.type)) return `returns ${column.name} as ${now.type} instead of ${column.type}`;
  }
  for (const [index, type] of before.parameters.entries()) {
    const now = after.parameters[index];
    if (now !== undefined && !isSame(type, now) && !takes(now, type)) return `takes parameter $${index + 1} as ${now} instead of ${type}`;
  }
  return undefined;
}

function isSame(one: string, other: string): boolean {
  return one === other || alike.some((types) => types.has(one) && types.has(other));
}

function takes(wide: string, narrow: string): boolean {
  return widening.some((types) => types.includes(narrow) && types.indexOf(wide) >= types.indexOf(narrow));
}
