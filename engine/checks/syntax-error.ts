import type { Check } from './check';

export const check: Check = {
  id: 'syntax-error',
  hazards: [],
  group: 'syntax',
  severity: 'error',
  summary: 'A statement is not valid PostgreSQL.',
  *script({ statements }) {
    for (const statement of statements) {
      if (statement.unterminated) {
        const { what, start } = statement.unterminated;
        yield {
          range: { start, end: Math.min(statement.end, start + 2) },
          message: `This ${what} never ends, so the migration cannot run.`,
        };
      } else if (statement.error && !statement.sent?.guessed) {
        const { message, offset, end } = statement.error;
        yield { range: { start: offset, end }, message: `PostgreSQL cannot parse this statement: ${message}.` };
      }
    }
  },
};
