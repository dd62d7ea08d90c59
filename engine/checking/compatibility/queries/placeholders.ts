import { Lexer, type TokenKind } from '../../../databases/postgresql/sql/lexer';
import { type MappedText, MappedTextBuilder } from './mapped-text';

/**
 * How parameters may be written. `$1` is always understood.
 * - `colon`: `:name`, `:owner.name`, `:#{expression}`
 * - `at`: `@name`
 * - `question`: `?`, `?1`
 * - `percent`: `%s`, `%(name)s`; `%%` is then a percent sign
 * - `sqlc`: `sqlc.arg(name)`, `sqlc.narg(name)`, `sqlc.slice(name)`, and `sqlc.embed(table)`, which is no parameter
 * - `hash`: `#{name}`
 * - `dollar`: `$name`, `$$names`, `$owner(a, b)`, `$$owners(a, b)`
 * - `required`: a name may end with `!`
 * - `dashed`: names may hold `-`, and `:v:name`, `:v*:names` say what they are
 */
export type PlaceholderStyle = 'colon' | 'at' | 'question' | 'percent' | 'sqlc' | 'hash' | 'dollar' | 'required' | 'dashed';

/** What stands in for a value or for text of the program inside a literal; never part of SQL that people write. */
export const holeCharacter = '\uE000';

/** A value or a text that the program puts into the statement at run time. */
export interface Hole {
  /** Offset of its `holeCharacter` in the statement. */
  readonly at: number;
  /** Whether the driver sends it as a parameter; otherwise it is spliced in as text. */
  readonly isParameter: boolean;
  readonly name: string | undefined;
}

/** The names of the parameters that one placeholder stands for in parentheses; `row` alone for a list of values. */
export type Spread = readonly string[];

export interface PlaceholderOptions {
  readonly styles: ReadonlySet<PlaceholderStyle>;
  readonly holes?: readonly Hole[];
  /** Parameters that are declared to be lists, by name. */
  readonly spreads?: ReadonlyMap<string, Spread>;
}

type Placeholders =
  | { readonly ok: true; readonly statement: MappedText; readonly parameters: readonly (string | undefined)[] }
  /** Text that the program puts in, at an offset of the statement. */
  | { readonly ok: false; readonly at: number; readonly end: number };

interface Token {
  readonly kind: TokenKind;
  readonly start: number;
  readonly end: number;
}

interface Placeholder {
  readonly kind: 'number' | 'colon' | 'at' | 'question' | 'other' | 'text';
  readonly start: number;
  readonly end: number;
  /** Placeholders with the same key are one parameter; undefined: a parameter of its own. */
  readonly key?: string | undefined;
  readonly name?: string | undefined;
  readonly spread?: Spread | undefined;
  /** Whether IN stands before it, which needs parentheses. */
  readonly isList?: boolean;
  /** What is written instead, for what is no parameter. */
  readonly replacement?: string;
}

/** Writes every parameter of one statement as `$1`, `$2`, ..., in the order of their numbers or of their first use. */
export function rewritePlaceholders(statement: MappedText, options: PlaceholderOptions): Placeholders {
  const reader = new PlaceholderReader(statement.text, options);
  const splice = reader.splice;
  if (splice) return { ok: false, at: splice.start, end: splice.end };
  const found = chosen(reader.read());
  const numbers = numbering(found);
  const parameters: (string | undefined)[] = numbers.keys.map(() => undefined);
  const builder = new MappedTextBuilder();
  let at = 0;
  for (const placeholder of found) {
    if (placeholder.start < at) continue;
    builder.addSlice(statement, at, placeholder.start);
    const text = placeholder.replacement ?? placeholderText(placeholder, numbers, parameters);
    const { start, end } = sourceOf(statement, placeholder);
    builder.add(text, start, end);
    at = placeholder.end;
  }
  builder.addSlice(statement, at, statement.text.length);
  return { ok: true, statement: builder.build(), parameters };
}

