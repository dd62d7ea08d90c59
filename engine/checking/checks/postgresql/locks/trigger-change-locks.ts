import { alterTableCommands, nameParts, nodeEntry } from '../../../../databases/postgresql/sql/nodes';
import type { SqlNode } from '../../../../databases/postgresql/sql/statement';
import type { LockMode } from '../../../../databases/observation';
import type { Check } from '../../check';
import type { StatementContext } from '../../../context/context';
import { tableNamed } from '../support/column-types';
import { hasLockTimeout, instantLockFinding, instantLocks } from '../support/instant-locks';

export const check: Check = {
  id: 'trigger-change-locks',
  hazards: ['P27'],
  severity: 'hint',
  summary: 'Creates, drops or switches a trigger under a brief lock; later writes to the table can queue behind it.',
  supersedes: ['lock-timeout-missing'],
  looksInside: true,
  *statement(context) {
    const expected = expectedLock(context);
    if (!expected || hasLockTimeout(context)) return;
    const locks = instantLocks(context, [expected]);
    if (locks.length > 0) yield instantLockFinding(context, locks);
  },
};

function expectedLock(context: StatementContext): { table: string; mode: LockMode } | undefined {
  const { node } = context.statement;
  if (!node) return undefined;
  const [type, inner] = nodeEntry(node);
  switch (type) {
    case 'CreateTrigStmt':
      return { table: tableNamed(context, inner.relation), mode: 'ShareRowExclusive' };
    case 'DropStmt': {
      const [, relname, schemaname] = nameParts(inner.objects?.[0]).toReversed();
      if (inner.removeType !== 'OBJECT_TRIGGER' || relname === undefined) return undefined;
      return { table: tableNamed(context, { schemaname, relname }), mode: 'AccessExclusive' };
    }
    case 'AlterTableStmt':
      return switchesTriggers(node) ? { table: tableNamed(context, inner.relation), mode: 'ShareRowExclusive' } : undefined;
    case 'RenameStmt':
      if (inner.renameType !== 'OBJECT_TRIGGER') return undefined;
      return { table: tableNamed(context, inner.relation), mode: 'AccessExclusive' };
    default:
      return undefined;
  }
}

function switchesTriggers(node: SqlNode): boolean {
  const commands = alterTableCommands(node);
  return commands.length > 0 && commands.every(({ subtype }) => /^AT_(?:Enable|Disable)\w*Trig/.test(subtype));
}
