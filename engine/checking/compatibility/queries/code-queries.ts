import { baseName } from '../../../core/paths';
import { LineIndex, type TextRange } from '../../../core/text';
import { type CallRules, callRules, fileMacros, otherTags, parameterHelpers } from './code-calls';
import type { CodeLanguage } from './code-language';
import { codeTokens, type CodeToken, type StringHole, type StringToken } from './code-lexer';
import { type MappedText, MappedTextBuilder, sourceRange } from './mapped-text';
import { markerIn } from './markers';
import type { Hole, PlaceholderStyle } from './placeholders';
import { firstQueryWord, type FoundQueries, joinedAtRunTime, looksLikeSql, queriesIn } from './query-text';
import type { ReleaseQuery, UnusableQuery } from './release-query';

/** A file with a query that code includes by its path. */
export interface IncludedFile {
  /** As the code writes it. */
  readonly path: string;
  readonly range: TextRange;
}

export interface CodeQueries extends FoundQueries {
  readonly included: readonly IncludedFile[];
}

/**
 * The queries in a file of code: constant texts that are handed to a database or kept under a name. What begins like a query
 * and is put together at run time is unusable; other texts are none.
 */
export function codeQueries(file: string, text: string, language: CodeLanguage): CodeQueries {
  return new CodeScanner(file, text, language).run();
}

/** An open bracket and what is called with it. */
interface Frame {
  readonly bracket: string;
  readonly index: number;
  readonly callee: string | undefined;
}

/** One or more strings that the language puts together by itself. */
interface Chain {
  readonly first: number;
  readonly last: number;
  readonly value: MappedText;
  readonly holes: readonly StringHole[];
  readonly range: TextRange;
}

/** What stands before a template and reads it. */
interface Tag {
  readonly name: string;
  /** Place of its first token. */
  readonly index: number;
}

const openingOf: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };
/** Names of variables that tell nothing of a query. */
const plainNames = /^(?:sql|query|q|stmt|statement|text)$/i;
const noTags = new Set([
  'return',
  'await',
  'typeof',
  'case',
  'in',
  'of',
  'new',
  'else',
  'yield',
  'default',
  'void',
  'throw',
  'delete',
  'do',
]);

class CodeScanner {
  readonly #file: string;
  readonly #text: string;
  readonly #language: CodeLanguage;
  readonly #rules: CallRules;
  readonly #tokens: readonly CodeToken[];
  readonly #lines: LineIndex;
  readonly #frames: Frame[] = [];
  readonly #queries: ReleaseQuery[] = [];
  readonly #unusable: UnusableQuery[] = [];
  readonly #included: IncludedFile[] = [];
  readonly #constants = new Set<string>();
  readonly #variables: { readonly name: string; readonly range: TextRange }[] = [];
  #includingFrame = -1;

  constructor(file: string, text: string, language: CodeLanguage) {
    this.#file = file;
    this.#text = text;
    this.#language = language;
    this.#rules = callRules[language.name];
    this.#tokens = codeTokens(text, language);
    this.#lines = new LineIndex(text);
  }

