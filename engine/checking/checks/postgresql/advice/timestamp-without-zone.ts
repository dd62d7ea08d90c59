import { nameParts, walk } from '../../../../databases/postgresql/sql/nodes';
import type { Check } from '../../check';
import type { StatementContext } from '../../../context/context';
import { fix } from '../support/fixes';
import { isUsedInExpressions, type StatedColumn, statedColumns } from '../support/stated-columns';

export const check: Check = {
  id: 'timestamp-without-zone',
  hazards: ['P79'],
  severity: 'hint',
  looksAhead: true,
  summary: 'Declares a column as timestamp without time zone, so clients in other time zones read other instants.',
  *statement(context) {
    for (const column of statedColumns(context)) {
      if (column.type.name !== 'timestamp') continue;
      yield {
        range: column.typeRange,
        cause: '',
        message: `Stores ${column.name} without a time zone: clients in other zones read a different instant`,
        details: 'The values are also ambiguous in the hour in which clocks are set back.',
        advice: 'Use timestamptz, which stores the instant and takes the same 8 bytes.',
        fixes: mayBecomeZoned(context, column)
          ? [fix(context, 'Use timestamptz', [{ range: column.typeRange, newText: zoned(column) }])]
          : [],
      };
    }
  },
};

function zoned({ type }: StatedColumn): string {
  return type.lengths.length > 0 ? `timestamptz(${type.lengths.join(', ')})` : 'timestamptz';
}

/** False if expressions use the column, which must be immutable in indexes, or if the default converts to another zone. */
function mayBecomeZoned({ project }: StatementContext, { how, isFree, name, column }: StatedColumn): boolean {
  let isConverted = false;
  walk(column.constraints, (type, inner) => {
    if (type === 'FuncCall' && nameParts(inner.funcname).at(-1) === 'timezone') isConverted = true;
  });
  return how !== 'change' && isFree && !isConverted && !isUsedInExpressions(project, name);
}
