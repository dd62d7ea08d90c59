import { endOfLine, nextLine } from './lexer';

/** A place in broken SQL where the author probably ended one statement and began the next. */
export interface Boundary {
  /** End of the statement before it, without semicolon and trailing white space. */
  readonly end: number;
  /** Just after the semicolon, or `end` where there is none. */
  readonly tailEnd: number;
  /** Start of the line with the next statement. */
  readonly next: number;
}

const statementStart =
  /(?:ABORT|ALTER|ANALYZE|CALL|CHECKPOINT|CLOSE|CLUSTER|COMMENT|COMMIT|COPY|CREATE|DEALLOCATE|DELETE|DISCARD|DO|DROP|EXECUTE|EXPLAIN|GRANT|IMPORT|INSERT|LISTEN|LOAD|LOCK|MERGE|NOTIFY|PREPARE|REASSIGN|REFRESH|REINDEX|RELEASE|RESET|REVOKE|ROLLBACK|SAVEPOINT|SECURITY|SELECT|SET|SHOW|START|TABLE|TRUNCATE|UNLISTEN|UPDATE|VACUUM|VALUES|WITH|BEGIN(?=[ \t]*(?:;|TRANSACTION\b|WORK\b|ISOLATION\b|READ\b)))(?![\w$\u0080-\uffff])/iy;

/**
 * The first boundary after `from` whose next statement begins before `limit`: a line that begins in its first column with a
 * word that begins statements, and before it (comment lines apart) a line that ends with a semicolon, or a blank line.
 * Inside what may be a function body a bare BEGIN does not count.
 */
export function findBoundary(text: string, from: number, limit: number): Boundary | undefined {
  let armed: { end: number; tailEnd: number } | undefined;
  let contentEnd = from;
  let lineStart = from;
  while (lineStart < limit) {
    const lineEnd = endOfLine(text, lineStart, text.length);
    const line = text.slice(lineStart, lineEnd);
    const trimmed = line.trim();
    const isFirst = lineStart === from;
    if (!isFirst && armed && startsStatement(text, lineStart)) return { ...armed, next: lineStart };
    if (!isFirst && trimmed === '') armed ??= { end: contentEnd, tailEnd: contentEnd };
    else if (isFirst || !armed || !line.startsWith('--')) {
      const semicolon = line.startsWith('--') && !isFirst ? -1 : finalSemicolon(line);
      armed = semicolon < 0 ? undefined : { end: trimmedEnd(text, from, lineStart + semicolon), tailEnd: lineStart + semicolon + 1 };
      contentEnd = trimmedEnd(text, from, lineEnd);
    }
    lineStart = nextLine(text, lineEnd);
  }
  return undefined;
}

/** Whether a word that begins statements stands at the offset. */
function startsStatement(text: string, at: number): boolean {
  statementStart.lastIndex = at;
  return statementStart.test(text);
}

/** Moves `end` back over white space, not beyond `from`. */
export function trimmedEnd(text: string, from: number, end: number): number {
  let at = end;
  while (at > from && text.charCodeAt(at - 1) <= 32) at--;
  return at;
}

/** The semicolon that ends the line, a line comment after it apart; -1 when there is none. */
function finalSemicolon(line: string): number {
  const comment = line.indexOf('--');
  const code = (comment < 0 ? line : line.slice(0, comment)).trimEnd();
  if (code.endsWith(';')) return code.length - 1;
  const whole = line.trimEnd();
  return whole.endsWith(';') ? whole.length - 1 : -1;
}
