import { asFields, asNode, asNodes, asText, fieldsOf } from '../../../../databases/postgresql/sql/untyped-nodes';
import type { StatementContext } from '../../../context/context';
import { transactionOf } from './transactions';

/**
 * The value of a session setting at the statement by what its own script says: `SET`, and `SET LOCAL` in the same
 * transaction. Undefined where the script leaves or resets it to what the session brings. The name is in lower case.
 */
export function settingInForce(context: StatementContext, name: string): string | undefined {
  const { earlier } = transactionOf(context);
  let value: string | undefined;
  for (const statement of context.script.statements) {
    if (statement === context.statement || statement === context.inside) break;
    const set = fieldsOf(statement.node, 'VariableSetStmt');
    if (asText(set?.['name'])?.toLowerCase() !== name) continue;
    if (set?.['is_local'] === true && !earlier.includes(statement)) continue;
    value = set?.['kind'] === 'VAR_SET_VALUE' ? constantText(asNodes(set['args'])[0]) : undefined;
  }
  return value;
}

function constantText(node: unknown): string | undefined {
  const constant = fieldsOf(asNode(node), 'A_Const');
  const text = asFields(constant?.['sval'])?.['sval'] ?? asFields(constant?.['fval'])?.['fval'];
  const integer = asFields(constant?.['ival']);
  return asText(text) ?? (integer ? String(Number(integer['ival'] ?? 0)) : undefined);
}
