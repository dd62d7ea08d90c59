/**
 * The lexical rules of PostgreSQL (manual, chapter 4.1; the server's scan.l), as far as they decide where a token ends.
 * `standard_conforming_strings` is taken to be on, the server's default since 9.1.
 */
export type TokenKind =
  | 'space'
  | 'line-comment'
  | 'comment'
  | 'string'
  | 'quoted-name'
  | 'dollar-quote'
  | 'word'
  | 'number'
  | 'backslash'
  | 'semicolon'
  | 'open'
  | 'close'
  | 'other';

const quote = 39;
const doubleQuote = 34;
const dollar = 36;
const backslash = 92;
const star = 42;
const slash = 47;
const minus = 45;

/** Reads one token at a time. The fields describe the token that `read` found last. */
export class Lexer {
  kind: TokenKind = 'other';
  start = 0;
  end = 0;
  /** False when a quote, dollar quote or comment runs into the limit. */
  closed = true;
  /** Code units looked at so far: the measure of the work done. */
  steps = 0;

  constructor(readonly text: string) {}

  /** Reads the token at `at`; the text counts as ending at `limit`. Returns false at the end. */
  read(at: number, limit: number): boolean {
    if (at >= limit) return false;
    this.start = at;
    this.closed = true;
    this.#dispatch(at, limit);
    this.steps += this.end - at;
    return true;
  }

  #dispatch(at: number, limit: number): void {
    const text = this.text;
    const code = text.charCodeAt(at);
    if (isSpace(code)) this.#take('space', skipSpace(text, at + 1, limit));
    else if (isWordStart(code)) this.#word(at, limit);
    else if (isDigit(code)) this.#take('number', skipNumber(text, at + 1, limit));
    else if (code === quote) this.#string(at, limit, false);
    else if (code === doubleQuote) this.#quotedName(at, limit);
    else if (code === dollar) this.#dollar(at, limit);
    else if (code === minus && text.charCodeAt(at + 1) === minus) this.#take('line-comment', endOfLine(text, at + 2, limit));
    else if (code === slash && text.charCodeAt(at + 1) === star) this.#comment(at, limit);
    else if (code === 59) this.#take('semicolon', at + 1);
    else if (code === 40) this.#take('open', at + 1);
    else if (code === 41) this.#take('close', at + 1);
    else if (code === backslash) this.#take('backslash', at + 1);
    else this.#take('other', at + 1);
  }

  #take(kind: TokenKind, end: number, closed = true): void {
    this.kind = kind;
    this.end = end;
    this.closed = closed;
  }

  #word(at: number, limit: number): void {
    const text = this.text;
    let end = at + 1;
    while (end < limit && isWordPart(text.charCodeAt(end))) end++;
    const next = end < limit ? text.charCodeAt(end) : 0;
    const first = text.charCodeAt(at) | 32;
    if (end - at === 1 && next === quote && isStringPrefix(first)) this.#string(end, limit, first === 101);
    else if (end - at === 1 && first === 117 && next === 38 && end + 1 < limit && text.charCodeAt(end + 1) === quote)
      this.#string(end + 1, limit, false);
    else if (end - at === 1 && first === 117 && next === 38 && end + 1 < limit && text.charCodeAt(end + 1) === doubleQuote)
      this.#quotedName(end + 1, limit);
    else this.#take('word', end);
  }

  #string(open: number, limit: number, escapes: boolean): void {
    const text = this.text;
    let at = open + 1;
    for (;;) {
      const close = escapes ? closingEscaped(text, at, limit) : closing(text, at, limit, quote);
      if (close < 0) return this.#take('string', limit, false);
      const more = escapes ? continuation(text, close, limit) : -1;
      if (more < 0) return this.#take('string', close);
      at = more + 1;
    }
  }

  #quotedName(open: number, limit: number): void {
    const close = closing(this.text, open + 1, limit, doubleQuote);
    if (close < 0) this.#take('quoted-name', limit, false);
    else this.#take('quoted-name', close);
  }

  #dollar(at: number, limit: number): void {
    const text = this.text;
    const tagEnd = dollarTagEnd(text, at, limit);
    if (tagEnd < 0) {
      let end = at + 1;
      while (end < limit && isDigit(text.charCodeAt(end))) end++;
      return this.#take('other', end);
    }
    const tag = text.slice(at, tagEnd);
    const close = limit < text.length ? text.slice(tagEnd, limit).indexOf(tag) : text.indexOf(tag, tagEnd) - tagEnd;
    if (close < 0) this.#take('dollar-quote', limit, false);
    else this.#take('dollar-quote', tagEnd + close + tag.length);
  }

  #comment(at: number, limit: number): void {
    const text = this.text;
    let depth = 1;
    let end = at + 2;
    while (end + 1 < limit) {
      const code = text.charCodeAt(end);
      if (code === star && text.charCodeAt(end + 1) === slash) {
        end += 2;
        if (--depth === 0) return this.#take('comment', end);
      } else if (code === slash && text.charCodeAt(end + 1) === star) {
        end += 2;
        depth++;
      } else end++;
    }
    this.#take('comment', limit, false);
  }
}

