import { codePointToUtf16 } from '../../../core/text';
import { DatabaseFailure } from '../../target';
import { splitStatements } from '../sql/splitter';

/** The fields of an error response, as both client libraries name them. */
export interface ServerError {
  readonly message: string;
  readonly code?: string | undefined;
  readonly severity?: string | undefined;
  readonly detail?: string | undefined;
  readonly hint?: string | undefined;
  readonly where?: string | undefined;
  /** Counts code points from 1, in the text that was sent. */
  readonly position?: string | number | undefined;
  /** Statements of the message that had run before it. */
  readonly completed?: number;
}

/** @param sql the message that was sent, of one or more statements */
export function databaseFailure(error: ServerError, sql: string): DatabaseFailure {
  const position = Number(error.position ?? 0);
  return new DatabaseFailure(
    {
      sqlstate: error.code ?? 'XX000',
      message: error.message,
      detail: error.detail || undefined,
      hint: error.hint || undefined,
      where: error.where || undefined,
      offset: position > 0 ? codePointToUtf16(sql, position - 1) : placeIn(sql, error),
    },
    { cause: error, sql },
  );
}

/** The start of the statement that failed; in a DO block, of the line that its context names. */
function placeIn(sql: string, { completed = 0, where = '' }: ServerError): number | undefined {
  const statement = splitStatements(sql).filter(({ kind }) => kind === 'sql')[completed];
  if (!statement) return undefined;
  const { text, start } = statement;
  const line = Number(/^PL\/pgSQL function inline_code_block line (\d+)\b.*$(?![^])/m.exec(where)?.[1] ?? 1);
  const body = /^do\b/i.test(text) ? /\$\w*\$/.exec(text) : null;
  if (!body || line === 1) return start;
  const before = text
    .slice(body.index)
    .split('\n')
    .slice(0, line - 1);
  return start + body.index + before.join('\n').length + 1;
}
