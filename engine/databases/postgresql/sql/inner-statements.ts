import { stringConstant } from './quoting';
import type { FuncCall } from '@pgsql/types';
import type { TextRange } from '../../../core/text';
import { Lexer } from './lexer';
import { constantText, fieldsOf, fieldsOfEach, nameParts, nodeEntry, nodeType } from './nodes';
import { parseStatements } from './parser';
import { entriesOf, isFields, parsePlpgsql, type PlpgsqlExpression, type PlpgsqlStatement } from './plpgsql-tree';
import type { ParsedStatement, SqlNode } from './statement';

/** A statement inside the body of another one. Its offsets are those of the document. */
interface InnerStatement extends ParsedStatement {
  /** `execute` for a statement in a constant string that PL/pgSQL's EXECUTE runs. */
  readonly via: 'body' | 'execute';
  /** False when the text does not stand in the document letter by letter: the range is then that of the code that makes it. */
  readonly exact: boolean;
}

/** The code in a DO block, function or procedure. */
interface Body {
  /** `block` runs at once, `routine` when somebody calls it. */
  readonly kind: 'block' | 'routine';
  readonly language: string;
  /** Where the code stands in the document, without its quotes. */
  readonly range: TextRange;
  /** In the order of the code. Empty when the language is not read here or the code does not parse. */
  readonly statements: readonly InnerStatement[];
  /** Expressions of EXECUTE whose text is known only when they run. */
  readonly dynamic: readonly TextRange[];
}

const cache = new WeakMap<SqlNode, { readonly start: number; readonly body: Body | undefined }>();

/**
 * The body of a DO block, CREATE FUNCTION or CREATE PROCEDURE in PL/pgSQL or SQL that is given as a string (not BEGIN ATOMIC);
 * undefined for any other statement. `loadSqlParser` must have been awaited.
 */
export function bodyOf(statement: ParsedStatement): Body | undefined {
  const { node } = statement;
  if (!node || !(nodeType(node) === 'DoStmt' || nodeType(node) === 'CreateFunctionStmt')) return undefined;
  const known = cache.get(node);
  if (known?.start === statement.start) return known.body;
  const body = readBody(statement, node);
  cache.set(node, { start: statement.start, body });
  return body;
}

/** The code of a DO block, function or procedure that is given as a string, and where it stands. */
export interface Code {
  /** The value of the string. */
  readonly text: string;
  readonly language: string;
  /** Where it stands in the document, without its quotes. */
  readonly range: TextRange;
  /** True when the document has its characters as they are. */
  readonly exact: boolean;
}

/** The code of a statement as `bodyOf` reads it; undefined for statements without code, and for BEGIN ATOMIC. */
export function codeOf(statement: ParsedStatement): Code | undefined {
  const { node } = statement;
  const options = fieldsOf(node, 'DoStmt')?.args ?? fieldsOf(node, 'CreateFunctionStmt')?.options;
  const option = (name: string) => fieldsOfEach(options, 'DefElem').find(({ defname }) => defname === name)?.arg;
  const text = nameParts(option('as'))[0];
  const literal = text === undefined ? undefined : literalWith(statement, text);
  if (text === undefined || !literal) return undefined;
  const language = (nameParts(option('language'))[0] ?? 'plpgsql').toLowerCase();
  return { text, language, range: { start: statement.start + literal.start, end: statement.start + literal.end }, exact: literal.exact };
}

function readBody(statement: ParsedStatement, node: SqlNode): Body | undefined {
  const code = codeOf(statement);
  if (!code) return undefined;
  const { text, language, range, exact } = code;
  const kind = nodeType(node) === 'DoStmt' ? 'block' : 'routine';
  const empty: Body = { kind, language, range, statements: [], dynamic: [] };
  if (language === 'sql') return exact ? { ...empty, statements: sqlIn(text, range.start, 'body') } : empty;
  return language === 'plpgsql' ? { ...empty, ...plpgsqlIn(statement, text, range, exact) } : empty;
}

