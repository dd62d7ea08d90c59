import { fieldsOfEach, nameParts } from '../../../../databases/postgresql/sql/nodes';
import type { Fix } from '../../../../core/finding';
import type { Check } from '../../check';
import type { StatementContext } from '../../../context/context';
import { elementsOf, isSerial } from '../support/column-definitions';
import { fix } from '../support/fixes';
import { type StatedColumn, statedColumns } from '../support/stated-columns';

const narrow: Readonly<Record<string, { readonly largest: string; readonly what: string }>> = {
  smallint: { largest: '32,767', what: 'a smallint' },
  integer: { largest: '2,147,483,647', what: 'an integer' },
};

export const check: Check = {
  id: 'narrow-key',
  hazards: ['P75'],
  severity: 'hint',
  summary: 'Declares a key as smallint or integer, so inserts fail once its range is used up.',
  *statement(context) {
    const keys = singleKeys(context);
    for (const stated of statedColumns(context)) {
      const { name, type, typeRange } = stated;
      const key = narrow[type.name];
      if (!key || type.isArray || !(keys.has(name) || isNumbered(stated))) continue;
      yield {
        range: typeRange,
        cause: '',
        message: `Inserts fail once ${name} reaches ${key.largest}: the key is ${key.what}`,
        details:
          'Inserts that roll back use up numbers too. Widening the column later rewrites the table and its indexes under an ACCESS EXCLUSIVE lock, and referencing columns have to change too.',
        advice: 'Use bigint.',
        fixes: wideningFixes(context, stated),
      };
    }
  },
};

/** Columns that alone are the primary key that the statement states; those of keys of several columns are often small by nature. */
function singleKeys({ statement }: StatementContext): ReadonlySet<string> {
  const keys = fieldsOfEach(elementsOf(statement.node), 'Constraint').filter(({ contype }) => contype === 'CONSTR_PRIMARY');
  return new Set(keys.map((key) => nameParts(key.keys)).flatMap((names) => (names.length === 1 ? names : [])));
}

function isNumbered({ column, constraints }: StatedColumn): boolean {
  return isSerial(column) || constraints.some(({ contype }) => contype === 'CONSTR_PRIMARY' || contype === 'CONSTR_IDENTITY');
}

/** None for a key that refers to the key of another table, which has to change first. */
function wideningFixes(context: StatementContext, { column, constraints, isFree, how, typeRange }: StatedColumn): Fix[] {
  const refers = constraints.some(({ contype }) => contype === 'CONSTR_FOREIGN');
  if (!isFree || refers || how === 'change') return [];
  return [fix(context, 'Use bigint', [{ range: typeRange, newText: isSerial(column) ? 'bigserial' : 'bigint' }])];
}
