import type { Check } from './check';
import { headOf } from './support/evidence';

export const check: Check = {
  id: 'down-fails',
  hazards: ['P72'],
  group: 'rollback',
  severity: 'error',
  summary: 'The down script fails right after its up script has run.',
  *migration({ migration, down, roundTrip }) {
    const failure = roundTrip?.failure;
    if (!down || failure?.script !== 'down' || failure.error.gaveUp) return;
    const statement = down.statements.filter(({ kind }) => kind === 'sql')[failure.statement];
    if (!statement || statement.error || statement.sent?.guessed) return;
    const { error } = failure;
    const offset = error.offset === undefined ? undefined : (statement.sent?.toOriginal(error.offset) ?? error.offset);
    const said = [error.message, error.detail, error.hint && `Hint: ${error.hint}`].filter(Boolean).join(' ');
    yield {
      file: down.script.file,
      range:
        offset === undefined
          ? headOf(statement)
          : { start: statement.start + offset, end: Math.max(headOf(statement).end, statement.start + offset + 1) },
      message: `${migration.id} cannot be rolled back: its down script fails right after the up script. ${said} (${error.sqlstate})`,
    };
  },
};