/** The string literal with the given value in the statement; `exact` when its characters are the value's. */
function literalWith({ text }: ParsedStatement, value: string): { start: number; end: number; exact: boolean } | undefined {
  const lexer = new Lexer(text);
  for (let at = 0; lexer.read(at, text.length); at = lexer.end) {
    if (lexer.kind !== 'string' && lexer.kind !== 'dollar-quote') continue;
    const token = text.slice(lexer.start, lexer.end);
    const mark = lexer.kind === 'string' ? token.indexOf("'") + 1 : (/^\$[^$]*\$/.exec(token)?.[0].length ?? 0);
    const end = lexer.end - (lexer.kind === 'string' ? 1 : mark);
    const inner = text.slice(lexer.start + mark, end);
    if (inner === value) return { start: lexer.start + mark, end, exact: true };
    if (lexer.kind === 'string' && inner.replaceAll("''", "'") === value) return { start: lexer.start + mark, end, exact: false };
  }
  return undefined;
}

function sqlIn(code: string, start: number, via: InnerStatement['via']): InnerStatement[] {
  return parseStatements(code)
    .filter(({ kind }) => kind === 'sql')
    .map((statement) => ({
      ...statement,
      start: statement.start + start,
      end: statement.end + start,
      leadStart: statement.leadStart + start,
      tailEnd: statement.tailEnd + start,
      error: statement.error && { ...statement.error, offset: statement.error.offset + start, end: statement.error.end + start },
      offsetOf: (location) => statement.offsetOf(location) + start,
      via,
      exact: true,
    }));
}

/** One piece of SQL in PL/pgSQL code, as its parser gives it: the line of its statement, from 1, and its text. */
interface Piece {
  readonly line: number;
  readonly query: string;
  readonly kind: 'statement' | 'execute' | 'expression';
}

function plpgsqlIn(whole: ParsedStatement, code: string, range: TextRange, exact: boolean): Pick<Body, 'statements' | 'dynamic'> {
  const pieces: Piece[] = [];
  collect(parsePlpgsql(whole, range), 1, pieces);
  const lines = lineStarts(code);
  const statements: InnerStatement[] = [];
  const dynamic: TextRange[] = [];
  const used = new Set<number>();
  for (const { line, query, kind } of pieces) {
    const from = lines[line - 1] ?? 0;
    // PERFORM is SELECT in the parser's text.
    const written = code.includes(query, from) || !query.startsWith('SELECT ') ? query : query.slice('SELECT '.length);
    let at = exact ? code.indexOf(written, from) : -1;
    while (at >= 0 && used.has(at)) at = code.indexOf(written, at + 1);
    used.add(at);
    const place = at < 0 ? range : { start: range.start + at, end: range.start + at + written.length };
    const isExact = at >= 0 && written === query;
    if (kind === 'execute') statements.push(...executed(query, place, at >= 0, dynamic));
    else if (kind === 'expression') statements.push(...inexact(`SELECT ${query}`, place, 'body'));
    else statements.push(...(isExact ? sqlIn(query, place.start, 'body') : inexact(query, place, 'body')));
  }
  return { statements: statements.sort((a, b) => a.start - b.start), dynamic };
}

/** The statements in the constant string that an EXECUTE runs; the place goes to `dynamic` when it is not constant. */
function executed(expression: string, place: TextRange, found: boolean, dynamic: TextRange[]): InnerStatement[] {
  const select = parseStatements(`SELECT ${expression}`)[0]?.node;
  const target = fieldsOf(fieldsOf(select, 'SelectStmt')?.targetList?.[0], 'ResTarget');
  const text = joinedText(target?.val);
  if (text === undefined) {
    dynamic.push(place);
    return [];
  }
  const literal = found ? literalWith({ text: expression } as ParsedStatement, text) : undefined;
  return literal?.exact ? sqlIn(text, place.start + literal.start, 'execute') : inexact(text, place, 'execute');
}