  run(): CodeQueries {
    for (let index = 0; index < this.#tokens.length; index++) {
      const token = this.#tokens[index];
      if (token?.kind === 'mark') this.#bracket(token.text, index);
      else if (token?.kind === 'string') {
        const chain = this.#chain(token, index);
        this.#look(chain, token.isTemplate ? this.#tagBefore(index) : undefined);
        index = chain.last;
      }
    }
    this.#refuseUnknownVariables();
    return { queries: this.#queries, unusable: this.#unusable, included: this.#included };
  }

  #look(chain: Chain, tag: Tag | undefined): void {
    const frame = this.#frameOf(chain);
    if (this.#language.name === 'rust' && frame?.callee !== undefined && fileMacros.has(frame.callee)) return this.#include(chain, frame);
    if (!firstQueryWord(chain.value.text)) return;
    if (tag) return this.#tagged(chain, tag);
    const isConstant = chain.holes.length === 0 && this.#isWhole(chain);
    if (frame && this.#isCall(frame)) {
      if (isConstant && !this.#isFormattedAfter(chain)) this.#take(chain, this.#rules.styles, [], this.#annotatedName(frame));
      else this.#refuse(chain);
      return;
    }
    const isFormatted = frame?.callee !== undefined && this.#rules.formatters.has(frame.callee);
    const name = isFormatted ? undefined : this.#assignedName(chain.first);
    if (!isFormatted && name === undefined) return;
    if (name !== undefined && isConstant) this.#takeConstant(chain, name);
    else if (looksLikeSql(chain.value.text)) this.#refuse(chain);
  }

  // Brackets and calls

  #bracket(mark: string, index: number): void {
    if (mark === '(' || mark === '[' || mark === '{') {
      const callee = mark === '(' ? this.#calleeBefore(index) : undefined;
      this.#frames.push({ bracket: mark, index, callee });
      if (callee !== undefined && this.#takesOnlySql(index)) this.#noteVariable(index + 1);
    } else if (mark in openingOf) {
      const open = this.#frames.findLastIndex(({ bracket }) => bracket === openingOf[mark]);
      if (open >= 0) this.#frames.length = open;
    }
  }

  /** What is called with the bracket at `index`: `name(`, `name!(`, `name<Type>(`, `name::<Type>(`; `Type` of `Type::new(`. */
  #calleeBefore(index: number): string | undefined {
    const at = this.#calleeIndex(index);
    const callee = this.#word(at);
    return callee === 'new' && this.#isMark(at - 1, ':') ? this.#word(this.#beforeGenerics(at - 1)) : callee;
  }

  /** `sqlx::query(...)` and its like: what is handed over is SQL, whatever it looks like. */
  #takesOnlySql(open: number): boolean {
    if (this.#language.name !== 'rust' || this.#isMark(open - 1, '!')) return false;
    const at = this.#calleeIndex(open);
    return this.#isMark(at - 1, ':') && this.#word(at - 3) === 'sqlx' && /^query/.test(this.#word(at) ?? '');
  }

  #noteVariable(first: number): void {
    const at = this.#isMark(first, '&') ? first + 1 : first;
    const name = this.#word(at);
    const token = this.#tokens[at];
    const isAlone = this.#isMark(at + 1, ')') || this.#isMark(at + 1, ',');
    if (token && name !== undefined && isAlone) this.#variables.push({ name, range: { start: token.start, end: token.end } });
  }

  /** A variable that holds none of the constants of the file holds SQL that is not known. */
  #refuseUnknownVariables(): void {
    for (const { name, range } of this.#variables) {
      if (!this.#constants.has(name))
        this.#unusable.push({ file: this.#file, range, reason: `The value of variable ${name} is not known.` });
    }
    this.#unusable.sort((a, b) => a.range.start - b.range.start);
  }

