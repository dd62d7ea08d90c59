import type { Check } from './check';
import { fix } from './support/fixes';
import { statedColumns } from './support/stated-columns';

export const check: Check = {
  id: 'limited-varchar',
  hazards: ['P77'],
  group: 'advice',
  severity: 'hint',
  optIn: true,
  summary: 'A column is varchar with a length, which has to be changed under a lock when a longer value comes.',
  *statement(context) {
    for (const { name, type, typeRange, isFree } of statedColumns(context)) {
      const [length] = type.lengths;
      if (type.name !== 'varchar' || length === undefined) continue;
      yield {
        range: typeRange,
        message: `Once a value of ${name} is longer than ${length} characters, writes fail until the type is changed, and that takes an ACCESS EXCLUSIVE lock. The length saves no space. Use text; where the limit is a rule of the business, state it as CHECK (char_length(${name}) <= ${length}), which can be replaced without blocking reads and writes for long.`,
        fixes: isFree ? [fix(context, 'Use text', [{ range: typeRange, newText: 'text' }])] : [],
      };
    }
  },
};
