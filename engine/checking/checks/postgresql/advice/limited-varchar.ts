import { identifier } from '../../../../databases/postgresql/sql/quoting';
import type { Check } from '../../check';
import { fix } from '../support/fixes';
import { statedColumns } from '../support/stated-columns';

export const check: Check = {
  id: 'limited-varchar',
  hazards: ['P77'],
  severity: 'hint',
  optIn: true,
  summary: 'Declares a column as varchar(n), whose limit cannot be changed without an ACCESS EXCLUSIVE lock.',
  *statement(context) {
    for (const { name, type, typeRange, isFree } of statedColumns(context)) {
      const [length] = type.lengths;
      if (type.name !== 'varchar' || length === undefined) continue;
      yield {
        range: typeRange,
        message: `Rejects values of ${name} longer than ${length} characters until the type is changed`,
        details: 'Changing the type takes an ACCESS EXCLUSIVE lock. The limit saves no space.',
        advice: `Use text. If the limit is a business rule, add CHECK (char_length(${identifier(name)}) <= ${length}), which can be replaced without long locks.`,
        fixes: isFree ? [fix(context, 'Use text', [{ range: typeRange, newText: 'text' }])] : [],
      };
    }
  },
};
