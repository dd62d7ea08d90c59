import { cannotRunInTransaction, fieldsOf, nodeType } from '../sql/nodes';
import type { ParsedStatement } from '../sql/statement';

export type Control = { kind: 'begin'; modes: string } | { kind: 'commit'; chain: boolean } | { kind: 'rollback' };

/** What a statement does to the transaction; undefined for all others, savepoints included. */
export function controlOf(statement: ParsedStatement): Control | undefined {
  const fields = fieldsOf(statement.node, 'TransactionStmt');
  switch (fields?.kind) {
    case 'TRANS_STMT_BEGIN':
    case 'TRANS_STMT_START':
      return { kind: 'begin', modes: statement.text.replace(/^(begin|start)(\s+(transaction|work))?\s*/i, '') };
    case 'TRANS_STMT_COMMIT':
      return { kind: 'commit', chain: fields.chain === true };
    case 'TRANS_STMT_ROLLBACK':
      return { kind: 'rollback' };
    default:
      return undefined;
  }
}

/** True for a statement that must not run inside a transaction block, or that may end transactions itself. */
export function needsOwnTransaction(statement: ParsedStatement): boolean {
  const { node } = statement;
  if (!node) return false;
  if (nodeType(node) === 'CallStmt') return true;
  if (nodeType(node) === 'DoStmt') return /\b(commit|rollback)\b/i.test(statement.text);
  return cannotRunInTransaction(node);
}

/** True for SET, RESET and set_config, whose effect lasts for the session. SET LOCAL ends with its transaction. */
export function changesSession(statement: ParsedStatement): boolean {
  const { node } = statement;
  const set = fieldsOf(node, 'VariableSetStmt');
  if (set) return set.is_local !== true;
  return (node && nodeType(node)) === 'SelectStmt' && /^select\s+(pg_catalog\.)?set_config\s*\(/i.test(statement.text);
}
