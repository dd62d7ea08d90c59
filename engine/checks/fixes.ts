import type { Fix, TextEdit } from '../core/finding';
import type { TextRange } from '../core/text';
import type { ParsedStatement } from '../sql/statement';
import type { ScriptContext, StatementContext } from './check';

/** A fix of one edit in the script's own file. */
export function fix(
  { script }: Pick<StatementContext, 'script'>,
  title: string,
  edits: readonly Omit<TextEdit, 'file'>[],
  preferred = true,
): Fix {
  return { title, preferred, edits: edits.map((edit) => ({ file: script.script.file, ...edit })) };
}

/** Inserts text directly after the first match of the pattern in the statement; undefined where it does not match. */
export function insertAfter(statement: ParsedStatement, pattern: RegExp, newText: string): Omit<TextEdit, 'file'> | undefined {
  const match = pattern.exec(statement.text);
  if (!match) return undefined;
  const at = statement.start + match.index + match[0].length;
  return { range: { start: at, end: at }, newText };
}

/** Inserts text at the end of the statement, before its semicolon. */
export function appendTo(statement: ParsedStatement, newText: string): Omit<TextEdit, 'file'> {
  return { range: { start: statement.end, end: statement.end }, newText };
}

/** Replaces the statement, its semicolon left where it is. */
export function replaceStatement(statement: ParsedStatement, newText: string): Omit<TextEdit, 'file'> {
  return { range: { start: statement.start, end: statement.end }, newText };
}

/** A statement of its own on the line before, with semicolon; indented as the statement is. */
export function insertStatementBefore({ script }: ScriptContext, statement: ParsedStatement, sql: string): Omit<TextEdit, 'file'> {
  const lineStart = Math.max(script.text.lastIndexOf('\n', statement.start - 1), script.text.lastIndexOf('\r', statement.start - 1)) + 1;
  const lead = script.text.slice(lineStart, statement.start);
  const indent = /^\s*$/.test(lead) ? lead : '';
  const lineEnd = script.text.includes('\r\n') ? '\r\n' : '\n';
  return { range: { start: statement.start, end: statement.start }, newText: `${sql};${lineEnd}${indent}` };
}

/** Where a word stands in the statement, in document offsets, from an offset of the statement's text on. */
export function rangeOf(statement: ParsedStatement, pattern: RegExp): TextRange | undefined {
  const match = pattern.exec(statement.text);
  return match ? { start: statement.start + match.index, end: statement.start + match.index + match[0].length } : undefined;
}

/** True when the script's only statement is this one and no transaction is around it, so that it may become CONCURRENTLY. */
export function standsAloneOutsideTransaction({ script, statement }: StatementContext): boolean {
  const statements = script.statements.filter(({ kind }) => kind === 'sql');
  return script.script.transaction === 'none' && statements.length === 1 && statements[0] === statement;
}

/** An SQL identifier as it must be written: quoted only where it has to be. */
export function identifier(name: string): string {
  return /^[a-z_][a-z0-9_$]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}
