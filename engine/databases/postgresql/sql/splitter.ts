import { findBoundary, trimmedEnd, type Boundary } from './boundary';
import { endOfLine, isWordPart, Lexer, nextLine, type TokenKind } from './lexer';
import type { Statement } from '../../statement';

/**
 * Cuts a script into statements by PostgreSQL's lexical rules, without understanding them. Never throws; linear in the text.
 *
 * - A semicolon ends a statement, except inside `BEGIN ATOMIC ... END` of a routine and inside the parentheses of CREATE RULE.
 * - Empty statements are none: their semicolons belong to the territory of the next statement. After the last territory there
 *   are only white space, comments and semicolons.
 * - A psql command (kind `meta`) ends at the end of its line and also ends a statement that was open before it.
 * - Rows after `COPY ... FROM STDIN;` (kind `copy-data`) run to the line `\.`, which belongs to their territory, not to their text.
 *
 * Recovery: what never ends is cut at the first likely boundary after its start (see `findBoundary`), and the statement is marked
 * `unterminated`. A quote that was forgotten usually ends at the next statement's opening quote; so a quoted text that reaches over
 * a likely boundary also counts as unterminated when its closing mark looks like an opening one: a quoted name always; a
 * string when a word follows the mark directly, or when `(`, `,` or `=` precedes it and no delimiter follows; a dollar quote
 * when AS, DO or LANGUAGE precedes the mark. What such a forgotten quote still can swallow: statements up to
 * the first one whose strings do not look like that.
 */
export function splitStatements(sql: string): Statement[] {
  return scanScript(sql).statements;
}

/** `splitStatements` with the work it took: the number of code units looked at, repetitions included. */
export function scanScript(sql: string): { statements: Statement[]; steps: number } {
  const splitter = new Splitter(sql);
  splitter.run();
  return { statements: splitter.statements, steps: splitter.steps };
}

/** Recovery may look at the text this many times over; after that nothing is looked for beyond the next likely boundary. */
const recoveryFactor = 16;
const recoveryMinimum = 200_000;

type Mode = 'plain' | 'routine' | 'rule' | 'copy';

interface Suspect {
  readonly what: string;
  readonly start: number;
  readonly boundary: Boundary;
}

class Splitter {
  readonly statements: Statement[] = [];
  readonly #sql: string;
  readonly #lexer: Lexer;
  readonly #budget: number;
  #boundarySteps = 0;
  #leadStart = 0;
  #cautious = false;
  /** Cautious scanning: the end of the text that may be looked at. */
  #limit = -1;
  #limitBoundary: Boundary | undefined;
  /** From here on there is no line `\.` any more. */
  #noRowsEndFrom = Infinity;

  constructor(sql: string) {
    this.#sql = sql;
    this.#lexer = new Lexer(sql);
    this.#budget = Math.max(recoveryMinimum, recoveryFactor * sql.length);
  }

  get steps(): number {
    return this.#lexer.steps + this.#boundarySteps;
  }

