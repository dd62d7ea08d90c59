import { listed } from '../../../../core/wording';
import type { Fix } from '../../../../core/finding';
import { alterTableCommands, fieldsOf } from '../../../../databases/postgresql/sql/nodes';
import type { Check } from '../../check';
import type { StatementContext } from '../../../context/context';
import { tableNamed } from '../support/column-types';
import { displayName, headOf } from '../support/evidence';
import { failureFinding, failureFor } from '../support/failure-causes';
import { appendTo, headerHint, leavingTransaction } from '../support/fixes';
import { hasLockTimeout, instantLocks, lockTimeoutAdvice, lockTimeoutFixes, queueBehind, queueDetails } from '../support/instant-locks';
import { sqlName } from '../support/type-changes';

/** The first release with DETACH PARTITION ... CONCURRENTLY. */
const concurrentSince = 14;

export const check: Check = {
  id: 'detach-partition-blocks',
  hazards: ['P24'],
  severity: 'warning',
  summary: 'Detaches a partition without CONCURRENTLY, or with CONCURRENTLY where PostgreSQL refuses it.',
  supersedes: ['lock-timeout-missing'],
  looksInside: true,
  *statement(context) {
    const { node } = context.statement;
    const command = alterTableCommands(node).find(({ subtype }) => subtype === 'AT_DetachPartition');
    if (!command) return;
    const parts = fieldsOf(command.def, 'PartitionCmd') ?? {};
    const parent = tableNamed(context, fieldsOf(node, 'AlterTableStmt')?.relation);
    const error = failureFor(context, 'detach-partition-blocks');
    if (error) {
      const refused = `Fails: CONCURRENTLY is refused while ${displayName(parent)} has a default partition (${error.sqlstate})`;
      yield failureFinding(context, error, {
        range: headOf(context.statement),
        ...(error.message.includes('default partition') && { message: refused }),
        advice: `Detach the partition without CONCURRENTLY. ${lockTimeoutAdvice(context)}`,
      });
      return;
    }
    if (parts.concurrent === true) return;
    const child = tableNamed(context, parts.name);
    const locks = instantLocks(
      context,
      [parent, child].map((table) => ({ table, mode: 'AccessExclusive' })),
    );
    const ofParent = locks.filter(({ table }) => table === parent);
    if (ofParent.length === 0) return;
    const others = locks.filter(({ table }) => table !== parent && table !== child).map(({ table }) => sqlName(table));
    const canBeConcurrent = others.length === 0 && context.project.minimum >= concurrentSince;
    if (!canBeConcurrent && hasLockTimeout(context)) return;
    const details = [queueDetails(locks), ...(canBeConcurrent ? [] : [whyNotConcurrent(others)])].join(' ');
    const advice = canBeConcurrent
      ? `Use CONCURRENTLY, in a migration of its own that runs outside a transaction${headerHint(context)}: ALTER TABLE ${sqlName(parent)} DETACH PARTITION ${sqlName(child)} CONCURRENTLY;`
      : lockTimeoutAdvice(context);
    yield {
      range: headOf(context.statement),
      message: queueBehind(context, ofParent).message,
      details,
      advice,
      verified: locks.every(({ verified }) => verified),
      fixes: canBeConcurrent ? fixes(context) : lockTimeoutFixes(context),
    };
  },
};

function whyNotConcurrent(others: readonly string[]): string {
  return others.length > 0
    ? `PostgreSQL refuses CONCURRENTLY while the table has a default partition; the statement also locks ${listed(others)}.`
    : `CONCURRENTLY needs PostgreSQL ${concurrentSince}.`;
}

function fixes(context: StatementContext): Fix[] {
  const around = leavingTransaction(context);
  if (!around) return [];
  const edit = { file: context.script.script.file, ...appendTo(context.statement, ' CONCURRENTLY') };
  return [{ title: 'Detach the partition CONCURRENTLY', preferred: true, edits: [...around, edit] }];
}
