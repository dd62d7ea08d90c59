import { listed } from '../core/wording';
import type { Fix } from '../core/finding';
import { alterTableCommands, fieldsOf } from '../sql/nodes';
import type { Check, StatementContext } from './check';
import { tableNamed } from './support/column-types';
import { headOf } from './support/evidence';
import { failureFinding, failureFor, wordsOf } from './support/failure-causes';
import { appendTo, headerHint, leavingTransaction } from './support/fixes';
import { hasLockTimeout, instantLocks, lockTimeoutFixes, lockTimeoutStatement, queueBehind } from './support/instant-locks';
import { sqlName } from './support/type-changes';

/** The first release with DETACH PARTITION ... CONCURRENTLY. */
const concurrentSince = 14;

export const check: Check = {
  id: 'detach-partition-blocks',
  hazards: ['P24'],
  group: 'locks',
  severity: 'warning',
  summary: 'A partition is detached in a way that makes reads and writes of the whole partitioned table wait, or that PostgreSQL refuses.',
  looksInside: true,
  *statement(context) {
    const { node } = context.statement;
    const command = node && alterTableCommands(node).find(({ subtype }) => subtype === 'AT_DetachPartition');
    if (!command) return;
    const parts = fieldsOf(command.def, 'PartitionCmd') ?? {};
    const error = failureFor(context, 'detach-partition-blocks');
    if (error) {
      const advice = `Detach it without CONCURRENTLY, with a short lock_timeout and another attempt when it runs out: ${lockTimeoutStatement(context)};`;
      yield failureFinding(context, error, `${wordsOf(error)} ${advice}`, { range: headOf(context.statement) });
      return;
    }
    if (parts['concurrent'] === true) return;
    const parent = tableNamed(context, fieldsOf(node, 'AlterTableStmt')?.['relation']);
    const child = tableNamed(context, parts['name']);
    const locks = instantLocks(
      context,
      [parent, child].map((table) => ({ table, mode: 'AccessExclusive' })),
    );
    if (!locks.some(({ table }) => table === parent)) return;
    const others = locks.filter(({ table }) => table !== parent && table !== child).map(({ table }) => sqlName(table));
    const canBeConcurrent = others.length === 0 && context.project.minimum >= concurrentSince;
    if (!canBeConcurrent && hasLockTimeout(context)) return;
    const advice = canBeConcurrent
      ? `Detach it without that, in a migration of its own that runs outside a transaction${headerHint(context)}: ALTER TABLE ${sqlName(parent)} DETACH PARTITION ${sqlName(child)} CONCURRENTLY;`
      : `${others.length > 0 ? `CONCURRENTLY is refused while there is a default partition (${listed(others)} is locked too)` : `CONCURRENTLY came with PostgreSQL ${concurrentSince}`}, so let it give up and try again instead: ${lockTimeoutStatement(context)};`;
    yield {
      range: headOf(context.statement),
      message: `Reads and writes of all partitions through ${sqlName(parent)} may come to a halt. ${queueBehind(locks)} ${advice}${locks.every(({ verified }) => verified) ? '' : ' This is judged without the table at hand.'}`,
      verified: locks.every(({ verified }) => verified),
      fixes: canBeConcurrent ? fixes(context) : lockTimeoutFixes(context),
    };
  },
};

function fixes(context: StatementContext): Fix[] {
  const around = leavingTransaction(context);
  if (!around) return [];
  const edit = { file: context.script.script.file, ...appendTo(context.statement, ' CONCURRENTLY') };
  return [{ title: 'Detach CONCURRENTLY', preferred: true, edits: [...around, edit] }];
}
