import { alterTableCommands, nameParts, nodeEntry } from '../../../../databases/postgresql/sql/nodes';
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
  const [type, inner] = nodeEntry(node);
  switch (type) {
    case 'CreatePolicyStmt':
    case 'AlterPolicyStmt':
      return tableNamed(context, inner.table);
    case 'DropStmt': {
      const [, relname, schemaname] = nameParts(inner.objects?.[0]).toReversed();
      if (inner.removeType !== 'OBJECT_POLICY' || relname === undefined) return undefined;
      return tableNamed(context, { schemaname, relname });
    }
    case 'AlterTableStmt':
      return switchesSecurity(node) ? tableNamed(context, inner.relation) : undefined;
    default:
      return undefined;
  }
}

function switchesSecurity(node: SqlNode): boolean {
  const commands = alterTableCommands(node);
  return commands.length > 0 && commands.every(({ subtype }) => /RowSecurity$/.test(subtype));
}
