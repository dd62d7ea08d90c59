import { listedBriefly } from '../../../../core/wording';
import { type LockMode, lockModes, type RelationName } from '../../../../databases/observation';
import { fieldsOf } from '../../../../databases/postgresql/sql/nodes';
import type { Check } from '../../check';
import { tableNamed } from '../support/column-types';
import { displayName, failsInShadow, headOf, lockEvidence, tablesBornInUnit } from '../support/evidence';
import { firstFitting } from '../../support/headline';
import { lockTimeoutStatement } from '../support/instant-locks';
import { blockedBy, blocksWrites, lockTitles } from '../support/table-work';
import { transactionOf } from '../support/transactions';

/** Graver than any work of later statements under the lock, which would only repeat it. */
const heldOnPurpose = 9;

export const check: Check = {
  id: 'explicit-lock',
  hazards: ['P32'],
  severity: 'warning',
  summary: 'Blocks reads or writes of a table with LOCK TABLE until the transaction ends.',
  looksInside: true,
  *statement(context) {
    const lock = fieldsOf(context.statement.node, 'LockStmt');
    const mode = lockModes[(lock?.mode ?? 0) - 1];
    if (!lock || !mode || !blocksWrites(mode) || failsInShadow(context)) return;
    const born = tablesBornInUnit(context.migration, context.project);
    const tables = (lock.relations ?? []).map((relation) => tableNamed(context, relation)).filter((table) => !born.has(table));
    if (tables.length === 0) return;
    const count = transactionOf(context).later.length;
    const assumed = new Set(context.migration.assumed.map(({ object }) => object));
    const verified = lockEvidence(context) !== undefined && tables.every((table) => !assumed.has(`table ${table}`));
    yield {
      range: headOf(context.statement),
      cause: mode,
      unsized: { tables, weight: heldOnPurpose },
      message: headline(tables, mode),
      details: count > 0 ? `${count === 1 ? '1 more statement runs' : `${count} more statements run`} under the lock.` : undefined,
      advice: `Remove LOCK TABLE: each statement takes the lock that it needs. If the lock has to keep other sessions out between statements, keep the transaction short and set a lock timeout: ${lockTimeoutStatement(context)};`,
      verified,
    };
  },
};

function headline(tables: readonly RelationName[], mode: LockMode): string {
  const names = tables.map(displayName);
  const blocks = (list: string) => `Blocks ${blockedBy(mode)} ${list} until the transaction ends`;
  return firstFitting([
    `${blocks(listedBriefly(names))} (${lockTitles[mode]})`,
    blocks(listedBriefly(names)),
    blocks(listedBriefly(names, 1)),
  ]);
}
