import { fieldsOf } from '../../../../databases/postgresql/sql/nodes';
import type { SqlNode } from '../../../../databases/postgresql/sql/statement';
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
    if (set?.name?.toLowerCase() !== name) continue;
    if (set.is_local && !earlier.includes(statement)) continue;
    value = set.kind === 'VAR_SET_VALUE' ? constantText(set.args?.[0]) : undefined;
  }
  return value;
}

function constantText(node: SqlNode | undefined): string | undefined {
  const { sval, fval, ival } = fieldsOf(node, 'A_Const') ?? {};
  return sval?.sval ?? fval?.fval ?? (ival && String(ival.ival ?? 0));
}
