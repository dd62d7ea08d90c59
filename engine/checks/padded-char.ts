import type { Check } from './check';
import { fix } from './support/fixes';
import { statedColumns } from './support/stated-columns';

export const check: Check = {
  id: 'padded-char',
  hazards: ['P78'],
  group: 'advice',
  severity: 'hint',
  summary: 'A column is char with a length, so its values are filled up with blanks.',
  *statement(context) {
    for (const { name, type, typeRange, isFree } of statedColumns(context)) {
      const [length] = type.lengths;
      if (type.name !== 'char' || length === undefined) continue;
      yield {
        range: typeRange,
        cause: '',
        message: `Clients read ${name} filled up with blanks to ${length} characters, comparisons ignore blanks at the end but LIKE and casts do not, and the blanks take space in the table and in its indexes. Use text; where every value has ${length} characters, state it as CHECK (char_length(${name}) = ${length}).`,
        fixes: isFree ? [fix(context, 'Use text', [{ range: typeRange, newText: 'text' }])] : [],
      };
    }
  },
};
