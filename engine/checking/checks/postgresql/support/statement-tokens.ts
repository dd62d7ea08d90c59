import type { TextRange } from '../../../../core/text';
import { Lexer, type TokenKind } from '../../../../databases/postgresql/sql/lexer';
import type { ParsedStatement } from '../../../../databases/postgresql/sql/statement';

/** A token of a statement; white space and comments are none. */
export interface Token extends TextRange {
  readonly kind: TokenKind;
  readonly text: string;
  /** How many parentheses are open around it; a parenthesis has the depth of what is outside it. */
  readonly depth: number;
}

const cache = new WeakMap<ParsedStatement, readonly Token[]>();

/** The tokens of a statement, in document offsets. */
export function tokensOf(statement: ParsedStatement): readonly Token[] {
  const cached = cache.get(statement);
  if (cached) return cached;
  const tokens: Token[] = [];
  const lexer = new Lexer(statement.text);
  let depth = 0;
  for (let at = 0; lexer.read(at, statement.text.length); at = lexer.end) {
    const { kind, start, end } = lexer;
    if (kind === 'space' || kind === 'comment' || kind === 'line-comment') continue;
    if (kind === 'close') depth--;
    tokens.push({ kind, text: statement.text.slice(start, end), depth, start: statement.start + start, end: statement.start + end });
    if (kind === 'open') depth++;
  }
  cache.set(statement, tokens);
  return tokens;
}

/** The name that a token stands for, folded as the server folds it but not cut; undefined for what is no name. */
export function nameOf({ kind, text }: Token): string | undefined {
  if (kind === 'word') return text.toLowerCase();
  if (kind !== 'quoted-name' || !text.startsWith('"')) return undefined;
  return text.slice(1, -1).replaceAll('""', '"');
}

/** Where a name first stands in the statement, from a document offset on. */
export function nameIn(statement: ParsedStatement, name: string, from = statement.start): Token | undefined {
  return tokensOf(statement).find((token) => token.start >= from && nameOf(token) === name);
}

/** An element of a comma-separated list, and the comma before it. */
export interface ListItem extends TextRange {
  readonly text: string;
  readonly comma: Token | undefined;
}

/**
 * The comma-separated list that holds the token at `offset`: inside its parentheses, or up to a word that ends a list
 * (FROM, WHERE, RETURNING) where none are around it. Undefined where no token stands there.
 */
export function listAround(statement: ParsedStatement, offset: number, text: string): readonly ListItem[] | undefined {
  const tokens = tokensOf(statement);
  const at = tokens.findIndex((token) => token.start <= offset && offset < token.end);
  const depth = tokens[at]?.depth;
  if (depth === undefined) return undefined;
  let first = at;
  while (first > 0 && !opensList(tokens[first - 1], depth)) first--;
  const items: ListItem[] = [];
  let itemStart = first;
  let comma: Token | undefined;
  for (let each = first; each <= tokens.length; each++) {
    const token = tokens[each];
    const ends = !token || token.depth < depth || endsList(token, depth);
    const isComma = token?.text === ',' && token.depth === depth;
    if (!ends && !isComma) continue;
    const start = tokens[itemStart]?.start;
    const end = tokens[each - 1]?.end;
    if (start !== undefined && end !== undefined && each > itemStart) items.push({ start, end, text: text.slice(start, end), comma });
    if (ends) break;
    comma = token;
    itemStart = each + 1;
  }
  return items;
}

function opensList(token: Token | undefined, depth: number): boolean {
  if (!token || token.depth < depth) return true;
  return depth === 0 && token.kind === 'word' && token.depth === depth && /^set$/i.test(token.text);
}

function endsList(token: Token, depth: number): boolean {
  return token.kind === 'word' && token.depth === depth && /^(?:from|where|returning)$/i.test(token.text);
}
