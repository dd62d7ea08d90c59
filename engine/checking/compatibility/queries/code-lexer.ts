import { holeCharacter } from './placeholders';
import type { CodeLanguage } from './code-language';
import { type MappedText, MappedTextBuilder } from './mapped-text';
import type { TextRange } from '../../../core/text';

/** A place in a string where the program puts in a value. */
export interface StringHole {
  /** Offset of the `holeCharacter` in the value. */
  readonly at: number;
  /** The expression in the file, without what marks it. */
  readonly range: TextRange;
}

export interface StringToken extends TextRange {
  readonly kind: 'string';
  /** What the program sees, escapes resolved; every hole is one `holeCharacter`. */
  readonly value: MappedText;
  readonly holes: readonly StringHole[];
  /** True for what JavaScript writes in backticks. */
  readonly isTemplate: boolean;
}

/** A word (names, key words, numbers) or one punctuation character. */
interface PlainToken extends TextRange {
  readonly kind: 'word' | 'mark';
  readonly text: string;
}

export type CodeToken = StringToken | PlainToken;

/**
 * The words, punctuation and strings of a file of code; comments and characters are left out. Never throws; linear in the text.
 * A string that does not end on its line where it must is skipped to the end of the line; one that never ends, to the end of the text.
 */
export function codeTokens(text: string, language: CodeLanguage): CodeToken[] {
  const lexer = new CodeLexer(text, language);
  lexer.run();
  return lexer.tokens;
}

interface StringForm {
  /** Offset behind the opening mark. */
  readonly from: number;
  readonly close: string;
  readonly multiline: boolean;
  readonly escapes: 'none' | 'decoded' | 'kept';
  readonly holes: 'none' | 'template' | 'braces' | 'dollar';
}

const deepestHole = 50;

class CodeLexer {
  readonly tokens: CodeToken[] = [];
  readonly #text: string;
  readonly #language: CodeLanguage;
  #at = 0;
  #depth = 0;

  constructor(text: string, language: CodeLanguage) {
    this.#text = text;
    this.#language = language;
  }