function inexact(query: string, place: TextRange, via: InnerStatement['via']): InnerStatement[] {
  return parseStatements(query)
    .filter(({ kind }) => kind === 'sql')
    .map((statement) => ({
      ...statement,
      ...place,
      leadStart: place.start,
      tailEnd: place.end,
      offsetOf: () => place.start,
      via,
      exact: false,
    }));
}

/** The value of an expression of string constants: literals, `||`, `format` with constants, `quote_ident`; else undefined. */
function joinedText(node: SqlNode | undefined): string | undefined {
  if (!node) return undefined;
  const [type, inner] = nodeEntry(node);
  switch (type) {
    case 'A_Const':
      return constantText(node);
    case 'TypeCast':
      return joinedText(inner.arg);
    case 'A_Expr': {
      const left = joinedText(inner.lexpr);
      const right = joinedText(inner.rexpr);
      return nameParts(inner.name)[0] === '||' && left !== undefined && right !== undefined ? left + right : undefined;
    }
    case 'FuncCall':
      return constantCall(inner);
    default:
      return undefined;
  }
}

function constantCall({ funcname, args = [] }: FuncCall): string | undefined {
  const values = args.map(joinedText);
  if (values.some((value) => value === undefined)) return undefined;
  const [first, ...others] = values.map((value) => value ?? '');
  const name = nameParts(funcname).at(-1);
  if (first === undefined) return undefined;
  if (name === 'quote_ident') return quotedName(first);
  if (name === 'quote_literal') return stringConstant(first);
  if (name !== 'format' || /%(?:\d+\$|-|\*|\d)/.test(first)) return undefined;
  const remaining = others[Symbol.iterator]();
  return first.replace(/%([%IsL])/g, (_, kind: string) => {
    if (kind === '%') return '%';
    const value = remaining.next().value ?? '';
    return kind === 'I' ? quotedName(value) : kind === 'L' ? stringConstant(value) : value;
  });
}

function quotedName(name: string): string {
  return /^[a-z_][a-z0-9_$]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

/** Names of the fields that hold a statement's SQL, by the kind of the PL/pgSQL statement. Other expressions can only read. */
const queryFields: Readonly<Record<string, 'sqlstmt' | 'expr' | 'query'>> = {
  PLpgSQL_stmt_execsql: 'sqlstmt',
  PLpgSQL_stmt_perform: 'expr',
  PLpgSQL_stmt_call: 'expr',
  PLpgSQL_stmt_dynexecute: 'query',
  PLpgSQL_stmt_dynfors: 'query',
  PLpgSQL_stmt_fors: 'query',
  PLpgSQL_stmt_return_query: 'query',
};

function collect(value: unknown, line: number, pieces: Piece[]): void {
  if (Array.isArray(value)) {
    for (const each of value) collect(each, line, pieces);
    return;
  }
  for (const [type, inner] of entriesOf(value)) {
    if (!isFields(inner)) {
      collect(inner, line, pieces);
      continue;
    }
    const { lineno = line } = inner as PlpgsqlStatement;
    const field = queryFields[type];
    const query = field && (inner as PlpgsqlStatement)[field]?.PLpgSQL_expr?.query;
    if (query) pieces.push({ line: lineno, query, kind: /dyn/.test(type) ? 'execute' : 'statement' });
    const expression = type === 'PLpgSQL_expr' ? (inner as PlpgsqlExpression).query : undefined;
    if (expression !== undefined && /\bselect\b/i.test(expression)) {
      pieces.push({ line, query: expression.replace(/^[\w."[\]]+\s*:?=\s*/, ''), kind: 'expression' });
    }
    for (const [name, child] of entriesOf(inner)) if (name !== field || !query) collect({ [name]: child }, lineno, pieces);
  }
}

function lineStarts(code: string): number[] {
  const starts = [0];
  for (const match of code.matchAll(/\n/g)) starts.push(match.index + 1);
  return starts;
}
