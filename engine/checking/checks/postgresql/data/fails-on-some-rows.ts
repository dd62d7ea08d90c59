import { alterTableCommands, nodeType } from '../../../../databases/postgresql/sql/nodes';
import type { DatabaseError, StatementObservation } from '../../../../databases/observation';
import type { Check, FindingDraft } from '../../check';
import type { StatementContext } from '../../../context/context';
import { hasPendingEvents, wordsOf } from '../support/failure-causes';
import { headOf } from '../support/evidence';

export const check: Check = {
  id: 'fails-on-some-rows',
  hazards: [],
  severity: 'info',
  summary: 'Fails on some made-up rows, and works on other rows or on empty tables.',
  *statement(context) {
    const { observation, statement, inside, migration } = context;
    const error = observation?.rowsError;
    if (!error || inside || observation.error || isExplainedElsewhere(context, error)) return;
    // What fails behind it may only follow from the rows that were taken away for it.
    const [first] = migration.observation?.statements.filter(({ rowsError }) => rowsError) ?? [];
    if (first !== observation) return;
    yield { range: headOf(statement), ...textOf(observation, error), verified: false, reason: 'rows' };
  },
};

function textOf({ worksOver }: StatementObservation, error: DatabaseError): Pick<FindingDraft, 'message' | 'details'> {
  return {
    message: error.gaveUp ? 'Does not finish on made-up rows' : `Fails on some rows: ${wordsOf(error)}`,
    details: `The statement works ${worksOver === 'other rows' ? 'on small and distinct values' : 'on empty tables'}.`,
  };
}

/** True where another check says what rows the statement fails on. */
function isExplainedElsewhere({ statement: { node } }: StatementContext, error: DatabaseError): boolean {
  if (!node || hasPendingEvents(error)) return true;
  const isDefinition = /^(?:AlterTable|Index|Create|AlterDomain)/.test(nodeType(node)) && nodeType(node) !== 'CreateTableAsStmt';
  if (error.sqlstate.startsWith('23')) return isDefinition;
  return error.sqlstate.startsWith('22') && alterTableCommands(node).some(({ subtype }) => subtype === 'AT_AlterColumnType');
}
