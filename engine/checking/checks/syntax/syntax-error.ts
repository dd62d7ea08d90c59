import type { Check } from '../check';

/** Longest message of the parser that the headline quotes. */
const longestWords = 72;

export const check: Check = {
  id: 'syntax-error',
  hazards: [],
  severity: 'error',
  summary: 'Contains a statement that PostgreSQL cannot parse.',
  *script({ statements }) {
    for (const statement of statements) {
      if (statement.unterminated) {
        const { what, start } = statement.unterminated;
        yield {
          range: { start, end: Math.min(statement.end, start + 2) },
          message: `Fails: this ${what} is not terminated`,
        };
      } else if (statement.error && !statement.sent?.guessed) {
        const { message, offset, end } = statement.error;
        const isLong = message.length > longestWords;
        yield {
          range: { start: offset, end },
          message: isLong ? 'Fails: PostgreSQL cannot parse the statement' : `Fails: ${message}`,
          details: isLong ? `PostgreSQL reports: ${message}.` : undefined,
        };
      }
    }
  },
};
