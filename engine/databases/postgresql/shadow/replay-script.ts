import type { TextRange } from '../../../core/text';
import { quotedIdentifier } from '../sql/quoting';
import type { RunnerProfile, Script } from '../../../core/scripts';
import { cannotRunInTransaction, fieldsOfEach, fieldsOf, nameParts, nodeEntry, relationName } from '../sql/nodes';
import { transactionControl } from '../sql/transaction-control';
import type { ParsedStatement, SqlNode } from '../sql/statement';
import type { OutsideStatement, ReplayScript, ReplayStatement } from '../../observation';

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
  const ownDatabase = node && namesDatabase(node) ? databaseIn(text) : undefined;
  return { text, control, outside, ownDatabase };
}

/** True for a statement about one database as a whole, which is the one that the migrations are for. */
function namesDatabase(node: SqlNode): boolean {
  const [type, inner] = nodeEntry(node);
  if (type === 'AlterDatabaseSetStmt') return true;
  // Other options could shut the replay out of its own database.
  if (type === 'AlterDatabaseStmt') return fieldsOfEach(inner.options, 'DefElem').every(({ defname }) => defname === 'connection_limit');
  return ('objtype' in inner && inner.objtype === 'OBJECT_DATABASE') || ('objectType' in inner && inner.objectType === 'OBJECT_DATABASE');
}

/** The name that follows the word DATABASE; undefined where more than one does. */
function databaseIn(text: string): TextRange | undefined {
  const match = /\bdatabase\s+("(?:[^"]|"")+"|[\p{L}_][\p{L}\p{N}_$]*)(?!\s*,)/iu.exec(text);
  if (!match) return undefined;
  const end = match.index + match[0].length;
  return { start: end - (match[1] ?? '').length, end };
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
    const [object, ...others] = drop.objects ?? [];
    return object && others.length === 0 && drop.behavior !== 'DROP_CASCADE'
      ? nameParts(object).map(quotedIdentifier).join('.')
      : undefined;
  }
  const name = relationName((fieldsOf(node, 'IndexStmt') ?? fieldsOf(node, 'ReindexStmt'))?.relation);
  return name && [name.schema, name.name].flatMap((part) => (part === undefined ? [] : quotedIdentifier(part))).join('.');
}
