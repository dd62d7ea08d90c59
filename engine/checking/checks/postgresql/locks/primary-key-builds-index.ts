import { alterTableCommands, fieldsOf, nameParts } from '../../../../databases/postgresql/sql/nodes';
import type { Check } from '../../check';
import type { StatementContext } from '../../../context/context';
import { isFilled } from '../support/column-definitions';
import { headOfCommand } from '../support/command-text';
import { indexFirst, indexFirstAdvice, indexFirstFixes } from '../support/constraint-indexes';
import { type CauseInStatement, workCausedBy } from '../support/lock-causes';
import { workFinding } from '../support/table-work';

export const check: Check = {
  id: 'primary-key-builds-index',
  hazards: ['P6'],
  severity: 'warning',
  summary: 'Adds a primary key whose index build or NULL check blocks reads and writes of the table.',
  looksInside: true,
  *statement(context) {
    const caused = workCausedBy(context, 'primary-key');
    const [cause] = caused?.causes ?? [];
    if (!caused || !cause || needsEmptyTable(context, cause)) return;
    const range = headOfCommand(context.statement, cause.command);
    if (cause.constraint?.indexname !== undefined) {
      // Whether the columns of a guessed table may hold NULL is guessed too.
      const isGuess = !context.project.completeHistory && caused.works.every(({ verified }) => !verified);
      yield workFinding(context, caused.works, { ...nulls, range, ...(isGuess && { severity: 'info' }) });
      return;
    }
    const way = indexFirst(context, cause);
    const column = cause.column ? 'Add the column without PRIMARY KEY and fill it in batches. ' : '';
    const required = makesRequired(context) || cause.column !== undefined;
    yield workFinding(context, caused.works, {
      details: 'The server builds the unique index of the key under this lock.',
      advice: `${column}${indexFirstAdvice(way)}${required ? ` ${requiredFirst}` : ''}`,
      range,
      fixes: required ? [] : indexFirstFixes(context, cause, way),
    });
  },
};

/** True when the statement adds a column of the key without a value for existing rows: it works only on an empty table. */
function needsEmptyTable({ statement }: StatementContext, { constraint }: CauseInStatement): boolean {
  const keys = new Set(nameParts(constraint?.keys));
  return alterTableCommands(statement.node).some(({ subtype, def }) => {
    const column = subtype === 'AT_AddColumn' ? fieldsOf(def, 'ColumnDef') : undefined;
    return column !== undefined && keys.has(column.colname ?? '') && !isFilled(column);
  });
}

const requiredFirst =
  'Before that, make the columns NOT NULL with a validated CHECK (... IS NOT NULL); otherwise the server scans the table for NULLs.';

const nulls = {
  details: 'The index exists, but its columns are nullable, so the server checks every row for NULLs.',
  advice: 'Add CHECK (... IS NOT NULL) NOT VALID, validate it in a later migration, run SET NOT NULL, and add the primary key after that.',
};

/** True when the primary key makes columns NOT NULL that were not, as the shadow saw it. */
function makesRequired({ observation }: StatementContext): boolean {
  return (observation?.changes ?? []).some(
    ({ kind, object }) =>
      (kind === 'changed' && object.startsWith('column ')) || (kind === 'created' && /^constraint .*not_null/.test(object)),
  );
}
