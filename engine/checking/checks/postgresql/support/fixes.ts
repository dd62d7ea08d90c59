import { ignoreComments } from '../../support/ignore-comments';
import type { Fix, TextEdit } from '../../../../core/finding';
import type { TextRange } from '../../../../core/text';
import { noTransactionEdit } from '../../../../inputs/scripts/index';
import type { ParsedStatement } from '../../../../databases/postgresql/sql/statement';
import type { ScriptContext, StatementContext } from '../../../context/context';
import { transactionOf } from './transactions';

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

/** A statement of its own on the line before, above the comments that ignore something in the statement; indented as what follows is. */
export function insertStatementBefore(
  { script, statements }: ScriptContext,
  statement: ParsedStatement,
  sql: string,
): Omit<TextEdit, 'file'> {
  const own = ignoreComments(script.text, statements).filter(
    ({ scope, silences, range }) => scope === 'statement' && silences.end === statement.end && range.end <= statement.start,
  );
  const start = Math.min(statement.start, ...own.map(({ range }) => range.start));
  const lineStart = Math.max(script.text.lastIndexOf('\n', start - 1), script.text.lastIndexOf('\r', start - 1)) + 1;
  const lead = script.text.slice(lineStart, start);
  const indent = /^\s*$/.test(lead) ? lead : '';
  const lineEnd = script.text.includes('\r\n') ? '\r\n' : '\n';
  return { range: { start, end: start }, newText: `${sql};${lineEnd}${indent}` };
}

/** Takes a statement away with its semicolon, and its line where nothing else stands on it. */
export function removeStatement({ script }: ScriptContext, { start, tailEnd }: ParsedStatement): Omit<TextEdit, 'file'> {
  const [lead = ''] = /[^\r\n]*$/.exec(script.text.slice(0, start)) ?? [];
  const [rest = ''] = /^[^\r\n]*(?:\r\n|\n|\r)?/.exec(script.text.slice(tailEnd)) ?? [];
  const isAlone = lead.trim() === '' && rest.trim() === '';
  return { range: isAlone ? { start: start - lead.length, end: tailEnd + rest.length } : { start, end: tailEnd }, newText: '' };
}

/** Where a word stands in the statement, in document offsets, from an offset of the statement's text on. */
export function rangeOf(statement: ParsedStatement, pattern: RegExp): TextRange | undefined {
  const match = pattern.exec(statement.text);
  return match ? { start: statement.start + match.index, end: statement.start + match.index + match[0].length } : undefined;
}

/**
 * What has to change around the statement so that it may become CONCURRENTLY: nothing where no transaction is around it,
 * the layout's header where the runner opens one and the statement is alone in its script. Undefined where it cannot.
 */
export function leavingTransaction(context: StatementContext): readonly TextEdit[] | undefined {
  const { script, statement, project, inside } = context;
  if (inside) return undefined;
  const statements = script.statements.filter(({ kind }) => kind === 'sql');
  if (!statements.includes(statement)) return undefined;
  const { openedBy } = transactionOf(context);
  if (openedBy === 'none') return [];
  const edit = openedBy === 'runner' && statements.length === 1 && project.directory && noTransactionEdit(project.directory, script.script);
  return edit ? [edit] : undefined;
}

/** True when the statement may become several that are sent one by one, so that each can be CONCURRENTLY. */
export function sendsOneByOne({ project, script }: StatementContext): boolean {
  return (script.script.sends ?? project.directory?.runner.sends) === 'statements';
}

/** How people make a migration run outside a transaction, to put behind `outside a transaction`; empty where the runner opens none. */
export function headerHint({ project }: StatementContext): string {
  const header = project.directory?.runner.noTransaction;
  return header === undefined ? '' : ` (${header})`;
}
