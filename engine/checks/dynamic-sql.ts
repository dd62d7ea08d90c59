import { bodyOf } from '../sql/inner-statements';
import type { Check } from './check';

export const check: Check = {
  id: 'dynamic-sql',
  hazards: ['P60'],
  group: 'execution',
  severity: 'hint',
  summary: 'What a block executes depends on data, so another database may run another statement.',
  *statement({ statement, observation }) {
    const body = bodyOf(statement);
    if (body?.kind !== 'block') return;
    for (const range of body.dynamic) {
      yield {
        range,
        message: `Which statement runs here is decided by what the database holds at that moment${observation && !observation.error ? '; the embedded database shows only what it does on the rows that it has' : ''}. Write the statements out where they are known, so that they can be checked.`,
      };
    }
  },
};
