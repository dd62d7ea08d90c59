import type { Check } from './check';
import { fix } from './support/fixes';
import { isUsedInExpressions, statedColumns } from './support/stated-columns';

export const check: Check = {
  id: 'json-column',
  hazards: ['P80'],
  group: 'advice',
  severity: 'hint',
  looksAhead: true,
  summary: 'A column is json, which has no equality and no index and is parsed anew by every read.',
  *statement(context) {
    for (const { name, type, typeRange, how, isFree } of statedColumns(context)) {
      if (type.name !== 'json') continue;
      const mayBeBinary = how !== 'change' && isFree && !isUsedInExpressions(context.project, name);
      yield {
        range: typeRange,
        cause: '',
        message: `Queries that say DISTINCT, GROUP BY, UNION or = on ${name} fail, because json has no equality; no index supports searches inside it, and every access parses the text again. Use jsonb, unless the text must come back letter by letter, with its blanks, key order and repeated keys.`,
        fixes: mayBeBinary ? [fix(context, 'Use jsonb', [{ range: typeRange, newText: 'jsonb' }])] : [],
      };
    }
  },
};
