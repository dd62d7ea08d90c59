import { cannotRunInTransaction, fieldsOf, nodeType } from '../sql/nodes';
import type { ParsedStatement } from '../sql/statement';

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
