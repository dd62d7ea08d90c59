import type { Fix } from '../../../../core/finding';
import { noTransactionEdit } from '../../../../inputs/scripts/index';
import { flywayTransaction, leavesFlywayTransaction } from '../../../../inputs/scripts/flyway-transactions';
import { cannotRunInTransaction, fieldsOf } from '../../../../databases/postgresql/sql/nodes';
import { transactionControl } from '../../../../databases/postgresql/sql/transaction-control';
import { commandOf } from '../../../../databases/postgresql/sql/statement-names';
import type { ParsedStatement } from '../../../../databases/postgresql/sql/statement';
import type { Check, FindingDraft } from '../../check';
import type { StatementContext } from '../../../context/context';
import { headOf } from '../support/evidence';
import { failureFinding, failureFor } from '../support/failure-causes';
import { fix, leavingTransaction, removeStatement } from '../support/fixes';
import { toolName } from '../../support/tool-names';
import { type Transaction, transactionOf } from '../support/transactions';

export const check: Check = {
  id: 'concurrently-in-transaction',
  hazards: ['P41'],
  severity: 'error',
  summary: 'Runs a statement inside a transaction that PostgreSQL allows only outside one.',
  *statement(context) {
    const error = failureFor(context, 'concurrently-in-transaction');
    const { openedBy } = transactionOf(context);
    if (isFirstMeantOutside(context, openedBy)) {
      yield {
        range: headOf(context.statement),
        severity: 'info',
        verified: false,
        reason: 'stated',
        message: refusal(context),
        details: 'Most migration tools open a transaction around a script, and the tool of this directory is not known.',
        advice: 'Run this script without a transaction.',
        fixes: headerFix(context),
      };
    }
    if (!error && !isExpectedToFail(context, openedBy)) return;
    if (isRefusedMix(context, openedBy)) {
      yield {
        range: headOf(context.statement),
        message: `Flyway refuses ${context.migration.migration.id}: it mixes transactional and other statements`,
        details: `${commandOf(context.statement)} cannot run in the transaction of the other statements.`,
        advice: 'Move it to a migration of its own, or set flyway.mixed=true.',
      };
      return;
    }
    yield { ...draftFor(context, openedBy, error), fixes: fixes(context, openedBy), ...relatedBegin(context, openedBy) };
  },
};

/** True where the statement was not run and the server refuses its kind inside the transaction that will be around it. */
function isExpectedToFail({ observation, statement }: StatementContext, openedBy: Transaction['openedBy']): boolean {
  const wasRun = observation !== undefined && observation.error?.gaveUp === undefined;
  return !wasRun && openedBy !== 'none' && statement.node !== undefined && cannotRunInTransaction(statement.node);
}

/** True for the first statement because of which a script of an unknown tool is taken to run outside a transaction. */
function isFirstMeantOutside({ script, statement }: StatementContext, openedBy: Transaction['openedBy']): boolean {
  if (script.script.isMeantOutside !== true || openedBy !== 'none') return false;
  return script.statements.find(({ node }) => node && cannotRunInTransaction(node)) === statement;
}

/** The header that says so, where the script consists of the statement alone. */
function headerFix(context: StatementContext): Fix[] {
  const { script, project } = context;
  const isAlone = script.statements.filter(({ kind }) => kind === 'sql').length === 1;
  const edit = isAlone && project.directory && noTransactionEdit(project.directory, { ...script.script, transaction: 'script' });
  return edit ? [fix(context, 'Run the script outside a transaction', [edit])] : [];
}

/** True where Flyway does not even begin: it looks for such statements first, and opens no transaction where all are of that kind. */
function isRefusedMix({ project, script, statement }: StatementContext, openedBy: Transaction['openedBy']): boolean {
  if (project.directory?.layout !== 'flyway' || openedBy !== 'runner') return false;
  return leavesFlywayTransaction(statement.text) && flywayTransaction(script.script.sql) === 'mixed';
}

function refusal({ statement }: StatementContext): string {
  return `Fails: ${commandOf(statement)} cannot run inside a transaction block`;
}

function draftFor(context: StatementContext, openedBy: Transaction['openedBy'], error: ReturnType<typeof failureFor>): FindingDraft {
  const text = reasonAndRemedy(context, openedBy);
  if (error) return failureFinding(context, error, text);
  return { range: headOf(context.statement), verified: false, message: refusal(context), ...text };
}

type Text = Pick<FindingDraft, 'details' | 'advice'>;

function reasonAndRemedy({ project, statement }: StatementContext, openedBy: Transaction['openedBy']): Text {
  if (fieldsOf(statement.node, 'DoStmt')) {
    return { details: 'A DO block always runs inside a transaction.', advice: 'Use a plain statement.' };
  }
  const tool = toolName(project.directory?.layout ?? 'loose');
  const header = project.directory?.runner.noTransaction;
  switch (openedBy) {
    case 'runner':
      return header === undefined
        ? {
            details: `${tool} opens a transaction around the script and cannot turn that off.`,
            advice: 'Run the statement by hand or with another tool.',
          }
        : {
            details: `${tool} opens a transaction around the script.`,
            advice: `Move the statement to a migration of its own that turns the transaction off: ${header}.`,
          };
    case 'message':
      return {
        details: `${tool} sends the script as one message, and the server runs all statements of a message in one transaction.`,
        advice: 'Move the statement to a migration of its own, without other statements.',
      };
    case 'script':
      return { details: 'BEGIN opens the transaction.', advice: 'Move the statement out of it.' };
    case 'none':
      return { advice: 'Move the statement to a migration of its own.' };
  }
}

function relatedBegin(context: StatementContext, openedBy: Transaction['openedBy']): Pick<FindingDraft, 'related'> {
  const begin = openedBy === 'script' ? nearestControl(context, 'begin') : undefined;
  if (!begin) return {};
  return { related: [{ file: context.script.script.file, range: headOf(begin), message: 'Opens the transaction.' }] };
}

function fixes(context: StatementContext, openedBy: Transaction['openedBy']): Fix[] {
  if (!context.statement.node || !cannotRunInTransaction(context.statement.node)) return [];
  const edits = openedBy === 'script' ? withoutOwnTransaction(context) : leavingTransaction(context);
  return edits && edits.length > 0 ? [fix(context, 'Run the script outside a transaction', edits)] : [];
}

/** Takes BEGIN and COMMIT away where the script holds nothing else, and it is known that nobody else opens a transaction. */
function withoutOwnTransaction(context: StatementContext) {
  const { script } = context;
  const statements = script.statements.filter(({ kind }) => kind === 'sql');
  const [begin, own, commit] = statements;
  if (statements.length !== 3 || own !== context.statement || !begin || !commit || script.script.transaction === 'script') return undefined;
  if (script.script.isMeantOutside) return undefined;
  return [removeStatement(script, begin), removeStatement(script, commit)];
}

function nearestControl({ script, statement }: StatementContext, control: 'begin'): ParsedStatement | undefined {
  return script.statements.findLast((each) => each.start < statement.start && each.node && transactionControl(each.node) === control);
}
