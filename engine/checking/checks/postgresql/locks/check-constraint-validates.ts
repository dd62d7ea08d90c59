import { identifier } from '../../../../databases/postgresql/sql/quoting';
import type { Fix } from '../../../../core/finding';
import { fieldsOf, walk } from '../../../../databases/postgresql/sql/nodes';
import type { Check } from '../../check';
import type { StatementContext } from '../../../context/context';
import { headOfCommand, rangeOfCommand, rangeOfColumnConstraint, textOf, writtenTable } from '../support/command-text';
import { fix } from '../support/fixes';
import { type CauseInStatement, workCausedBy } from '../support/lock-causes';
import { workFinding } from '../support/table-work';

export const check: Check = {
  id: 'check-constraint-validates',
  hazards: ['P9'],
  severity: 'warning',
  summary: 'Validates a new CHECK constraint under a lock that blocks reads and writes.',
  looksInside: true,
  *statement(context) {
    const caused = workCausedBy(context, 'check-constraint');
    const [cause] = caused?.causes ?? [];
    if (!caused || !cause) return;
    yield workFinding(context, caused.works, {
      advice: cause.column ? columnAdvice(context, cause) : tableAdvice(context, cause),
      range: headOfCommand(context.statement, cause.command),
      fixes: fixes(context, caused.causes),
    });
  },
};

function tableAdvice(context: StatementContext, cause: CauseInStatement): string {
  return `Add the constraint NOT VALID, which skips the scan, and validate it in a later migration: ${validation(context, nameOf(context, cause))}`;
}

function columnAdvice(context: StatementContext, cause: CauseInStatement): string {
  const { statement } = context;
  const { column, command, constraint } = cause;
  const range = column && command && constraint && rangeOfColumnConstraint(statement, command, column, constraint);
  const clause = range ? textOf(statement, range).replace(/^constraint\s+(?:"(?:[^"]|"")+"|\S+)\s+/i, '') : 'CHECK (...)';
  const name = nameOf(context, cause);
  const table = writtenTable(statement, 'AlterTableStmt') ?? '...';
  return `Add the column without the CHECK, add the constraint NOT VALID, and validate it in a later migration: ALTER TABLE ${table} ADD CONSTRAINT ${identifier(name)} ${clause} NOT VALID; ${validation(context, name)}`;
}

function validation({ statement }: StatementContext, name: string): string {
  return `ALTER TABLE ${writtenTable(statement, 'AlterTableStmt') ?? '...'} VALIDATE CONSTRAINT ${identifier(name)};`;
}

/** The name that the statement gives, or the one that PostgreSQL chooses: with the column where the condition is about one column. */
function nameOf({ statement }: StatementContext, { constraint, column }: CauseInStatement): string {
  const relation = fieldsOf(statement.node, 'AlterTableStmt')?.relation?.relname ?? '';
  const columns = new Set<string>();
  walk(constraint?.raw_expr, (type, inner) => {
    const last = type === 'ColumnRef' ? inner.fields?.at(-1) : undefined;
    const name = fieldsOf(last, 'String')?.sval;
    if (name !== undefined) columns.add(name);
  });
  const own = column?.colname;
  const [only] = own === undefined ? columns : [own];
  const parts = (own === undefined && columns.size !== 1) || only === undefined ? [relation, 'check'] : [relation, only, 'check'];
  return constraint?.conname ?? parts.join('_');
}

/** NOT VALID for each check constraint that the statement adds to the table; one in a column definition cannot be. */
function fixes(context: StatementContext, causes: readonly CauseInStatement[]): Fix[] {
  const { statement, inside } = context;
  const ends = causes.map(({ column, command }) => (column || !command ? undefined : rangeOfCommand(statement, command)?.end));
  if (inside || ends.includes(undefined)) return [];
  const edits = ends.flatMap((end) => (end === undefined ? [] : { range: { start: end, end }, newText: ' NOT VALID' }));
  return [fix(context, 'Add the constraint NOT VALID (validate it in a later migration)', edits)];
}
