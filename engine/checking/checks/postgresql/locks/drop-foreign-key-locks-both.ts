import { listedBriefly } from '../../../../core/wording';
import { alterTableCommands, fieldsOf } from '../../../../databases/postgresql/sql/nodes';
import { commandOf } from '../../../../databases/postgresql/sql/statement-names';
import type { Check } from '../../check';
import type { StatementContext } from '../../../context/context';
import { tableNamed } from '../support/column-types';
import { displayName, headOf } from '../support/evidence';
import { foreignKeysBefore } from '../support/foreign-keys';
import { firstFitting } from '../../support/headline';
import { hasLockTimeout, instantLockFinding, instantLocks, lockTimeoutStatement } from '../support/instant-locks';
import type { TableWork } from '../support/table-work';

export const check: Check = {
  id: 'drop-foreign-key-locks-both',
  hazards: ['P28'],
  severity: 'info',
  summary: 'Drops a foreign key, which locks the referenced table as well against reads and writes.',
  supersedes: ['lock-timeout-missing'],
  looksInside: true,
  *statement(context) {
    const { node } = context.statement;
    const alter = fieldsOf(node, 'AlterTableStmt');
    const commands = alterTableCommands(node);
    const dropped = commands.filter(({ subtype }) => subtype === 'AT_DropConstraint' || subtype === 'AT_DropColumn');
    if (!alter || dropped.length === 0 || hasLockTimeout(context)) return;
    const table = tableNamed(context, alter.relation);
    const names = new Set(dropped.map(({ name }) => name));
    const keys = foreignKeysBefore(context).filter((key) => key.table === table && names.has(key.name));
    const expected = [table, ...keys.map(({ referenced }) => referenced)];
    const locks = instantLocks(
      context,
      keys.length > 0 ? [...new Set(expected)].map((each) => ({ table: each, mode: 'AccessExclusive' })) : [],
    );
    const others = locks.filter((lock) => lock.table !== table && lock.mode === 'AccessExclusive');
    if (others.length === 0) return;
    const [key] = keys;
    yield instantLockFinding(context, locks, {
      message: headline(context, others),
      advice: `Drop each foreign key in a transaction of its own, with a lock timeout: ${lockTimeoutStatement(context)};`,
      related: key && [{ file: key.migration.up.script.file, range: headOf(key.statement), message: `Adds the foreign key ${key.name}.` }],
    });
  },
};

function headline({ statement }: StatementContext, referenced: readonly TableWork[]): string {
  const names = referenced.map(({ table }) => displayName(table));
  const command = commandOf(statement);
  const queues = (tables: string) => `Also queues reads and writes of ${tables}: ${command} locks`;
  return firstFitting([
    `${queues(listedBriefly(names))} the referenced ${names.length === 1 ? 'table' : 'tables'}`,
    `${queues(listedBriefly(names))} ${names.length === 1 ? 'it' : 'them'}`,
    `${queues(listedBriefly(names, 1))} ${names.length === 1 ? 'it' : 'them'}`,
  ]);
}
