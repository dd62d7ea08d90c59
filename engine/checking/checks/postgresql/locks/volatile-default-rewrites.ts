import type { ConstrType } from '@pgsql/types';
import { identifier } from '../../../../databases/postgresql/sql/quoting';
import type { Fix } from '../../../../core/finding';
import type { Check } from '../../check';
import type { StatementContext } from '../../../context/context';
import { constraintsOf } from '../support/column-definitions';
import { headOfCommand, rangeOfColumnConstraint, rangeOfCommand, textOf, writtenTable } from '../support/command-text';
import { fix } from '../support/fixes';
import { type CauseInStatement, workCausedBy } from '../support/lock-causes';
import { workFinding } from '../support/table-work';

export const check: Check = {
  id: 'volatile-default-rewrites',
  hazards: ['P12'],
  severity: 'warning',
  summary: 'Adds a column with a volatile default, which rewrites the table and blocks its reads and writes.',
  looksInside: true,
  *statement(context) {
    const caused = workCausedBy(context, 'volatile-default');
    const [cause] = caused?.causes ?? [];
    if (!caused || !cause) return;
    yield workFinding(context, caused.works, {
      details: 'The default is volatile, so the server computes and writes a value for every existing row.',
      advice: advice(context, cause),
      range: headOfCommand(context.statement, cause.command),
      fixes: fixes(context, caused.causes),
    });
  },
};

function advice(context: StatementContext, cause: CauseInStatement): string {
  const setting = settingDefault(context, cause);
  const table = writtenTable(context.statement, 'AlterTableStmt') ?? '...';
  const required = isRequired(cause) ? ', and add NOT NULL after that' : '';
  return `Add the column without the default, and set the default for new rows: ALTER TABLE ${table} ${setting}; Fill existing rows in batches${required}.`;
}

function settingDefault({ statement }: StatementContext, cause: CauseInStatement): string {
  const column = identifier(cause.column?.colname ?? '');
  const range = rangeOfDefault(statement, cause);
  const expression = range ? textOf(statement, range).replace(/^(?:constraint\s+(?:"(?:[^"]|"")+"|\S+)\s+)?default\s+/i, '') : '...';
  return `ALTER COLUMN ${column} SET DEFAULT ${expression}`;
}

function rangeOfDefault(statement: StatementContext['statement'], { command, column, constraint }: CauseInStatement) {
  return command && column && constraint ? rangeOfColumnConstraint(statement, command, column, constraint) : undefined;
}

function isRequired({ column }: CauseInStatement): boolean {
  const required = new Set<ConstrType | undefined>(['CONSTR_NOTNULL', 'CONSTR_PRIMARY', 'CONSTR_IDENTITY', 'CONSTR_GENERATED']);
  return constraintsOf(column ?? {}).some(({ contype }) => required.has(contype));
}

/** Takes each volatile default out of its column definition and sets it in the same statement; a required column cannot do without. */
function fixes(context: StatementContext, causes: readonly CauseInStatement[]): Fix[] {
  const { statement, inside } = context;
  const mayExist = causes.some(({ command }) => command?.fields.missing_ok === true);
  if (inside || mayExist || causes.some(isRequired)) return [];
  const edits = causes.flatMap((cause) => {
    const clause = rangeOfDefault(statement, cause);
    const command = cause.command && rangeOfCommand(statement, cause.command);
    if (!clause || !command) return [];
    const lead = /\s*$/.exec(textOf(statement, { start: command.start, end: clause.start }))?.[0].length ?? 0;
    return [
      { range: { start: clause.start - lead, end: clause.end }, newText: '' },
      { range: { start: command.end, end: command.end }, newText: `, ${settingDefault(context, cause)}` },
    ];
  });
  if (edits.length !== 2 * causes.length) return [];
  return [fix(context, 'Set the default for new rows only, and fill existing rows in batches later', edits, false)];
}
