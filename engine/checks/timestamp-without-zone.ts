import { nameParts, walk } from '../sql/nodes';
import type { SqlNode } from '../sql/statement';
import type { Check, StatementContext } from './check';
import { fix } from './support/fixes';
import { isUsedInExpressions, type StatedColumn, statedColumns } from './support/stated-columns';

export const check: Check = {
  id: 'timestamp-without-zone',
  hazards: ['P79'],
  group: 'advice',
  severity: 'hint',
  looksAhead: true,
  summary: 'A column is a timestamp without time zone, so its values mean another instant to each client.',
  *statement(context) {
    for (const column of statedColumns(context)) {
      if (column.type.name !== 'timestamp') continue;
      yield {
        range: column.typeRange,
        cause: '',
        message: `The values of ${column.name} are times on a clock without its place: a client with another TimeZone writes and reads another instant, and in the hour when clocks are set back the values are ambiguous. Use timestamptz, which takes the same 8 bytes and keeps the instant.`,
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

/** Not where expressions use the column, which must be immutable in indexes, nor where the default is a time in another zone. */
function mayBecomeZoned({ project }: StatementContext, { how, isFree, name, column }: StatedColumn): boolean {
  let isConverted = false;
  walk({ ColumnDef: { constraints: column['constraints'] } } as SqlNode, (type, inner) => {
    if (type === 'FuncCall' && nameParts(inner['funcname']).at(-1) === 'timezone') isConverted = true;
  });
  return how !== 'change' && isFree && !isConverted && !isUsedInExpressions(project, name);
}
