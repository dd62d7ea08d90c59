/** What conventional names of indexes and constraints say of the table and the columns that they are for. */

const prefixes = /^(?:index|idx|ix|i|uq|uk|uix|unique|un|fk|pk|ck|chk|check)_/i;
const suffixes =
  /_(?:idx|index|ix|key|uniq|unique|uq|uk|fkey|fk|foreign|pkey|pk|check|chk|ck|not_null|notnull|nn|excl|not_valid|new|old|tmp|ccnew)\d*$/i;

/** The name without the words that only say what it is the name of. */
function core(name: string): string {
  let rest = name.replace(prefixes, '');
  for (let before = ''; before !== rest;) {
    before = rest;
    rest = rest.replace(suffixes, '');
  }
  return rest;
}

/**
 * The columns that an index or constraint of a table is for: known columns that its name is made of, otherwise the rest of
 * the name as one column; empty when nothing is left.
 */
export function columnsInName(name: string, table: string, known: ReadonlySet<string>): string[] {
  const rest = withoutTable(core(name), table);
  return segments(rest, known) ?? (/^[a-z][a-z0-9_]*$/i.test(rest) && rest !== core(table) ? [rest] : []);
}

/** As `columnsInName`, but only columns that are known. */
export function knownColumnsInName(name: string, table: string, known: ReadonlySet<string>): string[] {
  const rest = withoutTable(core(name), table);
  const whole = segments(rest, known);
  if (whole) return whole;
  const inside = [...known].filter((column) => `_${rest}_`.includes(`_${column}_`)).sort((a, b) => b.length - a.length);
  return inside.slice(0, 1);
}

function withoutTable(rest: string, table: string): string {
  for (const form of [table, singular(table)]) {
    if (rest === form) return '';
    if (rest.startsWith(`${form}_`)) return rest.slice(form.length + 1).replace(/^on_/, '');
  }
  return rest;
}

/** The text as a row of known columns with `_` or `_and_` between them. */
function segments(rest: string, known: ReadonlySet<string>): string[] | undefined {
  if (rest === '') return [];
  for (const column of [...known].sort((a, b) => b.length - a.length)) {
    if (rest === column) return [column];
    if (!rest.startsWith(`${column}_`)) continue;
    const more = segments(rest.slice(column.length + 1).replace(/^and_/, ''), known);
    if (more && more.length > 0) return [column, ...more];
  }
  return undefined;
}

/** The table that an index is most likely of: the longest known one whose name its own holds, or one that its name begins with. */
export function tableInName(name: string, known: readonly string[]): string {
  const inner = `_${name.replace(prefixes, '')}_`;
  const held = known.filter((table) => inner.includes(`_${table}_`) || inner.startsWith(`_${singular(table)}_`));
  const [longest] = held.sort((a, b) => b.length - a.length);
  if (longest !== undefined) return longest;
  const rest = core(name);
  const [before = '', after] = rest.split('_on_');
  const table = after === undefined ? (rest.split('_')[0] ?? '') : before;
  return /^[a-z][a-z0-9_]*$/i.test(table) && table !== name ? table : `${name}_table`;
}

/** The table that a foreign key of such a column refers to by convention: `customer_id` to `customers`. */
export function referencedTable(column: string): string {
  const base = column.replace(/_?(?:id|uuid|key)$/i, '') || column;
  if (/(?:s|x|z|ch|sh)$/.test(base)) return `${base}es`;
  return /[^aeiou]y$/.test(base) ? `${base.slice(0, -1)}ies` : `${base}s`;
}

function singular(table: string): string {
  if (/ies$/.test(table)) return `${table.slice(0, -3)}y`;
  return table.replace(/(?:(?<=s|x|z|ch|sh)e)?s$/, '');
}
