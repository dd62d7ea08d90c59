import { piecesOf } from '../../../../databases/postgresql/catalogue/cosmetic';

/** What may follow a table where it has no alias. */
const afterTable = new Set(
  (
    'as cross default except fetch for from full group having inner intersect into join left limit loop natural offset on order overriding ' +
    'returning right select set tablesample union using values when where window with'
  ).split(' '),
);

const isName = (piece: string | undefined): piece is string => piece !== undefined && /^(?:"|[\p{L}_])/u.test(piece);

/** True when two bodies differ only in the aliases of tables and in how columns are qualified by them. */
export function sameButAliases(before: string | undefined, after: string | undefined): boolean {
  return before !== undefined && after !== undefined && withoutAliases(before) === withoutAliases(after);
}

/** A body with tables' names in place of their aliases, and no qualification where a statement reads one table alone. */
function withoutAliases(body: string): string {
  const statements: string[][] = [[]];
  for (const piece of piecesOf(body)) {
    statements.at(-1)?.push(piece);
    if (piece === ';') statements.push([]);
  }
  return statements.flatMap(resolved).join(' ');
}

function resolved(pieces: readonly string[]): readonly string[] {
  const lower = pieces.map((piece) => piece.toLowerCase());
  const tables = lower.flatMap((piece, index) => (/^(?:from|join)$/.test(piece) ? [tableAt(pieces, lower, index + 1)] : []));
  if (tables.some((table) => table === undefined) || lower.includes('using')) return pieces;
  if (new Set(tables.map((table) => table?.name)).size < tables.length) return pieces;
  // An UPDATE has columns of its own table beside those that it reads.
  const isAlone = tables.length === 1 && !lower.includes('update') && !lower.includes('merge');
  let result = [...pieces];
  for (const table of [...tables].reverse()) {
    if (table === undefined) continue;
    const { name, alias, aliasAt, end } = table;
    const known = alias ?? name;
    const uses = result.flatMap((piece, index) => (piece === known && index !== aliasAt ? [index] : []));
    if (
      alias !== undefined &&
      (name === alias || uses.length === 0 || uses.some((index) => result[index + 1] !== '.' || result[index - 1] === '.'))
    )
      return pieces;
    result = result.map((piece, index) => (alias !== undefined && uses.includes(index) ? name : piece));
    if (alias !== undefined) result.splice(end, aliasAt - end + 1);
    if (isAlone) result = result.flatMap((piece, index) => (isQualifier(result, index, name) ? [] : [piece]));
  }
  return result;
}

/** The name before a column's dot, and the dot. */
function isQualifier(pieces: readonly string[], index: number, name: string): boolean {
  const at = pieces[index] === '.' ? index - 1 : index;
  return pieces[at] === name && pieces[at + 1] === '.' && pieces[at - 1] !== '.';
}

interface ReadTable {
  readonly name: string;
  readonly alias: string | undefined;
  readonly aliasAt: number;
  /** The place after the name. */
  readonly end: number;
}

/** Undefined for what is not a plain table, or more than one. */
function tableAt(pieces: readonly string[], lower: readonly string[], start: number): ReadTable | undefined {
  let end = start;
  while (isName(pieces[end]) && pieces[end + 1] === '.') end += 2;
  const name = pieces[end];
  if (!isName(name)) return undefined;
  end++;
  const aliasAt = lower[end] === 'as' ? end + 1 : end;
  const alias = pieces[aliasAt];
  const hasAlias = isName(alias) && !afterTable.has(alias.toLowerCase());
  const next = pieces[hasAlias ? aliasAt + 1 : end];
  if (next === ',' || next === '(') return undefined;
  return { name, alias: hasAlias ? alias : undefined, aliasAt, end };
}

const cast = /::(?:"[^"]+"|[a-z_][\w.]*)(?: varying| precision| with(?:out)? time zone)?(?:\([\d, ]+\))?(?:\[\])*/gi;

/** True when two definitions differ only in casts. */
export function sameButCasts(before: string | undefined, after: string | undefined): boolean {
  const text = (definition: string | undefined) => definition?.replace(cast, '').replace(/(?<![\w"])\(("[^"]+"|\w+)\)/g, '$1');
  return before !== after && text(before) === text(after);
}
