import { type Replacement, replaceText } from '../../../core/replacement';
import { ByteIndex, codePointToUtf16 } from '../../../core/text';
import { estimateDepth } from './depth';
import { endOfLine, Lexer } from './lexer';
import { sqlParser } from './library';
import { splitStatements } from './splitter';
import type { ParsedStatement, SqlNode } from './statement';
import type { SentText, SqlSyntaxError, Statement } from '../../statement';

/**
 * Longest statement that is parsed, in UTF-16 code units. A longer one (a data dump in one INSERT) has neither node nor error:
 * its tree would take seconds and hundreds of megabytes.
 */
export const maxParsedLength = 2_000_000;

/**
 * Parses every statement of a script on its own, so that a broken one takes no other with it. Offsets are those of `sql`.
 * `statements` are the splitter's, when they are known already. Trees may be shared between calls: they are not to be changed.
 * @throws Error when `loadSqlParser` has not been awaited.
 */
export function parseStatements(sql: string, statements: readonly Statement[] = splitStatements(sql)): ParsedStatement[] {
  return statements.map((statement) => parsed(sql, statement, []));
}

/** Parses a script with the values in it that its tool puts in; offsets are those of `sql`, which holds none of them. */
export function parseScript({
  sql,
  replacements = [],
}: {
  readonly sql: string;
  readonly replacements?: readonly Replacement[] | undefined;
}) {
  return splitStatements(sql).map((statement) => parsed(sql, statement, replacements));
}

/** A parse result in terms of the statement's own text, so that it can be used wherever the text stands. */
interface TextResult {
  readonly node: SqlNode | undefined;
  readonly error: SqlSyntaxError | undefined;
  readonly bytes: ByteIndex;
}

function parsed(sql: string, statement: Statement, replacements: readonly Replacement[]): ParsedStatement {
  const { start } = statement;
  if (statement.kind !== 'sql' || statement.text.length > maxParsedLength) {
    return { ...statement, node: undefined, error: undefined, offsetOf: () => start };
  }
  const own = replacements.filter((each) => each.start >= start && each.end <= statement.end);
  const sent: SentText | undefined =
    own.length > 0 ? { ...replaceText(statement.text, own, start), guessed: own.some(({ guessed }) => guessed) } : undefined;
  const { node, error, bytes } = cachedParse(sent?.text ?? statement.text);
  const original = (offset: number) => sent?.toOriginal(offset) ?? offset;
  return {
    ...statement,
    node,
    error: error && inDocument(sql, statement, sent ? originalError(error, sent, statement.text) : error),
    offsetOf: (location) => start + original(bytes.utf16(Math.max(0, location))),
    sent,
  };
}

function originalError(error: SqlSyntaxError, sent: SentText, text: string): SqlSyntaxError {
  const offset = sent.toOriginal(error.offset);
  return { message: error.message, offset, end: Math.max(sent.toOriginal(error.end), endOfToken(text, offset)) };
}

/** Moves the error to the document; an error at the end of the statement points at its semicolon or its last character. */
function inDocument(sql: string, statement: Statement, error: SqlSyntaxError): SqlSyntaxError {
  if (error.offset < statement.text.length) {
    return { message: error.message, offset: statement.start + error.offset, end: statement.start + error.end };
  }
  const hasSemicolon = sql.charCodeAt(statement.tailEnd - 1) === 59 && statement.tailEnd > statement.end;
  if (hasSemicolon) return { message: error.message, offset: statement.tailEnd - 1, end: statement.tailEnd };
  const offset = Math.max(statement.start, lastCharacter(sql, statement.end));
  return { message: error.message, offset, end: statement.end };
}

function lastCharacter(sql: string, end: number): number {
  const code = sql.charCodeAt(end - 1);
  return code >= 0xdc00 && code < 0xe000 ? end - 2 : end - 1;
}

const cache = new Map<string, TextResult>();
const maxCachedStatements = 4000;
const maxCachedLength = 4_000_000;
let cachedLength = 0;

/** Every keystroke parses the whole document again, but changes one statement of it. Least recently used texts are forgotten first. */
function cachedParse(text: string): TextResult {
  const known = cache.get(text);
  if (known) {
    cache.delete(text);
    cache.set(text, known);
    return known;
  }
  const result = parseText(text);
  if (text.length > maxCachedLength / 4) return result;
  cache.set(text, result);
  cachedLength += text.length;
  for (const oldest of cache.keys()) {
    if (cache.size <= maxCachedStatements && cachedLength <= maxCachedLength) break;
    cache.delete(oldest);
    cachedLength -= oldest.length;
  }
  return result;
}

/** Lowered when the stack turns out to be smaller than expected: see `estimateDepth`. */
let deepestAllowed = 1500;

function parseText(text: string): TextResult {
  const bytes = new ByteIndex(text);
  const nul = text.indexOf('\0');
  if (nul >= 0) {
    const message = 'invalid character: a NUL byte cannot stand in SQL';
    return { node: undefined, error: { message, offset: nul, end: nul + 1 }, bytes };
  }
  if (text === '') return { node: undefined, error: undefined, bytes };
  if (text.length > deepestAllowed && estimateDepth(text) > deepestAllowed) return { node: undefined, error: tooDeep(text), bytes };
  try {
    return { node: firstNode(sqlParser().parseSync(text)), error: undefined, bytes };
  } catch (error) {
    return { node: undefined, error: syntaxError(text, error), bytes };
  }
}

function firstNode(tree: { readonly stmts?: readonly { readonly stmt?: unknown }[] }): SqlNode | undefined {
  return tree.stmts?.[0]?.stmt as SqlNode | undefined;
}

function syntaxError(text: string, error: unknown): SqlSyntaxError {
  if (sqlParser().hasSqlDetails(error) && error.sqlDetails) {
    const offset = codePointToUtf16(text, error.sqlDetails.cursorPosition);
    return { message: error.message, offset, end: endOfToken(text, offset) };
  }
  if (error instanceof RangeError) {
    deepestAllowed = Math.max(100, deepestAllowed >> 1);
    return tooDeep(text);
  }
  throw error;
}

function tooDeep(text: string): SqlSyntaxError {
  return { message: 'the statement is nested too deeply to be parsed', offset: 0, end: endOfToken(text, 0) };
}

/** End of the token at the offset, on the same line. */
function endOfToken(text: string, offset: number): number {
  const lexer = new Lexer(text);
  if (!lexer.read(offset, text.length)) return text.length;
  return Math.max(offset + 1, Math.min(lexer.end, endOfLine(text, offset)));
}
