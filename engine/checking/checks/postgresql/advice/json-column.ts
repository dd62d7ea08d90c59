import type { Check } from '../../check';
import { fix } from '../support/fixes';
import { isUsedInExpressions, statedColumns } from '../support/stated-columns';

export const check: Check = {
  id: 'json-column',
  hazards: ['P80'],
  severity: 'hint',
  looksAhead: true,
  summary: 'Declares a column as json, which has no equality operator, supports no index and is parsed on every access.',
  *statement(context) {
    for (const { name, type, typeRange, how, isFree } of statedColumns(context)) {
      if (type.name !== 'json') continue;
      const mayBeBinary = how !== 'change' && isFree && !isUsedInExpressions(context.project, name);
      yield {
        range: typeRange,
        cause: '',
        message: `DISTINCT, GROUP BY and = fail on ${name}: json has no equality operator`,
        details: 'No index supports searches inside the document, and each access parses the text again.',
        advice: 'Use jsonb, unless the text must keep its whitespace, key order and duplicate keys.',
        fixes: mayBeBinary ? [fix(context, 'Use jsonb', [{ range: typeRange, newText: 'jsonb' }])] : [],
      };
    }
  },
};
