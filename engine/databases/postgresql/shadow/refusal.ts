import type { DatabaseError } from '../../observation';

/** Statements that an embedded server must not be given, with the reason in a person's words. */
const dangerous: readonly (readonly [RegExp, string])[] = [
  [/^copy\b[^]*\bfrom\s+stdin\b/i, 'COPY FROM STDIN reads rows from the client'],
  [/^copy\b[^]*\b(?:from|to)\s+program\b/i, 'COPY ... PROGRAM runs a program on the server’s machine'],
  [/^create\s+subscription\b/i, 'CREATE SUBSCRIPTION connects to another server'],
];

/** Statements that reach beyond the database at hand. In a transaction block the server itself refuses them, which is what a user must see. */
const outside: readonly (readonly [RegExp, string])[] = [
  [/^alter\s+system\b/i, 'ALTER SYSTEM changes the server’s configuration'],
  [/^(?:create|drop)\s+database\b/i, 'CREATE and DROP DATABASE act on other databases'],
  [/^alter\s+database\b[^]*\b(?:rename\s+to|set\s+tablespace)\b/i, 'this changes the database as a whole'],
  [/^(?:create|drop)\s+tablespace\b/i, 'tablespaces are folders on the server’s machine'],
];

/**
 * Why a statement is not run at all, or undefined when it can be. Not an error of the user's.
 * @param inTransaction whether a transaction block is open around the statement
 */
export function refusal(text: string, inTransaction: boolean): DatabaseError | undefined {
  const bare = withoutLiterals(text);
  for (const [pattern, reason] of inTransaction ? dangerous : [...dangerous, ...outside]) {
    if (pattern.test(bare)) return { sqlstate: '0A000', message: `Not run in the embedded database: ${reason}.`, gaveUp: 'refused' };
  }
  return undefined;
}

/** The text without comments, strings and quoted identifiers, so that words inside them are not taken for keywords. */
export function withoutLiterals(text: string): string {
  return text
    .replace(/--[^\n]*|\/\*[^]*?\*\/|\$(\w*)\$[^]*?\$\1\$|'(?:[^']|'')*'|"(?:[^"]|"")*"/g, (part) =>
      part.startsWith('-') || part.startsWith('/') ? ' ' : '""',
    )
    .trim();
}
