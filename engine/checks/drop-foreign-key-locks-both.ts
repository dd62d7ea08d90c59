import { listed } from '../core/wording';
import { alterTableCommands, fieldsOf } from '../sql/nodes';
import type { Check } from './check';
import { tableNamed } from './support/column-types';
import { headOf } from './support/evidence';
import { foreignKeysBefore } from './support/foreign-keys';
import { hasLockTimeout, instantLockFinding, instantLocks, lockTimeoutAdvice } from './support/instant-locks';
import { sqlName } from './support/type-changes';

export const check: Check = {
  id: 'drop-foreign-key-locks-both',
  hazards: ['P28'],
  group: 'locks',
  severity: 'info',
  summary: 'Dropping a foreign key locks the table that it refers to as well, against reads and writes.',
  looksInside: true,
  *statement(context) {
    const { node } = context.statement;
    const alter = fieldsOf(node, 'AlterTableStmt');
    const commands = node ? alterTableCommands(node) : [];
    const dropped = commands.filter(({ subtype }) => subtype === 'AT_DropConstraint' || subtype === 'AT_DropColumn');
    if (!alter || dropped.length === 0 || hasLockTimeout(context)) return;
    const table = tableNamed(context, alter['relation']);
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
      lead: `Not only ${sqlName(table)} is locked, but also ${listed(others.map((lock) => sqlName(lock.table)))}, which the foreign key refers to.`,
      advice: `${lockTimeoutAdvice(context)} Drop one foreign key a transaction, and nothing else in it.`,
      ...(key && {
        related: [
          { file: key.migration.up.script.file, range: headOf(key.statement), message: `The foreign key ${key.name} is added here.` },
        ],
      }),
    });
  },
};
