import { codePointToUtf16 } from '../../../core/text';
import type { DatabaseError } from '../../observation';
import type { ServerError } from './wire';

/** The server's error as the contract has it: its position becomes a UTF-16 offset in the statement's text. */
export function databaseError(error: ServerError, text: string): DatabaseError {
  const { position, ...rest } = error;
  return position === undefined ? rest : { ...rest, offset: codePointToUtf16(text, position - 1) };
}
