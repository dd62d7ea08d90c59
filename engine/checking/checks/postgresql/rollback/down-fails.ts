import type { Check } from '../../check';
import { headOf } from '../support/evidence';
import { detailsOf, wordsOf } from '../support/failure-causes';

export const check: Check = {
  id: 'down-fails',
  hazards: ['P72'],
  severity: 'error',
  summary: 'Fails when the down script runs after its up script.',
  *migration({ migration, down, roundTrip }) {
    const failure = roundTrip?.failure;
    if (!down || failure?.script !== 'down' || failure.error.gaveUp) return;
    const statement = down.statements.filter(({ kind }) => kind === 'sql')[failure.statement];
    if (!statement || statement.error || statement.sent?.guessed) return;
    const { error } = failure;
    const offset = error.offset === undefined ? undefined : (statement.sent?.toOriginal(error.offset) ?? error.offset);
    const more = detailsOf(error);
    yield {
      file: down.script.file,
      range:
        offset === undefined
          ? headOf(statement)
          : { start: statement.start + offset, end: Math.max(headOf(statement).end, statement.start + offset + 1) },
      message: `Rollback fails: ${wordsOf(error)}`,
      details: [`The down script of ${migration.id} fails right after its up script.`, ...(more === undefined ? [] : [more])].join(' '),
    };
  },
};