  #calleeIndex(index: number): number {
    return this.#beforeGenerics(this.#isMark(index - 1, '!') ? index - 2 : index - 1);
  }

  /** The place before colons and type arguments that end at `index`. */
  #beforeGenerics(index: number): number {
    let at = index;
    while (this.#isMark(at, ':')) at--;
    if (!this.#isMark(at, '>')) return at;
    let depth = 0;
    const furthest = Math.max(0, at - 200);
    for (; at >= furthest; at--) {
      if (this.#isMark(at, '>')) depth++;
      else if (this.#isMark(at, '<') && --depth === 0) break;
    }
    at--;
    while (this.#isMark(at, ':')) at--;
    return at;
  }

  /** The bracket that a string is an argument of; parentheses around it and `{ text: ... }` count as nothing. */
  #frameOf({ first }: Chain): Frame | undefined {
    let depth = this.#frames.length - 1;
    let before = first - 1;
    for (;;) {
      const frame = this.#frames[depth];
      if (!frame) return undefined;
      const isGroup = frame.bracket === '(' && frame.callee === undefined && frame.index === before;
      const isText = frame.bracket === '{' && this.#isMark(first - 1, ':') && /^(?:text|sql)$/.test(this.#word(first - 2) ?? '');
      if (!isGroup && !isText) return frame;
      before = frame.index - 1;
      depth--;
    }
  }

  #isCall(frame: Frame): boolean {
    const { callee } = frame;
    if (callee === undefined || !this.#rules.calls.has(callee)) return false;
    const isJava = this.#language.name === 'java' || this.#language.name === 'kotlin';
    if (!isJava) return true;
    if (callee === 'createQuery') return /\borg\.jdbi\b/.test(this.#text);
    if (!/^[A-Z]/.test(callee)) return true;
    if (!this.#isAnnotation(frame)) return false;
    return callee !== 'Query' || this.#isNativeQuery(frame) || !/\b(?:data\.jpa|persistence)\b/.test(this.#text);
  }

  #isAnnotation(frame: Frame): boolean {
    return this.#isMark(this.#calleeIndex(frame.index) - 1, '@');
  }

  #isNativeQuery(frame: Frame): boolean {
    const end = this.#closeOf(frame.index);
    for (let index = frame.index; index < end; index++) {
      if (this.#word(index) === 'nativeQuery') return this.#word(index + 2) === 'true';
    }
    return false;
  }

  #closeOf(open: number): number {
    let depth = 0;
    const furthest = Math.min(this.#tokens.length, open + 500);
    for (let index = open; index < furthest; index++) {
      if (this.#isMark(index, '(')) depth++;
      else if (this.#isMark(index, ')') && --depth === 0) return index;
    }
    return furthest;
  }

  // Strings

  /** The string at `first` with those that are joined to it. */
  #chain(token: StringToken, first: number): Chain {
    let last = first;
    const builder = new MappedTextBuilder();
    const holes: StringHole[] = [];
    for (let part: CodeToken | undefined = token; part?.kind === 'string'; part = this.#tokens[this.#joinedAfter(last)]) {
      last = part === token ? first : this.#joinedAfter(last);
      holes.push(...part.holes.map((hole) => ({ ...hole, at: hole.at + builder.length })));
      builder.addSlice(part.value, 0, part.value.text.length);
    }
    return { first, last, value: builder.build(), holes, range: { start: token.start, end: this.#tokens[last]?.end ?? token.end } };
  }

  /** The place where a string would stand that is joined to the one at `index`; -1 where nothing joins. */
  #joinedAfter(index: number): number {
    if (this.#isMark(index + 1, '+')) return index + 2;
    return this.#language.joinsAdjacent ? index + 1 : -1;
  }

  /** Whether nothing is added to the string and nothing is called on it that changes it. */
  #isWhole({ first, last }: Chain): boolean {
    if (this.#isMark(first - 1, '+') || this.#isMark(first - 1, '%')) return false;
    let next = last + 1;
    while (this.#isMark(next, '.') && this.#rules.harmless.has(this.#word(next + 1) ?? '') && this.#isMark(next + 2, '(')) {
      next = this.#closeOf(next + 2) + 1;
    }
    return !['+', '.', '%', '['].some((mark) => this.#isMark(next, mark));
  }

  /** `SQL("...").format(...)`. */
  #isFormattedAfter({ last }: Chain): boolean {
    return this.#isMark(last + 1, ')') && this.#isMark(last + 2, '.') && this.#rules.formatters.has(this.#word(last + 3) ?? '');
  }

  #tagBefore(template: number): Tag | undefined {
    const before = this.#tokens[template - 1];
    if (!before || before.end !== this.#tokens[template]?.start) return undefined;
    let at = template - 1;
    if (this.#isMark(at, ')')) {
      while (at >= 0 && !this.#isMark(at, '(')) at--;
      at--;
    } else if (this.#isMark(at, '>')) at = this.#beforeGenerics(at);
    const name = this.#word(at);
    if (name === undefined || noTags.has(name)) return undefined;
    while (this.#isMark(at - 1, '.') && this.#word(at - 2) !== undefined) at -= 2;
    return { name, index: at };
  }

  #tagged(chain: Chain, tag: Tag): void {
    if (otherTags.has(tag.name)) return;
    const root = this.#word(tag.index) ?? tag.name;
    const splices = new RegExp(
      `(?:^|[^\\w$.])(?:${escaped(root)}|${escaped(tag.name)}|sql|Prisma)\\s*(?:<[^>]*>)?\\s*(?:[\`(]|\\.\\s*(\\w+))`,
      'g',
    );
    const holes = chain.holes.map(({ at, range }): Hole => {
      const expression = this.#text.slice(range.start, range.end);
      const calls = [...expression.matchAll(splices)].map((match) => match[1]);
      const isSplice =
        calls.some((helper) => helper === undefined || !parameterHelpers.has(helper)) ||
        /^\s*(?:raw|join|identifier)\s*\(/.test(expression);
      return { at, isParameter: !isSplice, name: /^\s*(?:[\w$]+[?!]?\.)*([A-Za-z_$][\w$]*)!?\s*$/.exec(expression)?.[1] };
    });
    this.#take(chain, new Set<PlaceholderStyle>(holes.length === 0 ? ['dollar'] : []), holes, this.#assignedName(tag.index));
  }

  // Names

  #annotatedName(frame: Frame): string | undefined {
    if (!this.#isAnnotation(frame)) return undefined;
    const start = this.#closeOf(frame.index) + 1;
    for (let index = start; index < start + 60; index++) {
      if (this.#isMark(index, '(') && this.#isMark(index - 2, '@')) index = this.#closeOf(index);
      else if (this.#isMark(index, '(')) return this.#word(index - 1);
    }
    return undefined;
  }

  /** The name that a value at `index` is given: `name = ...`, `name := ...`, `name: Type = ...`, `name string = ...`. */
  #assignedName(index: number): string | undefined {
    const before = this.#isMark(index - 1, '(') ? index - 2 : index - 1;
    if (!this.#isMark(before, '=') || this.#frames.at(-1)?.callee !== undefined) return undefined;
    let at = before - 1;
    if (this.#isMark(at, ':')) return this.#word(at - 1);
    while (/^(?:string|String|str|static)$/.test(this.#word(at) ?? '') || this.#isMark(at, '&') || this.#isMark(at, ':')) at--;
    return this.#word(at);
  }

  #nameAt(offset: number): string {
    return `${baseName(this.#file)}:${this.#lines.positionAt(offset).line + 1}`;
  }

  // Results

  #include(chain: Chain, frame: Frame): void {
    if (this.#includingFrame !== frame.index) this.#included.push({ path: chain.value.text, range: chain.range });
    this.#includingFrame = frame.index;
  }

  #refuse({ range }: Chain): void {
    this.#unusable.push({ file: this.#file, range, reason: joinedAtRunTime });
  }

  #take(chain: Chain, styles: ReadonlySet<PlaceholderStyle>, holes: readonly Hole[], name: string | undefined): void {
    const { queries, unusable } = this.#read(chain, styles, holes, name);
    this.#queries.push(...queries);
    this.#unusable.push(...unusable);
  }

  /** A constant counts only when it can be nothing but SQL: a sentence may begin with Select or Update, too. */
  #takeConstant(chain: Chain, name: string): void {
    const found = this.#read(chain, this.#rules.styles, [], name);
    if (!looksLikeSql(chain.value.text) && !markerIn(chain.value.text)) return;
    this.#constants.add(name);
    this.#queries.push(...found.queries);
    this.#unusable.push(...found.unusable);
  }

  #read({ value }: Chain, styles: ReadonlySet<PlaceholderStyle>, holes: readonly Hole[], name: string | undefined): FoundQueries {
    return queriesIn(value, {
      file: this.#file,
      styles,
      holes,
      nameOf: (statement, index) => {
        const marker = markerIn(value.text.slice(statement.leadStart, statement.start))?.name;
        if (marker !== undefined) return marker;
        if (name === undefined || plainNames.test(name)) return this.#nameAt(sourceRange(value, statement.start, statement.end).start);
        return index === 0 ? name : `${name}:${index + 1}`;
      },
    });
  }

  #isMark(index: number, mark: string): boolean {
    const token = this.#tokens[index];
    return token?.kind === 'mark' && token.text === mark;
  }

  #word(index: number): string | undefined {
    const token = this.#tokens[index];
    return token?.kind === 'word' ? token.text : undefined;
  }
}

function escaped(word: string): string {
  return word.replace(/\$/g, '\\$');
}
