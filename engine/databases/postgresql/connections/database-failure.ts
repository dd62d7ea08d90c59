import { codePointToUtf16 } from '../../../core/text';
import { DatabaseFailure } from '../../target';

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
}

export function databaseFailure(error: ServerError, sql: string): DatabaseFailure {
  const position = Number(error.position ?? 0);
  return new DatabaseFailure(
    {
      sqlstate: error.code ?? 'XX000',
      message: error.message,
      detail: error.detail || undefined,
      hint: error.hint || undefined,
      where: error.where || undefined,
      offset: position > 0 ? codePointToUtf16(sql, position - 1) : undefined,
    },
    { cause: error },
  );
}
