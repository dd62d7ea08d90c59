import { alterTableCommands, asNodes, fields, fieldsOf, nameParts, nodeType } from '../../../../databases/postgresql/sql/untyped-nodes';
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
  switch (nodeType(node)) {
    case 'CreateTrigStmt':
      return { table: tableNamed(context, fields(node)['relation']), mode: 'ShareRowExclusive' };
    case 'DropStmt': {
      const drop = fields(node);
      const [schema, name] = nameParts(asNodes(drop['objects'])[0]).slice(0, -1).slice(-2);
      if (drop['removeType'] !== 'OBJECT_TRIGGER' || schema === undefined) return undefined;
      const relation = name === undefined ? { relname: schema } : { schemaname: schema, relname: name };
      return { table: tableNamed(context, relation), mode: 'AccessExclusive' };
    }
    case 'AlterTableStmt':
      return switchesTriggers(node)
        ? { table: tableNamed(context, fieldsOf(node, 'AlterTableStmt')?.['relation']), mode: 'ShareRowExclusive' }
        : undefined;
    case 'RenameStmt':
      return fields(node)['renameType'] === 'OBJECT_TRIGGER'
        ? { table: tableNamed(context, fields(node)['relation']), mode: 'AccessExclusive' }
        : undefined;
    default:
      return undefined;
  }
}

function switchesTriggers(node: SqlNode): boolean {
  const commands = alterTableCommands(node);
  return commands.length > 0 && commands.every(({ subtype }) => /^AT_(?:Enable|Disable)\w*Trig/.test(subtype));
}
