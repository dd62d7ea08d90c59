import { identifier } from '../../../../databases/postgresql/sql/quoting';
import type { Check } from '../../check';
import { fix } from '../support/fixes';
import { statedColumns } from '../support/stated-columns';

export const check: Check = {
  id: 'padded-char',
  hazards: ['P78'],
  severity: 'hint',
  summary: 'Declares a column as char(n), whose values are padded with blanks.',
  *statement(context) {
    for (const { name, type, typeRange, isFree } of statedColumns(context)) {
      const [length] = type.lengths;
      if (type.name !== 'char' || length === undefined) continue;
      const characters = `${length} character${length === 1 ? '' : 's'}`;
      yield {
        range: typeRange,
        cause: '',
        message: `Pads values of ${name} with blanks to ${characters}`,
        details:
          'Clients, LIKE and regular expressions see the blanks, while = ignores them. They also take space in the table and in its indexes.',
        advice: `Use text. If every value has ${characters}, add CHECK (char_length(${identifier(name)}) = ${length}).`,
        fixes: isFree ? [fix(context, 'Use text', [{ range: typeRange, newText: 'text' }])] : [],
      };
    }
  },
};