/** Whether `?` is an operator on JSON somewhere in the text, so that it is no placeholder anywhere in it. */
export function hasQuestionOperator(text: string): boolean {
  const tokens = tokensOf(text).filter(isSignificant);
  return tokens.some((token, index) => {
    if (text[token.start] !== '?' || token.kind !== 'other') return false;
    if (isQuestionOperator(text, token.start)) return true;
    return endsOperand(text, tokens[index - 1]) && startsOperand(text, tokens[index + 1]);
  });
}

function sourceOf(statement: MappedText, { start, end }: Placeholder): { start: number; end: number } {
  const builder = new MappedTextBuilder();
  builder.addSlice(statement, start, end);
  const { pieces } = builder.build();
  const first = pieces[0]?.start ?? 0;
  return { start: first, end: Math.max(first, pieces.at(-1)?.end ?? first) };
}

/** Numbers are never mixed with other marks, nor `:name` with `@name`: where one is used, the others are operators. */
function chosen(all: readonly Placeholder[]): Placeholder[] {
  const uses = (kind: Placeholder['kind']): boolean => all.some((each) => each.kind === kind);
  const operators: readonly Placeholder['kind'][] = uses('number') ? ['colon', 'at', 'question'] : uses('colon') ? ['at'] : [];
  return all.filter(({ kind }) => !operators.includes(kind));
}

interface Numbering {
  readonly keys: string[];
  readonly byKey: Map<string, number>;
}

function numbering(found: readonly Placeholder[]): Numbering {
  const numbered = found.flatMap(({ kind, key }) => (kind === 'number' && key !== undefined ? [key] : []));
  const keys = [...new Set(numbered)].sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
  return { keys, byKey: new Map(keys.map((key, index) => [key, index + 1])) };
}

function placeholderText(placeholder: Placeholder, numbers: Numbering, parameters: (string | undefined)[]): string {
  const { key, name, spread, isList } = placeholder;
  const number = (of: string | undefined, title: string | undefined): string => {
    const known = of === undefined ? undefined : numbers.byKey.get(of);
    if (known !== undefined) return `$${known}`;
    parameters.push(title);
    if (of !== undefined) numbers.byKey.set(of, parameters.length);
    return `$${parameters.length}`;
  };
  if (!spread) return isList ? `(${number(key, name)})` : number(key, name);
  if (spread.length === 0) return `(${number(key, name)})`;
  return `(${spread.map((field) => number(key && `${key}.${field}`, `${name}.${field}`)).join(', ')})`;
}

/** Finds the placeholders of one statement by its tokens, so that nothing in strings and comments counts. */
class PlaceholderReader {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  readonly #options: PlaceholderOptions;
  readonly #holes: ReadonlyMap<number, Hole>;
  readonly #hasPercent: boolean;
  readonly #hasQuestion: boolean;

  constructor(text: string, options: PlaceholderOptions) {
    this.#text = text;
    this.#options = options;
    this.#holes = new Map(options.holes?.map((hole) => [hole.at, hole]));
    this.#tokens = tokensOf(text, options.styles.has('dollar'));
    this.#hasPercent = options.styles.has('percent') && /%s|%\(\w+\)s/.test(text);
    this.#hasQuestion = options.styles.has('question') && !hasQuestionOperator(text);
  }