  run(): void {
    while (this.#at < this.#text.length) this.#next();
  }

  /** Reads one token; one that begins no string, comment, word or space is a mark. */
  #next(): void {
    const text = this.#text;
    const start = this.#at;
    const character = text[start] ?? '';
    if (/\s/.test(character)) this.#at++;
    else if (this.#comment(character) || this.#character(character) || this.#string(character)) return;
    else if (/[\w\u0080-\uffff]/.test(character)) {
      this.#at = endOf(/[\w\u0080-\uffff]+/y, text, start);
      this.tokens.push({ kind: 'word', text: text.slice(start, this.#at), start, end: this.#at });
    } else if (character === '/' && this.#language.name === 'javascript' && this.#regularExpression()) return;
    else {
      this.#at++;
      this.tokens.push({ kind: 'mark', text: character, start, end: this.#at });
    }
  }

  #comment(character: string): boolean {
    const text = this.#text;
    const { lineComment, blockComments } = this.#language;
    if (character !== lineComment[0]) return false;
    if (text.startsWith(lineComment, this.#at)) {
      this.#at = endOf(/[^\r\n]*/y, text, this.#at);
      return true;
    }
    if (blockComments === 'none' || !text.startsWith('/*', this.#at)) return false;
    let depth = 1;
    const mark = /\/\*|\*\//g;
    mark.lastIndex = this.#at + 2;
    this.#at = text.length;
    for (let match = mark.exec(text); match; match = mark.exec(text)) {
      if (match[0] === '*/') depth--;
      else if (blockComments === 'nested') depth++;
      if (depth > 0) continue;
      this.#at = mark.lastIndex;
      break;
    }
    return true;
  }

  /** Characters in single quotes, and lifetimes of Rust. */
  #character(quote: string): boolean {
    const { name } = this.#language;
    if (quote !== "'" || name === 'javascript' || name === 'python') return false;
    const end = endOf(/'(?:\\[^\r\n][^'\r\n]{0,12}|[^'\\\r\n]{1,2})'/y, this.#text, this.#at);
    this.#at = end > this.#at ? end : this.#at + 1;
    return true;
  }

  #regularExpression(): boolean {
    const before = this.tokens.at(-1);
    if (before && !mayPrecedeExpression(before, this.tokens.at(-2))) return false;
    const end = endOf(/\/(?![*/])(?:\\[^\r\n]|\[(?:\\[^\r\n]|[^\]\\\r\n])*\]|[^/\\[\r\n])+\/\w*/y, this.#text, this.#at);
    if (end === this.#at) return false;
    this.#at = end;
    return true;
  }

  #string(character: string): boolean {
    const form = this.#form(character);
    if (!form) return false;
    const start = this.#at;
    const builder = new MappedTextBuilder();
    const holes: StringHole[] = [];
    if (this.#readString(form, builder, holes)) {
      this.tokens.push({
        kind: 'string',
        start,
        end: this.#at,
        value: builder.build(),
        holes,
        isTemplate: form.holes === 'template',
      });
    }
    return true;
  }

  /** How the string that begins at the current place is written; undefined when none begins there. */
  #form(character: string): StringForm | undefined {
    const text = this.#text;
    const at = this.#at;
    const plain = (holes: StringForm['holes'] = 'none'): StringForm => {
      return { from: at + 1, close: character, multiline: false, escapes: 'decoded', holes };
    };
    const isTriple = text.startsWith('"""', at);
    switch (this.#language.name) {
      case 'rust':
        return rustForm(text, at);
      case 'javascript':
        if (character === '`') return { ...plain('template'), multiline: true };
        return character === '"' || character === "'" ? plain() : undefined;
      case 'go':
        if (character === '`') return { ...plain(), multiline: true, escapes: 'none' };
        return character === '"' ? plain() : undefined;
      case 'python':
        return pythonForm(text, at);
      case 'java':
        if (isTriple) return { ...plain(), from: at + 3, close: '"""', multiline: true };
        return character === '"' ? plain() : undefined;
      case 'kotlin':
        if (isTriple) return { ...plain('dollar'), from: at + 3, close: '"""', multiline: true, escapes: 'none' };
        return character === '"' ? plain('dollar') : undefined;
    }
  }

  /** Reads to behind the closing mark; false when there is none. */
  #readString({ from, close, multiline, escapes, holes }: StringForm, builder: MappedTextBuilder, found: StringHole[]): boolean {
    const text = this.#text;
    let at = from;
    let plainFrom = from;
    const flush = (): void => builder.add(text.slice(plainFrom, at), plainFrom, at);
    while (at < text.length) {
      const character = text[at] ?? '';
      if (character === close[0] && text.startsWith(close, at)) {
        flush();
        this.#at = at + close.length;
        return true;
      }
      if (!multiline && (character === '\n' || character === '\r')) {
        this.#at = at;
        return false;
      }
      if (character === '\\' && escapes !== 'none') {
        if (escapes === 'kept') at += 2;
        else {
          flush();
          const escape = this.#escape(at);
          builder.add(escape.text, at, escape.end);
          at = plainFrom = escape.end;
        }
        continue;
      }
      const hole = holes === 'none' ? undefined : this.#hole(at, character, holes);
      if (!hole) at++;
      else {
        flush();
        if (hole.text === undefined) found.push({ at: builder.length, range: { start: hole.start, end: hole.end } });
        builder.add(hole.text ?? holeCharacter, at, hole.next);
        at = plainFrom = hole.next;
      }
    }
    this.#at = text.length;
    return false;
  }

  /** A value that is put into the string at `at`, or (with `text`) a mark that is doubled so that it is none. */
  #hole(
    at: number,
    character: string,
    kind: Exclude<StringForm['holes'], 'none'>,
  ): { start: number; end: number; next: number; text?: string } | undefined {
    const text = this.#text;
    if (kind === 'braces') {
      if (character !== '{' && character !== '}') return undefined;
      if (text[at + 1] === character) return { start: at, end: at, next: at + 2, text: character };
      if (character === '}') return undefined;
      const end = endOf(/\{(?:[^{}\r\n]|\{[^{}\r\n]*\})*\}/y, text, at);
      return end === at ? undefined : { start: at + 1, end: end - 1, next: end };
    }
    if (character !== '$') return undefined;
    if (text[at + 1] === '{') {
      const end = this.#braceEnd(at + 2);
      return { start: at + 2, end, next: Math.min(text.length, end + 1) };
    }
    if (kind === 'template') return undefined;
    const end = endOf(/\$[A-Za-z_]\w*/y, text, at);
    return end === at ? undefined : { start: at + 1, end, next: end };
  }

  /** The offset of the brace that closes an expression inside a string. */
  #braceEnd(from: number): number {
    const inner = new CodeLexer(this.#text, this.#language);
    inner.#at = from;
    inner.#depth = this.#depth + 1;
    if (inner.#depth > deepestHole) return this.#text.length;
    for (let open = 1, seen = 0; inner.#at < this.#text.length;) {
      inner.#next();
      for (; seen < inner.tokens.length; seen++) {
        const token = inner.tokens[seen];
        if (token?.kind !== 'mark') continue;
        if (token.text === '{') open++;
        else if (token.text === '}' && --open === 0) return token.start;
      }
    }
    return this.#text.length;
  }

  #escape(at: number): { text: string; end: number } {
    const text = this.#text;
    const next = text[at + 1] ?? '';
    const simple = simpleEscapes[next];
    if (simple !== undefined && !/\d/.test(text[at + 2] ?? '')) return { text: simple, end: at + 2 };
    const coded = /\\(?:x([0-9A-Fa-f]{2})|u\{([0-9A-Fa-f]{1,6})\}|u+([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|([0-7]{1,3}))/y;
    coded.lastIndex = at;
    const match = coded.exec(text);
    if (match) {
      const code = match[5] !== undefined ? parseInt(match[5], 8) : parseInt(match[1] ?? match[2] ?? match[3] ?? match[4] ?? '', 16);
      return { text: code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd', end: coded.lastIndex };
    }
    if (next === '\n' || next === '\r') {
      const space = this.#language.name === 'rust' ? /\\\s*/y : /\\\r?\n?/y;
      return { text: '', end: endOf(space, text, at) };
    }
    if (simple !== undefined) return { text: simple, end: at + 2 };
    const isKept = this.#language.name === 'python';
    return { text: isKept ? `\\${next}` : next, end: Math.min(text.length, at + 2) };
  }
}

const simpleEscapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  f: '\f',
  v: '\v',
  a: '\x07',
  s: ' ',
  '0': '\0',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '`': '`',
  $: '$',
};

function rustForm(text: string, at: number): StringForm | undefined {
  const raw = /(?:b|c)?r(#{0,16})"/y;
  raw.lastIndex = at;
  const match = raw.exec(text);
  if (match) return { from: raw.lastIndex, close: `"${match[1]}`, multiline: true, escapes: 'none', holes: 'none' };
  const from = endOf(/[bc]?"/y, text, at);
  return from === at ? undefined : { from, close: '"', multiline: true, escapes: 'decoded', holes: 'none' };
}

function pythonForm(text: string, at: number): StringForm | undefined {
  const opening = /([A-Za-z]{0,2})("""|'''|"|')/y;
  opening.lastIndex = at;
  const match = opening.exec(text);
  const prefix = match?.[1]?.toLowerCase() ?? '';
  const close = match?.[2];
  if (close === undefined || !/^(?:|[rbuft]|r[bft]|[bft]r)$/.test(prefix)) return undefined;
  return {
    from: opening.lastIndex,
    close,
    multiline: close.length === 3,
    escapes: prefix.includes('r') ? 'kept' : 'decoded',
    holes: /[ft]/.test(prefix) ? 'braces' : 'none',
  };
}

/** Whether an expression, and so a regular expression, may begin after a token of JavaScript. */
function mayPrecedeExpression(token: CodeToken, before: CodeToken | undefined): boolean {
  if (token.kind === 'string') return false;
  if (token.kind === 'word') return /^(?:return|typeof|case|in|of|delete|void|throw|new|else|do|await|yield|instanceof)$/.test(token.text);
  if (token.text === '>') return before?.kind === 'mark' && before.text === '=' && before.end === token.start;
  return '(,=:[!&|?{};+-*%~^'.includes(token.text);
}

function endOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}
