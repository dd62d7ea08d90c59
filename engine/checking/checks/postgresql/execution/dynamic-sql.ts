import { bodyOf } from '../../../../databases/postgresql/sql/inner-statements';
import type { Check } from '../../check';

export const check: Check = {
  id: 'dynamic-sql',
  hazards: ['P60'],
  severity: 'hint',
  summary: 'Executes a statement that depends on data, so databases may run different statements.',
  *statement({ statement, observation }) {
    const body = bodyOf(statement);
    if (body?.kind !== 'block') return;
    for (const range of body.dynamic) {
      yield {
        range,
        message: 'The executed statement depends on what the database contains',
        details: `The checks see ${observation && !observation.error ? 'only the statements that the embedded database executes' : 'none of the executed statements'}.`,
        advice: 'Write the statements out where they are known.',
      };
    }
  },
};
