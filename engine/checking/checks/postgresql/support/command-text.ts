import type { ColumnDef, Constraint } from '@pgsql/types';
import type { TextRange } from '../../../../core/text';
import { type AlterTableCommand, alterTableCommands, fieldsOf } from '../../../../databases/postgresql/sql/nodes';
import { Lexer } from '../../../../databases/postgresql/sql/lexer';
import type { ParsedStatement } from '../../../../databases/postgresql/sql/statement';
import { constraintsOf } from './column-definitions';
import { headOf } from './evidence';

/** The range of the name that begins at the byte location, with its schema and quotes: `sales."Orders"`. */
export function writtenName(statement: ParsedStatement, location: number | undefined): TextRange | undefined {
  if (location === undefined) return undefined;
  const start = statement.offsetOf(location) - statement.start;
  const part = String.raw`(?:"(?:[^"]|"")+"|[\p{L}_][\p{L}\p{N}_$]*)`;
  const match = new RegExp(String.raw`^${part}(?:\s*\.\s*${part})*`, 'u').exec(statement.text.slice(start));
  return match ? { start: statement.start + start, end: statement.start + start + match[0].length } : undefined;
}

/** The name of the statement's table as it is written there; undefined where the tree names none. */
export function writtenTable(statement: ParsedStatement, type: 'AlterTableStmt' | 'IndexStmt'): string | undefined {
  const range = rangeOfTable(statement, type);
  return range && textOf(statement, range);
}

/** Where the statement names its table. */
export function rangeOfTable(statement: ParsedStatement, type: 'AlterTableStmt' | 'IndexStmt'): TextRange | undefined {
  return writtenName(statement, fieldsOf(statement.node, type)?.relation?.location);
}

/** A part of the statement's text, by document offsets. */
export function textOf(statement: ParsedStatement, { start, end }: TextRange): string {
  return statement.text.slice(start - statement.start, end - statement.start);
}

/** Where each command of ALTER TABLE stands, without the commas between them; undefined where that cannot be told for certain. */
function commandRanges(statement: ParsedStatement): readonly TextRange[] | undefined {
  const table = rangeOfTable(statement, 'AlterTableStmt');
  if (!table || !statement.node) return undefined;
  const { text, start } = statement;
  const lexer = new Lexer(text);
  const ranges: TextRange[] = [];
  let depth = 0;
  let first: number | undefined;
  let last = 0;
  const close = (): void => {
    if (first !== undefined) ranges.push({ start: start + first, end: start + last });
    first = undefined;
  };
  for (let at = table.end - start; lexer.read(at, text.length); at = lexer.end) {
    if (isGap(lexer)) continue;
    const token = text.slice(lexer.start, lexer.end);
    if (token === '(' || token === '[') depth++;
    if (token === ')' || token === ']') depth--;
    if (token === ',' && depth === 0) close();
    else if (!(token === '*' && ranges.length === 0 && first === undefined)) {
      first ??= lexer.start;
      last = lexer.end;
    }
  }
  close();
  return ranges.length === alterTableCommands(statement.node).length ? ranges : undefined;
}

function isGap({ kind }: Lexer): boolean {
  return kind === 'space' || kind === 'comment' || kind === 'line-comment';
}

/** Where one command of ALTER TABLE stands. */
export function rangeOfCommand(statement: ParsedStatement, command: AlterTableCommand): TextRange | undefined {
  const index = alterTableCommands(statement.node).findIndex((each) => each.fields === command.fields);
  return commandRanges(statement)?.[index];
}

/** The first line of the command, where the statement has several; otherwise that of the statement. */
export function headOfCommand(statement: ParsedStatement, command: AlterTableCommand | undefined): TextRange {
  const ranges = commandRanges(statement) ?? [];
  const range = ranges.length > 1 && command ? rangeOfCommand(statement, command) : undefined;
  if (!range) return headOf(statement);
  const lineEnd = textOf(statement, range).search(/\s*[\r\n]/);
  return lineEnd < 0 ? range : { start: range.start, end: range.start + lineEnd };
}

/** Where a constraint stands in the column definition of ADD COLUMN, from its CONSTRAINT, DEFAULT, CHECK... to the next one. */
export function rangeOfColumnConstraint(
  statement: ParsedStatement,
  command: AlterTableCommand,
  column: ColumnDef,
  { location }: Constraint,
): TextRange | undefined {
  const whole = rangeOfCommand(statement, command);
  if (!whole || location === undefined) return undefined;
  const start = statement.offsetOf(location);
  const later = constraintsOf(column).flatMap(({ location: other = 0 }) => (other > location ? statement.offsetOf(other) : []));
  const limit = Math.min(whole.end, ...later);
  const end = endOfCode(statement.text, start - statement.start, limit - statement.start) + statement.start;
  return { start, end };
}

/** The end of the last token between two offsets that is no white space and no comment. */
function endOfCode(text: string, start: number, limit: number): number {
  const lexer = new Lexer(text);
  let end = start;
  for (let at = start; lexer.read(at, limit); at = lexer.end) if (!isGap(lexer)) end = lexer.end;
  return end;
}