  run(): void {
    while (this.#leadStart < this.#sql.length) {
      const before = this.#leadStart;
      this.#statement();
      if (this.#leadStart === before) return;
    }
  }

  /** Reads one statement and moves `#leadStart` behind it; leaves it where it is when only white space and comments are left. */
  #statement(): void {
    const lexer = this.#lexer;
    const sql = this.#sql;
    const head = new StatementHead();
    let start = -1;
    let end = -1;
    let suspect: Suspect | undefined;
    let at = this.#leadStart;
    while (lexer.read(at, this.#readLimit(at))) {
      at = lexer.end;
      const { kind } = lexer;
      if (kind === 'space' || kind === 'line-comment') continue;
      if (isEnclosing(kind) && !lexer.closed) {
        return this.#cut(start < 0 ? lexer.start : start, suspect ?? this.#unterminated(kind, lexer.start));
      }
      if (kind === 'comment') continue;
      if (kind === 'semicolon') {
        if (start < 0) continue;
        if (head.isOpen && !this.#cautious) continue;
        this.#push(start, end, at);
        if (head.readsRows) this.#rows(at);
        return;
      }
      if (kind === 'backslash' && (start < 0 || this.#isMeta(lexer.start))) {
        if (start < 0) this.#meta(lexer.start);
        else this.#push(start, end, end);
        return;
      }
      if (start < 0) start = lexer.start;
      end = at;
      if (isEnclosing(kind)) {
        const boundary = this.#boundary(lexer.start + 1, at);
        if (boundary && this.#looksMispaired(kind, lexer.start, at)) {
          return this.#cut(start, suspect ?? { what: names[kind], start: lexer.start, boundary });
        }
        if (boundary && kind === 'string') suspect ??= { what: names[kind], start: lexer.start, boundary };
      }
      if (!head.take(lexer) && !this.#cautious) {
        const boundary = this.#boundary(head.openStart, lexer.start);
        if (boundary) return this.#cut(start, { what: head.openName, start: head.openStart, boundary });
      }
    }
    if (start < 0) return;
    if (!head.isOpen) return this.#push(start, end, end);
    const boundary = this.#boundary(head.openStart, sql.length);
    this.#cut(start, { what: head.openName, start: head.openStart, boundary: boundary ?? { end, tailEnd: end, next: sql.length } });
  }

  /** How far a token may reach: normally to the end of the text, after too many recoveries only to the next likely boundary. */
  #readLimit(at: number): number {
    this.#cautious ||= this.steps > this.#budget;
    if (!this.#cautious) return this.#sql.length;
    if (at >= this.#limit) {
      this.#limitBoundary = this.#boundary(at, this.#sql.length);
      this.#limit = this.#limitBoundary?.next ?? this.#sql.length;
    }
    return this.#limit;
  }

  #boundary(from: number, limit: number): Boundary | undefined {
    const lineEnd = endOfLine(this.#sql, from, limit);
    this.#boundarySteps += lineEnd - from;
    if (lineEnd === limit) return undefined;
    const boundary = findBoundary(this.#sql, from, limit);
    this.#boundarySteps += (boundary?.next ?? limit) - from;
    return boundary;
  }

  #unterminated(kind: Enclosing, start: number): Suspect {
    const limit = this.#cautious ? this.#limit : this.#sql.length;
    const boundary = this.#cautious ? this.#limitBoundary : this.#boundary(start + 1, limit);
    if (boundary && boundary.end > start) return { what: names[kind], start, boundary };
    const end = trimmedEnd(this.#sql, start + 1, limit);
    return { what: names[kind], start, boundary: { end, tailEnd: end, next: limit } };
  }

  #cut(start: number, { what, start: culprit, boundary }: Suspect): void {
    this.#push(start, boundary.end, boundary.tailEnd, 'sql', { what, start: culprit });
  }

  #push(start: number, end: number, tailEnd: number, kind: Statement['kind'] = 'sql', unterminated?: Statement['unterminated']): void {
    const statement = { text: this.#sql.slice(start, end), start, end, leadStart: this.#leadStart, tailEnd, kind };
    this.statements.push(unterminated ? { ...statement, unterminated } : statement);
    this.#leadStart = tailEnd;
  }

  #looksMispaired(kind: Exclude<Enclosing, 'comment'>, start: number, end: number): boolean {
    const sql = this.#sql;
    if (kind === 'quoted-name') return true;
    if (kind === 'dollar-quote') {
      const tagLength = sql.indexOf('$', start + 1) + 1 - start;
      return /(?:\bas|\bdo|\blanguage\s+\w+)\s*$/i.test(sql.slice(Math.max(start, end - tagLength - 40), end - tagLength));
    }
    if (end < sql.length && isWordPart(sql.charCodeAt(end))) return true;
    const opens = /[(,=]\s*$/.test(sql.slice(Math.max(start, end - 20), end - 1));
    return opens && end < sql.length && !/[\s),;:|]/.test(sql.charAt(end));
  }

  /** Whether the backslash begins a psql command: first on its line, or one of the commands that send a statement. */
  #isMeta(at: number): boolean {
    const sql = this.#sql;
    let before = at;
    while (before > 0 && (sql.charCodeAt(before - 1) === 32 || sql.charCodeAt(before - 1) === 9)) before--;
    const atLineStart = before === 0 || sql.charCodeAt(before - 1) === 10 || sql.charCodeAt(before - 1) === 13;
    return atLineStart || /^\\(?:g|gx|gset|gexec|gdesc|watch|crosstabview)(?![\w])/.test(sql.slice(at, at + 16));
  }

  #meta(start: number): void {
    const lineEnd = endOfLine(this.#sql, start);
    this.#lexer.steps += lineEnd - start;
    const end = trimmedEnd(this.#sql, start, lineEnd);
    this.#push(start, end, end, 'meta');
    if (/^\\copy\b.*\bfrom\s+p?stdin\b/is.test(this.#sql.slice(start, end))) this.#rows(end);
  }

  /** Reads the rows after a COPY whose territory ends at `copyEnd`. */
  #rows(copyEnd: number): void {
    const sql = this.#sql;
    const lineEnd = endOfLine(sql, copyEnd);
    if (!/^\s*(?:--.*)?$/s.test(sql.slice(copyEnd, lineEnd))) return;
    const start = nextLine(sql, lineEnd);
    if (start >= sql.length) return;
    const terminator = this.#rowsEnd(start);
    if (terminator >= 0) return this.#push(start, rowsTextEnd(sql, start, terminator), terminator + 2, 'copy-data');
    const boundary = this.#boundary(copyEnd - 1, sql.length);
    if (boundary && boundary.end <= start) return;
    const end = boundary?.end ?? trimmedEnd(sql, start, sql.length);
    if (end > start) this.#push(start, end, end, 'copy-data', { what: 'COPY rows', start });
  }

  /** The start of the line `\.`, or -1 when there is none before the next COPY from STDIN. */
  #rowsEnd(start: number): number {
    const sql = this.#sql;
    if (start >= this.#noRowsEndFrom) return -1;
    for (let lineStart = start; lineStart < sql.length;) {
      const lineEnd = endOfLine(sql, lineStart);
      this.#lexer.steps += lineEnd - lineStart + 1;
      const first = sql.charCodeAt(lineStart);
      if (first === 92 && lineEnd === lineStart + 2 && sql.charCodeAt(lineStart + 1) === 46) return lineStart;
      if ((first | 32) === 99 && /^copy\s.*\sfrom\s+stdin\b.*;\s*$/is.test(sql.slice(lineStart, lineEnd))) return -1;
      lineStart = nextLine(sql, lineEnd);
    }
    this.#noRowsEndFrom = start;
    return -1;
  }
}

type Enclosing = keyof typeof names;

function isEnclosing(kind: TokenKind): kind is Enclosing {
  return kind === 'string' || kind === 'dollar-quote' || kind === 'quoted-name' || kind === 'comment';
}

const names = {
  string: 'quoted string',
  'quoted-name': 'quoted identifier',
  'dollar-quote': 'dollar-quoted string',
  comment: '/* comment',
} as const;

/** Follows the words of one statement as far as they decide whether a semicolon ends it. */
class StatementHead {
  readsRows = false;
  openStart = -1;
  #mode: Mode | undefined;
  #words = 0;
  #previous = '';
  #depth = 0;
  #beginStart = -1;

  /** True inside a body in which semicolons do not end the statement. */
  get isOpen(): boolean {
    return this.#depth > 0;
  }

  get openName(): string {
    return this.#mode === 'rule' ? 'parenthesis of the rule' : 'BEGIN ATOMIC body';
  }

  /** Takes the next token of the statement; false when it cannot stand inside the body that is open. */
  take(lexer: Lexer): boolean {
    const { kind, start, end } = lexer;
    if (this.#mode === 'plain') return true;
    if (kind !== 'word') {
      this.#previous = kind === 'other' ? lexer.text.charAt(start) : '';
      if (this.#mode === undefined) this.#mode = 'plain';
      else if (this.#mode === 'rule') this.#parenthesis(kind, start);
      return true;
    }
    const word = end - start > 9 ? '' : lexer.text.slice(start, end).toLowerCase();
    const previous = this.#previous;
    this.#previous = word;
    if (this.#mode === undefined) this.#mode = this.#modeAfter(word);
    else if (this.#mode === 'copy') this.readsRows ||= previous === 'from' && word === 'stdin';
    else if (this.#mode === 'routine') return this.#body(word, previous, start);
    return true;
  }

  #modeAfter(word: string): Mode | undefined {
    const place = this.#words++;
    if (place === 0) return word === 'create' ? undefined : word === 'copy' ? 'copy' : 'plain';
    if (word === 'function' || word === 'procedure') return 'routine';
    if (word === 'rule') return 'rule';
    return (place === 1 && word === 'or') || (place === 2 && word === 'replace') ? undefined : 'plain';
  }

  #parenthesis(kind: string, start: number): void {
    if (kind === 'open' && this.#depth++ === 0) this.openStart = start;
    else if (kind === 'close' && this.#depth > 0) this.#depth--;
  }

  #body(word: string, previous: string, start: number): boolean {
    if (word === 'begin') this.#beginStart = start;
    else if (word === 'atomic' && previous === 'begin') {
      if (this.#depth > 0) return false;
      this.#depth = 1;
      this.openStart = this.#beginStart;
    } else if (this.#depth > 0 && previous !== '.' && previous !== 'as') {
      if (word === 'case') this.#depth++;
      else if (word === 'end') this.#depth--;
    }
    return true;
  }
}

function rowsTextEnd(sql: string, start: number, terminator: number): number {
  if (terminator <= start) return start;
  const beforeFeed = sql.charCodeAt(terminator - 1) === 10 ? terminator - 1 : terminator;
  return sql.charCodeAt(beforeFeed - 1) === 13 && beforeFeed > start ? beforeFeed - 1 : beforeFeed;
}
