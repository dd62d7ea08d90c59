import type { Node } from '@pgsql/types';
import type { TextRange } from '../../../core/text';

/**
 * One statement of a script as the splitter sees it, whether it parses or not.
 * Offsets are UTF-16 offsets in the document that holds the script.
 */
export interface Statement extends TextRange {
  /** From the first token to the last token before the semicolon; no comments or white space around it. */
  readonly text: string;
  /** Where the statement's territory begins: just after the previous statement's semicolon. Comments before the statement are between this and `start`. */
  readonly leadStart: number;
  /** Just after the semicolon, or `end` where there is none. Territories of consecutive statements touch. */
  readonly tailEnd: number;
  /** `sql` for what the server understands, `copy-data` for the rows after COPY ... FROM STDIN, `meta` for a psql backslash command. */
  readonly kind: 'sql' | 'copy-data' | 'meta';
  /** Set where a quote, dollar quote or comment never ends; the splitter then resumes at the next likely statement start. */
  readonly unterminated?: { readonly what: string; readonly start: number };
}

/**
 * A node of PostgreSQL's own parse tree, as libpg-query returns it: `{ IndexStmt: { ...fields } }`. Fields that have their
 * default value and empty lists are absent, enums are the names of their values, and where the grammar allows one type only, its fields stand
 * bare. An empty element of a list is `{}`.
 */
export type SqlNode = Node;

export interface SqlSyntaxError {
  readonly message: string;
  /** UTF-16 offset in the document. */
  readonly offset: number;
  /** End of the token at fault. */
  readonly end: number;
}

/** A statement with its parse tree, or with the error that prevented one. */
export interface ParsedStatement extends Statement {
  /** Undefined when the statement does not parse or is not `sql`. */
  readonly node: SqlNode | undefined;
  readonly error: SqlSyntaxError | undefined;
  /** The document offset of a byte location in the parse tree of this statement. */
  offsetOf(location: number): number;
  /** What the server is sent in place of `text`, where placeholders or variables stand in it. The parse tree is of this. */
  readonly sent?: SentText;
}

/** The text of a statement after its tool put values in. */
export interface SentText {
  readonly text: string;
  /** The offset in the statement's own text of an offset in this one. */
  toOriginal(offset: number): number;
  /** True when a value in it is only a stand-in, so that its failures mean nothing. */
  readonly guessed?: boolean;
}