/** The offset of the line feed or carriage return that ends the line, or `limit`. */
export function endOfLine(text: string, from: number, limit = text.length): number {
  let at = from;
  while (at < limit) {
    const code = text.charCodeAt(at);
    if (code === 10 || code === 13) return at;
    at++;
  }
  return limit;
}

/** The start of the line after the line that ends at `lineEnd`; `\r\n` is one line end. */
export function nextLine(text: string, lineEnd: number): number {
  if (lineEnd >= text.length) return text.length;
  return text.charCodeAt(lineEnd) === 13 && text.charCodeAt(lineEnd + 1) === 10 ? lineEnd + 2 : lineEnd + 1;
}

/** Space, tab, line feed, vertical tab, form feed, carriage return: what the server's scanner calls space. */
function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13);
}

/** Whether a character can be part of a word: letters, digits, `_`, `$` and everything beyond ASCII. */
export function isWordPart(code: number): boolean {
  return isWordStart(code) || isDigit(code) || code === dollar;
}

function isWordStart(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95 || code >= 128;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** b, e, n, x: the letters that make a string of another kind when a quote follows directly. */
function isStringPrefix(lowerCase: number): boolean {
  return lowerCase === 98 || lowerCase === 101 || lowerCase === 110 || lowerCase === 120;
}

function skipSpace(text: string, from: number, limit: number): number {
  let at = from;
  while (at < limit && isSpace(text.charCodeAt(at))) at++;
  return at;
}

function skipNumber(text: string, from: number, limit: number): number {
  let at = from;
  while (at < limit) {
    const code = text.charCodeAt(at);
    if (!isDigit(code) && !isWordStart(code) && code !== 46) break;
    at++;
  }
  return at;
}

/** Just after the closing quote, a doubled one being part of the content; -1 when there is none. */
function closing(text: string, from: number, limit: number, mark: number): number {
  for (let at = from; at < limit; at++) {
    if (text.charCodeAt(at) !== mark) continue;
    if (at + 1 < limit && text.charCodeAt(at + 1) === mark) at++;
    else return at + 1;
  }
  return -1;
}

function closingEscaped(text: string, from: number, limit: number): number {
  for (let at = from; at < limit; at++) {
    const code = text.charCodeAt(at);
    if (code === backslash) at++;
    else if (code === quote) {
      if (at + 1 < limit && text.charCodeAt(at + 1) === quote) at++;
      else return at + 1;
    }
  }
  return -1;
}

/** The quote that continues an E'' string after white space with a line end, or -1. The continuation keeps the escapes. */
function continuation(text: string, from: number, limit: number): number {
  const at = skipSpace(text, from, limit);
  return at < limit && text.charCodeAt(at) === quote && endOfLine(text, from, at) < at ? at : -1;
}

function dollarTagEnd(text: string, at: number, limit: number): number {
  let end = at + 1;
  if (end < limit && isWordStart(text.charCodeAt(end))) {
    end++;
    while (end < limit && text.charCodeAt(end) !== dollar && isWordPart(text.charCodeAt(end))) end++;
  }
  return end < limit && text.charCodeAt(end) === dollar ? end + 1 : -1;
}
