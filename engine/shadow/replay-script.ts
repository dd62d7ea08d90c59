import type { RunnerProfile, Script } from '../layouts/migration';
import { transactionControl } from '../sql/nodes';
import type { ParsedStatement } from '../sql/statement';
import type { ReplayScript, ReplayStatement } from './observation';

/**
 * A script as the shadow replays it. Its statements, and so its observations, stand one-to-one for the statements of kind
 * `sql`. One that does not parse is sent as well: the server refuses it whole, with the same error.
 */
export function replayScript(script: Script, statements: readonly ParsedStatement[], runner: RunnerProfile): ReplayScript {
  return {
    transaction: script.transaction,
    sends: runner.sends,
    statements: statements.filter((each) => each.kind === 'sql').map(replayStatement),
  };
}

function replayStatement(statement: ParsedStatement): ReplayStatement {
  const control = statement.node && transactionControl(statement.node);
  return { text: statement.text, ...(control && { control }) };
}
