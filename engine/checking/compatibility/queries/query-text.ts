import { Lexer } from '../../../databases/postgresql/sql/lexer';
import { parseStatements } from '../../../databases/postgresql/sql/parser';
import { splitStatements } from '../../../databases/postgresql/sql/splitter';
import type { ParsedStatement } from '../../../databases/postgresql/sql/statement';
import type { Statement } from '../../../databases/statement';
import { type MappedText, slice, sourceRange } from './mapped-text';
import { type Hole, type PlaceholderOptions, rewritePlaceholders } from './placeholders';
import type { ReleaseQuery, UnusableQuery } from './release-query';

const queryWords = new Set(['select', 'insert', 'update', 'delete', 'with', 'merge', 'values', 'call']);
const queryNodes = new Set(['SelectStmt', 'InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt', 'CallStmt']);

export const joinedAtRunTime = 'It is built at run time, so its text is not known.';

/** The word that a query begins with, comments and parentheses before it apart; undefined for all other text. */
export function firstQueryWord(text: string): { readonly text: string; readonly start: number } | undefined {
  const lexer = new Lexer(text);
  for (let at = 0; lexer.read(at, text.length); at = lexer.end) {
    const { kind, start, end } = lexer;
    if (kind === 'space' || kind === 'comment' || kind === 'line-comment' || kind === 'open' || kind === 'semicolon') continue;
    const word = text.slice(start, Math.min(end, start + 10));
    return kind === 'word' && queryWords.has(word.toLowerCase()) ? { text: word, start } : undefined;
  }
  return undefined;
}

/** Whether a text that begins like a query also goes on like one, and not like a sentence. */
export function looksLikeSql(text: string): boolean {
  const first = firstQueryWord(text);
  if (!first || /^[A-Z][a-z]/.test(first.text)) return false;
  const rest = text.slice(first.start + first.text.length);
  const isUpper = first.text === first.text.toUpperCase();
  return continuations[first.text.toLowerCase()]?.test(rest) === true && (isUpper || /[=*$(),\n]/.test(rest));
}

const continuations: Readonly<Record<string, RegExp>> = {
  select: /\bfrom\b|\w\(/i,
  insert: /^\s+into\b/i,
  update: /\bset\b/i,
  delete: /^\s+from\b/i,
  with: /\bas\s+(?:not\s+)?(?:materialized\s*)?\(/i,
  merge: /^\s+into\b/i,
  values: /^\s*\(/,
  call: /^\s+[\w.]+\s*\(/,
};

interface TextOptions extends Omit<PlaceholderOptions, 'holes'> {
  readonly file: string;
  /** Holes of the whole text. */
  readonly holes?: readonly Hole[];
  /** The name of the statement with a place in the text, from 0 among the queries. */
  readonly nameOf: (statement: Statement, index: number) => string;
}

export interface FoundQueries {
  readonly queries: readonly ReleaseQuery[];
  readonly unusable: readonly UnusableQuery[];
}

/** The queries among the statements of a text; all others (DDL, transactions, psql commands) are left out. */
export function queriesIn(source: MappedText, options: TextOptions): FoundQueries {
  const queries: ReleaseQuery[] = [];
  const unusable: UnusableQuery[] = [];
  let index = 0;
  for (const statement of splitStatements(source.text)) {
    if (statement.kind !== 'sql' || !firstQueryWord(statement.text)) continue;
    const name = options.nameOf(statement, index++);
    const { unterminated } = statement;
    // `$$names` is no quote where it is a parameter.
    if (unterminated && !(options.styles.has('dollar') && source.text[unterminated.start] === '$')) {
      const { what, start } = unterminated;
      unusable.push({
        file: options.file,
        range: sourceRange(source, start, start + 1),
        reason: `The ${what} that starts here has no end.`,
      });
      continue;
    }
    const part = slice(source, statement.start, statement.end);
    const holes = options.holes
      ?.filter(({ at }) => at >= statement.start && at < statement.end)
      .map((hole) => ({ ...hole, at: hole.at - statement.start }));
    const result = prepared(part, { ...options, holes: holes ?? [] }, name);
    if ('sql' in result) queries.push(result);
    else unusable.push(result);
  }
  return { queries, unusable };
}

function prepared(part: MappedText, options: TextOptions, name: string): ReleaseQuery | UnusableQuery {
  const { file } = options;
  const rewritten = rewritePlaceholders(part, options);
  if (!rewritten.ok) return { file, range: sourceRange(part, rewritten.at, rewritten.end), reason: joinedAtRunTime };
  const { statement, parameters } = rewritten;
  const sql = statement.text;
  const range = sourceRange(part, 0, part.text.length);
  const [parsed, another] = parseStatements(sql);
  if (!parsed || another) return { file, range, reason: 'It is not a single statement after its parameters are filled in.' };
  if (parsed.error) return { file, range: errorRange(statement, parsed), reason: whyBroken(parsed.error.message, options) };
  const [type = ''] = Object.keys(parsed.node ?? {});
  if (!queryNodes.has(type)) return { file, range, reason: 'It is too long, or does not read or change rows.' };
  return { name, sql, parameters, file, range, pieces: statement.pieces };
}

function errorRange(statement: MappedText, { error }: ParsedStatement): UnusableQuery['range'] {
  const end = statement.text.length;
  const start = Math.min(error?.offset ?? 0, end - 1);
  return sourceRange(statement, start, Math.max(start + 1, Math.min(error?.end ?? end, end)));
}

function whyBroken(message: string, { holes = [] }: TextOptions): string {
  if (holes.length > 0) return `It does not parse with a parameter in place of the inserted text (${message}).`;
  if (message.endsWith('at end of input')) return 'It ends in the middle; the rest may be added at run time.';
  return `It does not parse: ${message}.`;
}
