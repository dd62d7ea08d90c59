import { quotedIdentifier } from '../sql/quoting';
import type { RunnerProfile, Script } from '../layouts/migration';
import { asNodes, cannotRunInTransaction, fieldsOf, nameParts, relationName, transactionControl } from '../sql/nodes';
import type { ParsedStatement, SqlNode } from '../sql/statement';
import type { OutsideStatement, ReplayScript, ReplayStatement } from './observation';

/**
 * A script as the shadow replays it. Its statements, and so its observations, stand one-to-one for the statements of kind
 * `sql`. One that does not parse is sent as well: the server refuses it whole, with the same error.
 */
export function replayScript(script: Script, statements: readonly ParsedStatement[], runner: RunnerProfile): ReplayScript {
  return {
    transaction: script.transaction,
    sends: script.sends ?? runner.sends,
    statements: statements.filter((each) => each.kind === 'sql').map(replayStatement),
  };
}

function replayStatement(statement: ParsedStatement): ReplayStatement {
  const { node } = statement;
  const text = statement.sent?.text ?? statement.text;
  const control = node && transactionControl(node);
  const outside = node && !control && cannotRunInTransaction(node) ? outsideStatement(node, text) : undefined;
  return { text, ...(control && { control }), ...(outside && { outside }) };
}

const concurrently = /^((?:create\s+(?:unique\s+)?index|drop\s+index|reindex\s+(?:table|index))\s+)concurrently\b/i;

function outsideStatement(node: SqlNode, text: string): OutsideStatement {
  const relation = relationOfIndexStatement(node);
  if (relation === undefined || !concurrently.test(text)) return {};
  return { imitation: text.replace(concurrently, '$1'), relation };
}

/** The one table or index that CREATE INDEX, DROP INDEX and REINDEX are about, as SQL. */
function relationOfIndexStatement(node: SqlNode): string | undefined {
  const drop = fieldsOf(node, 'DropStmt');
  if (drop) {
    const [object, ...others] = asNodes(drop['objects']);
    return object && others.length === 0 && drop['behavior'] !== 'DROP_CASCADE'
      ? nameParts(object).map(quotedIdentifier).join('.')
      : undefined;
  }
  const name = relationName((fieldsOf(node, 'IndexStmt') ?? fieldsOf(node, 'ReindexStmt'))?.['relation']);
  return name && [name.schema, name.name].flatMap((part) => (part === undefined ? [] : quotedIdentifier(part))).join('.');
}
