import { alterTableCommands, asNodes, fields, fieldsOf, nameParts, nodeType } from '../../../../databases/postgresql/sql/untyped-nodes';
import type { SqlNode } from '../../../../databases/postgresql/sql/statement';
import type { Check } from '../../check';
import type { StatementContext } from '../../../context/context';
import { tableNamed } from '../support/column-types';
import { hasLockTimeout, instantLockFinding, instantLocks } from '../support/instant-locks';

export const check: Check = {
  id: 'policy-change-locks',
  hazards: ['P31'],
  severity: 'hint',
  summary: 'Changes row level security under a brief lock; later reads and writes of the table can queue behind it.',
  supersedes: ['lock-timeout-missing'],
  looksInside: true,
  *statement(context) {
    const table = tableOf(context);
    if (table === undefined || hasLockTimeout(context)) return;
    const locks = instantLocks(context, [{ table, mode: 'AccessExclusive' }]);
    if (locks.length > 0) yield instantLockFinding(context, locks);
  },
};

function tableOf(context: StatementContext): string | undefined {
  const { node } = context.statement;
  if (!node) return undefined;
  switch (nodeType(node)) {
    case 'CreatePolicyStmt':
    case 'AlterPolicyStmt':
      return tableNamed(context, fields(node)['table']);
    case 'DropStmt': {
      const [schema, name] = nameParts(asNodes(fields(node)['objects'])[0])
        .slice(0, -1)
        .slice(-2);
      if (fields(node)['removeType'] !== 'OBJECT_POLICY' || schema === undefined) return undefined;
      return tableNamed(context, name === undefined ? { relname: schema } : { schemaname: schema, relname: name });
    }
    case 'AlterTableStmt':
      return switchesSecurity(node) ? tableNamed(context, fieldsOf(node, 'AlterTableStmt')?.['relation']) : undefined;
    default:
      return undefined;
  }
}

function switchesSecurity(node: SqlNode): boolean {
  const commands = alterTableCommands(node);
  return commands.length > 0 && commands.every(({ subtype }) => /RowSecurity$/.test(subtype));
}
