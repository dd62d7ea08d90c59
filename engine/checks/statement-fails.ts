import type { Check } from './check';
import { failsInShadow, headOf } from './evidence';

export const check: Check = {
  id: 'statement-fails',
  hazards: ['P46', 'P49', 'P50', 'P51'],
  group: 'execution',
  severity: 'error',
  summary: 'PostgreSQL refuses the statement when the migrations before it have run.',
  *statement(context) {
    const { observation, statement, migration } = context;
    const error = observation?.error;
    if (!error || statement.error || statement.unterminated || !failsInShadow(context)) return;
    const said = [error.message, error.detail, error.hint && `Hint: ${error.hint}`].filter(Boolean).join(' ');
    const consequence = migration.observation?.afterFailure
      ? 'PostgreSQL refuses this statement, perhaps only because an earlier migration fails'
      : 'The upgrade stops here, because PostgreSQL refuses this statement';
    yield {
      range: error.offset === undefined ? headOf(statement) : wordAt(statement, error.offset),
      severity: migration.observation?.afterFailure ? 'warning' : 'error',
      message: `${consequence}: ${said} (${error.sqlstate})`,
    };
  },
};

function wordAt(statement: { start: number; text: string }, offset: number) {
  const word = /^("[^"]*"|'[^']*'|[\p{L}\p{N}_.$]+|\S)/u.exec(statement.text.slice(offset))?.[0] ?? ' ';
  return { start: statement.start + offset, end: statement.start + offset + word.length };
}
