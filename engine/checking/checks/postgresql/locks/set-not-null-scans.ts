import { identifier } from '../../../../databases/postgresql/sql/quoting';
import type { Fix } from '../../../../core/finding';
import { type AlterTableCommand, alterTableCommands, fieldsOf, fieldsOfEach, nameParts } from '../../../../databases/postgresql/sql/nodes';
import type { Check, FindingDraft } from '../../check';
import type { StatementContext } from '../../../context/context';
import { headOfCommand, rangeOfCommand, writtenTable } from '../support/command-text';
import { relationOf } from '../support/evidence';
import { fix } from '../support/fixes';
import { type CauseInStatement, workCausedBy } from '../support/lock-causes';
import { isVerifiedNotNull } from '../support/not-null';
import { workFinding } from '../support/table-work';

/** From this major version on, NOT NULL is a constraint of its own and may be NOT VALID. */
const firstWithNotNullNotValid = 18;

export const check: Check = {
  id: 'set-not-null-scans',
  hazards: ['P10'],
  severity: 'warning',
  summary: 'Scans the table for NULLs in SET NOT NULL, which blocks its reads and writes.',
  looksInside: true,
  *statement(context) {
    const caused = workCausedBy(context, 'set-not-null');
    // NOT NULL in the definition of a new column fails or is known to hold: there is nothing to prepare by a CHECK.
    const table = relationOf(fieldsOf(context.statement.node, 'AlterTableStmt')?.relation);
    const causes = caused?.causes.filter((cause) => !cause.column && !isVerifiedNotNull(context, { table, column: columnOf(cause) })) ?? [];
    const [cause] = causes;
    if (!caused || !cause) return;
    yield workFinding(context, caused.works, {
      ...stopsAtNull(context, causes),
      advice: advice(context, cause),
      range: headOfCommand(context.statement, cause.command),
      fixes: fixes(context, causes),
    });
  },
};

/** What the server said on rows with NULL, unless an earlier script fills the column: then the rows made up for this one prove nothing. */
function stopsAtNull(context: StatementContext, causes: readonly CauseInStatement[]): Pick<FindingDraft, 'details'> {
  const { rowsError } = context.observation ?? {};
  if (rowsError?.sqlstate !== '23502') return {};
  const column = causes.map(columnOf).find((name) => rowsError.message.includes(`"${name}"`));
  const table = writtenTable(context.statement, 'AlterTableStmt');
  if (column === undefined || table === undefined || isFilledBefore(context, column)) return {};
  return {
    details: `The statement fails if ${column} is NULL in any row. Look for such rows first: SELECT count(*) FROM ${table} WHERE ${identifier(column)} IS NULL;`,
  };
}

function isFilledBefore(context: StatementContext, column: string): boolean {
  const table = fieldsOf(context.statement.node, 'AlterTableStmt')?.relation?.relname;
  for (const { up } of context.project.chain) {
    for (const statement of up.statements) {
      if (statement === context.statement || statement === context.inside) return false;
      const update = fieldsOf(statement.node, 'UpdateStmt');
      if (update && update.relation?.relname !== table) continue;
      const targets = fieldsOfEach(update?.targetList, 'ResTarget').map(({ name }) => name);
      const isDynamic =
        fieldsOf(statement.node, 'DoStmt') !== undefined && statement.text.includes(column) && /\bupdate\b/i.test(statement.text);
      if (targets.includes(column) || isDynamic) return true;
    }
  }
  return false;
}

function advice(context: StatementContext, cause: CauseInStatement): string {
  const { statement, project } = context;
  const column = columnOf(cause);
  const table = writtenTable(statement, 'AlterTableStmt') ?? '...';
  const name = identifier(constraintName(context, cause));
  const validate = `ALTER TABLE ${table} VALIDATE CONSTRAINT ${name};`;
  if (dropsConstraint(alterTableCommands(statement.node))) {
    return 'Run SET NOT NULL in one statement and DROP CONSTRAINT in the next: a validated CHECK (... IS NOT NULL) avoids the scan only if the same statement does not drop it.';
  }
  if (project.minimum >= firstWithNotNullNotValid) {
    return `Add the constraint NOT VALID, which scans nothing, and validate it in a later migration: ALTER TABLE ${table} ${replacement(context, cause)}; then ${validate}`;
  }
  return `Add a CHECK that scans nothing: ALTER TABLE ${table} ${replacement(context, cause)}; In a later migration: ${validate} ALTER TABLE ${table} ALTER COLUMN ${identifier(column)} SET NOT NULL; Then drop the CHECK in a statement of its own.`;
}

function dropsConstraint(commands: readonly AlterTableCommand[]): boolean {
  return commands.some(({ subtype }) => subtype === 'AT_DropConstraint');
}

/** The column of SET NOT NULL, or of ADD CONSTRAINT ... NOT NULL. */
function columnOf({ command, constraint }: CauseInStatement): string {
  return nameParts(constraint?.keys)[0] ?? command?.name ?? '';
}

function constraintName({ statement }: StatementContext, cause: CauseInStatement): string {
  const relation = fieldsOf(statement.node, 'AlterTableStmt')?.relation?.relname ?? '';
  return cause.constraint?.conname ?? `${relation}_${columnOf(cause)}_not_null`;
}

/** The command that checks new rows and leaves existing ones for later. */
function replacement(context: StatementContext, cause: CauseInStatement): string {
  const column = identifier(columnOf(cause));
  const condition = context.project.minimum >= firstWithNotNullNotValid ? `NOT NULL ${column}` : `CHECK (${column} IS NOT NULL)`;
  return `ADD CONSTRAINT ${identifier(constraintName(context, cause))} ${condition} NOT VALID`;
}

function fixes(context: StatementContext, causes: readonly CauseInStatement[]): Fix[] {
  const { statement, inside } = context;
  const ranges = causes.map(({ command }) => command && rangeOfCommand(statement, command));
  const isPrepared = dropsConstraint(alterTableCommands(statement.node));
  if (inside || isPrepared || ranges.includes(undefined)) return [];
  const edits = causes.flatMap((cause, index) => {
    const range = ranges[index];
    return range ? { range, newText: replacement(context, cause) } : [];
  });
  return [fix(context, 'Check new rows only, and existing rows in a later migration', edits)];
}