  /** The first text that the program puts in: a hole that is no parameter, or that is only part of a token. */
  get splice(): Placeholder | undefined {
    const tokens = new Map(this.#tokens.map((token) => [token.start, token]));
    for (const { at, isParameter } of this.#options.holes ?? []) {
      const token = tokens.get(at);
      if (!isParameter || token?.end !== at + 1) return { kind: 'text', start: at, end: at + 1 };
    }
    return undefined;
  }

  read(): Placeholder[] {
    const found: Placeholder[] = [];
    let before = '';
    for (let index = 0; index < this.#tokens.length; index++) {
      const placeholders = this.#at(index);
      for (const placeholder of placeholders) found.push(before === 'in' ? { ...placeholder, isList: true } : placeholder);
      const token = this.#tokens[index];
      if (token && isSignificant(token)) before = this.#text.slice(token.start, Math.min(token.end, token.start + 3)).toLowerCase();
      const end = placeholders.at(-1)?.end ?? 0;
      while ((this.#tokens[index + 1]?.start ?? end) < end) index++;
    }
    return found;
  }

  #has(style: PlaceholderStyle): boolean {
    return this.#options.styles.has(style);
  }

  #at(index: number): Placeholder[] {
    const token = this.#tokens[index];
    if (!token) return [];
    if (this.#hasPercent) {
      if (token.kind === 'string' || token.kind === 'quoted-name') return this.#doubledPercents(token);
      if (this.#text[token.start] === '%') return only(this.#percent(token.start));
    }
    if (token.kind === 'word') return only(this.#word(token, index));
    return token.kind === 'other' ? only(this.#mark(token)) : [];
  }

  #mark(token: Token): Placeholder | undefined {
    const text = this.#text;
    switch (text[token.start]) {
      case '$':
        return this.#number(token) ?? (this.#has('dollar') ? this.#dollar(token.start) : undefined);
      case ':':
        return this.#has('colon') ? this.#colon(token.start) : undefined;
      case '@':
        return this.#has('at') ? this.#atName(token.start) : undefined;
      case '?':
        return this.#hasQuestion ? this.#question(token.start) : undefined;
      case '#':
        return this.#has('hash') ? this.#expression(token.start, '#{') : undefined;
      default:
        return undefined;
    }
  }

  #number({ start, end }: Token): Placeholder | undefined {
    const digits = /^\$0*(\d+)$/.exec(this.#text.slice(start, end))?.[1];
    return digits === undefined ? undefined : { kind: 'number', start, end, key: digits };
  }

  #word(token: Token, index: number): Placeholder | undefined {
    const { start, end } = token;
    const hole = this.#holes.get(start);
    if (hole) return { kind: 'other', start, end, name: hole.name };
    if (!this.#has('sqlc') || this.#text.slice(start, end).toLowerCase() !== 'sqlc') return undefined;
    if (this.#text[(this.#tokens[index - 1]?.end ?? 0) - 1] === '.') return undefined;
    const match = /sqlc\.(arg|narg|slice|embed)\s*\(\s*(?:'([^']+)'|"([^"]+)"|([\w$]+))\s*\)/iy;
    match.lastIndex = start;
    const call = match.exec(this.#text);
    if (!call) return undefined;
    const name = call[2] ?? call[3] ?? call[4] ?? '';
    if (call[1]?.toLowerCase() === 'embed') return { kind: 'text', start, end: match.lastIndex, replacement: `${name}.*` };
    return { kind: 'other', start, end: match.lastIndex, key: `name ${name}`, name };
  }

  #colon(start: number): Placeholder | undefined {
    const before = this.#text[start - 1] ?? ' ';
    if (/[\w$:)\]'"\u0080-\uffff]/.test(before)) return undefined;
    if (this.#text.startsWith(':#{', start)) return this.#expression(start, ':#{');
    if (this.#has('dashed')) return this.#match(start, /:(?:v\*?:|value\*?:|values?\*:)?([A-Za-z_][\w-]*(?:\.[\w-]+)*)/y, 'colon');
    const required = this.#has('required') ? /:([A-Za-z_]\w*)!?(?!\w)/y : /:([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)/y;
    return this.#match(start, required, 'colon');
  }

  #atName(start: number): Placeholder | undefined {
    if (/[-+*/<>=~!@#%^&|`?\w]/.test(this.#text[start - 1] ?? ' ')) return undefined;
    return this.#match(start, /@([A-Za-z_]\w*)/y, 'at');
  }

  #question(start: number): Placeholder {
    const number = /\?(\d+)/y;
    number.lastIndex = start;
    const match = number.exec(this.#text);
    return match
      ? { kind: 'question', start, end: number.lastIndex, key: `question ${match[1]}` }
      : { kind: 'question', start, end: start + 1 };
  }

  #percent(start: number): Placeholder | undefined {
    if (this.#text[start + 1] === '%') return { kind: 'text', start, end: start + 2, replacement: '%' };
    const pattern = /%(?:\(([\w.]+)\))?[sbt](?![\w])/y;
    pattern.lastIndex = start;
    const match = pattern.exec(this.#text);
    return match ? { kind: 'other', start, end: pattern.lastIndex, key: match[1] && `name ${match[1]}`, name: match[1] } : undefined;
  }

  #doubledPercents({ start, end }: Token): Placeholder[] {
    return [...this.#text.slice(start, end).matchAll(/%%/g)].map(({ index }) => ({
      kind: 'text',
      start: start + index,
      end: start + index + 2,
      replacement: '%',
    }));
  }

  #expression(start: number, opening: string): Placeholder | undefined {
    const end = this.#text.startsWith(opening, start) ? this.#text.indexOf('}', start) + 1 : 0;
    if (end === 0) return undefined;
    const inside = this.#text.slice(start + opening.length, end - 1);
    const name = /^\s*[#]?([A-Za-z_][\w.]*)/.exec(inside)?.[1];
    return { kind: 'other', start, end, key: `expression ${inside}`, name };
  }

  #dollar(start: number): Placeholder | undefined {
    const pattern = /(\$\$?)([A-Za-z_]\w*)!?(?:\(([\w\s,!]*)\))?/y;
    pattern.lastIndex = start;
    const match = pattern.exec(this.#text);
    if (!match) return undefined;
    const [, mark, name = '', list] = match;
    const fields = list?.split(',').flatMap((field) => field.replace('!', '').trim() || []);
    const spread = fields ?? (mark === '$$' ? [] : undefined);
    return { kind: 'other', start, end: pattern.lastIndex, key: `name ${name}`, name, spread };
  }

  #match(start: number, pattern: RegExp, kind: 'colon' | 'at'): Placeholder | undefined {
    pattern.lastIndex = start;
    const name = pattern.exec(this.#text)?.[1];
    if (name === undefined) return undefined;
    return { kind, start, end: pattern.lastIndex, key: `name ${name}`, name, spread: this.#options.spreads?.get(name) };
  }
}

function only(placeholder: Placeholder | undefined): Placeholder[] {
  return placeholder ? [placeholder] : [];
}

/** The tokens of a statement; with `dollarNames`, `$$names` is a placeholder and no quote. */
function tokensOf(text: string, dollarNames = false): Token[] {
  const lexer = new Lexer(text);
  const tokens: Token[] = [];
  let at = 0;
  while (lexer.read(at, text.length)) {
    const isName = dollarNames && lexer.kind === 'dollar-quote' && /^\$\$[A-Za-z_]/.test(text.slice(at, at + 3));
    const end = isName ? at + 2 : lexer.end;
    tokens.push({ kind: isName ? 'other' : lexer.kind, start: at, end });
    at = end;
  }
  return tokens;
}

function isSignificant({ kind }: Token): boolean {
  return kind !== 'space' && kind !== 'comment' && kind !== 'line-comment';
}

/** `?|`, `?&`, `@?`, `??`: operators whatever is around them. */
function isQuestionOperator(text: string, at: number): boolean {
  const after = text.slice(at + 1, at + 3);
  return /^(?:&|\|(?!\|)|\?)/.test(after) || /[@?]/.test(text[at - 1] ?? ' ');
}

/** Words after which a value is expected; after any other word `?` has a left operand. */
const beforeValue = new Set(
  'select where and or not in limit offset values set then when else case like ilike between is on having by interval returning any all some from distinct to using fetch first next escape'.split(
    ' ',
  ),
);

function endsOperand(text: string, token: Token | undefined): boolean {
  if (!token) return false;
  if (token.kind === 'word') return !beforeValue.has(text.slice(token.start, token.end).toLowerCase());
  return token.kind !== 'other'
    ? token.kind !== 'open' && token.kind !== 'semicolon'
    : text[token.start] === ']' || token.end > token.start + 1;
}

function startsOperand(text: string, token: Token | undefined): boolean {
  if (!token) return false;
  if (token.kind === 'string' || token.kind === 'open' || token.kind === 'dollar-quote') return true;
  return token.kind === 'other' && /[$?:@%]/.test(text[token.start] ?? '') && !text.startsWith('::', token.start);
}
