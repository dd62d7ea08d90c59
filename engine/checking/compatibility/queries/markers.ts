import { Lexer } from '../../../databases/postgresql/sql/lexer';
import type { PlaceholderStyle, Spread } from './placeholders';

/** What a comment before a statement says of it. */
interface Marker {
  readonly name: string;
  /** Parameters that are declared to be lists. */
  readonly spreads: ReadonlyMap<string, Spread>;
  /** How parameters may be written, where the marker tells; `$1` alone for what this tool wrote. */
  readonly styles: ReadonlySet<PlaceholderStyle> | undefined;
}

/** After so many quotes that never end, the text is no SQL. */
const maxUnclosed = 20;

const noSpreads: ReadonlyMap<string, Spread> = new Map();

/** The marker in a text of comments: the last one, where there are several. */
export function markerIn(lead: string): Marker | undefined {
  let found: Marker | undefined;
  for (const { start, end } of comments(lead)) {
    const comment = lead.slice(start, end);
    const marker = readMarker(comment);
    if (marker) found = marker;
    else if (found && /^--\s*from:/.test(comment)) found = { ...found, styles: new Set() };
  }
  return found;
}

/** Offsets of the comments that name the statement after them. A statement ends there, with or without semicolon. */
export function markerOffsets(text: string): number[] {
  return comments(text)
    .filter(({ start, end }) => readMarker(text.slice(start, end)) !== undefined)
    .map(({ start }) => start);
}

function readMarker(comment: string): Marker | undefined {
  if (comment.startsWith('/*')) {
    const name = /@name\s+(\w+)/.exec(comment)?.[1];
    if (name !== undefined) return { name, spreads: readSpreads(comment), styles: new Set<PlaceholderStyle>(['colon', 'required']) };
    return plainMarker(/^\/\*\s*name\s*:\s*([^\s(]+)/i.exec(comment)?.[1]);
  }
  const dashed = /^--+\s*:name\s+([^\s(]+)/.exec(comment)?.[1];
  if (dashed !== undefined) return { name: dashed, spreads: noSpreads, styles: new Set<PlaceholderStyle>(['colon', 'dashed']) };
  return plainMarker(/^--(?:!\s*(?=[A-Za-z_])|\s*name\s*:\s*)(\w[^\s(]*)/i.exec(comment)?.[1]);
}

function plainMarker(word: string | undefined): Marker | undefined {
  const name = word?.replace(/(?:<!|\*!|[!^$#?])$/, '');
  return name ? { name, spreads: noSpreads, styles: undefined } : undefined;
}

/** `@param ids -> (...)` and `@param rows -> ((a, b)...)`. */
function readSpreads(comment: string): ReadonlyMap<string, Spread> {
  const spreads = new Map<string, Spread>();
  for (const [, name = '', list = ''] of comment.matchAll(/@param\s+(\w+)\s*->\s*(\([\s\w,.!()]*\))/g)) {
    spreads.set(name, list.match(/[A-Za-z_]\w*/g) ?? []);
  }
  return spreads;
}

function comments(text: string): { start: number; end: number }[] {
  const lexer = new Lexer(text);
  const found: { start: number; end: number }[] = [];
  let at = 0;
  let unclosed = 0;
  while (unclosed < maxUnclosed && lexer.read(at, text.length)) {
    const { kind, start, end, closed } = lexer;
    if (!closed) unclosed++;
    if (kind === 'line-comment' || (kind === 'comment' && closed)) found.push({ start, end });
    // What never ends is taken for a forgotten mark, so that the markers after it still count.
    at = closed ? end : start + 1;
  }
  return found;
}
