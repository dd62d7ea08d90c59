import { alterTableCommands, nodeType } from '../sql/nodes';
import type { DatabaseError, StatementObservation } from '../shadow/observation';
import type { Check, StatementContext } from './check';
import { hasPendingEvents, wordsOf } from './support/failure-causes';
import { headOf } from './support/evidence';

export const check: Check = {
  id: 'fails-on-some-rows',
  hazards: [],
  group: 'data',
  severity: 'info',
  summary: 'The statement fails on rows made up for the check and works on other rows or on empty tables.',
  *statement(context) {
    const { observation, statement, inside, migration } = context;
    const error = observation?.rowsError;
    if (!error || inside || observation.error || isExplainedElsewhere(context, error)) return;
    // What fails behind it may only follow from the rows that were taken away for it.
    const [first] = migration.observation?.statements.filter(({ rowsError }) => rowsError) ?? [];
    if (first !== observation) return;
    yield { range: headOf(statement), message: messageOf(observation, error), verified: false };
  },
};

function messageOf({ worksOver }: StatementObservation, error: DatabaseError): string {
  const over = worksOver === 'other rows' ? 'over small and distinct values' : 'over empty tables';
  const failure = error.gaveUp
    ? 'The statement does not finish over made-up rows in the embedded database'
    : `The statement fails on made-up rows: ${wordsOf(error)}`;
  return `${failure}. It works ${over}; not verified: what it does to the rows of a target.`;
}

/** True where another check says what rows the statement fails on. */
function isExplainedElsewhere({ statement: { node } }: StatementContext, error: DatabaseError): boolean {
  if (!node || hasPendingEvents(error)) return true;
  const isDefinition = /^(?:AlterTable|Index|Create|AlterDomain)/.test(nodeType(node)) && nodeType(node) !== 'CreateTableAsStmt';
  if (error.sqlstate.startsWith('23')) return isDefinition;
  return error.sqlstate.startsWith('22') && alterTableCommands(node).some(({ subtype }) => subtype === 'AT_AlterColumnType');
}
