import { listed } from '../core/wording';
import { lockModes } from '../shadow/observation';
import { asNodes, fieldsOf } from '../sql/nodes';
import type { Check } from './check';
import { tableNamed } from './support/column-types';
import { failsInShadow, headOf, lockEvidence, tablesBornInUnit } from './support/evidence';
import { lockTimeoutStatement } from './support/instant-locks';
import { blocksWrites, lockTitles } from './support/table-work';
import { transactionOf } from './support/transactions';
import { sqlName } from './support/type-changes';

/** Graver than any work of later statements under the lock, which it would only repeat. */
const heldOnPurpose = 9;

export const check: Check = {
  id: 'explicit-lock',
  hazards: ['P32'],
  group: 'locks',
  severity: 'warning',
  summary: 'LOCK TABLE makes others wait until the transaction ends.',
  looksInside: true,
  *statement(context) {
    const lock = fieldsOf(context.statement.node, 'LockStmt');
    const mode = lockModes[Number(lock?.['mode'] ?? 0) - 1];
    if (!lock || !mode || !blocksWrites(mode) || failsInShadow(context)) return;
    const born = tablesBornInUnit(context.migration, context.project);
    const tables = asNodes(lock['relations'])
      .map((relation) => tableNamed(context, relation))
      .filter((table) => !born.has(table));
    if (tables.length === 0) return;
    const who = mode === 'AccessExclusive' ? 'Reads and writes' : 'Writes';
    const count = transactionOf(context).later.length;
    const meanwhile = count === 0 ? '' : `, while ${count === 1 ? 'another statement runs' : `${count} more statements run`}`;
    const assumed = new Set(context.migration.assumed.map(({ object }) => object));
    const verified = lockEvidence(context) !== undefined && tables.every((table) => !assumed.has(`table ${table}`));
    yield {
      range: headOf(context.statement),
      cause: mode,
      unsized: { tables, weight: heldOnPurpose },
      message: `${who} of ${listed(tables.map(sqlName))} wait from here until the transaction ends${meanwhile} (${lockTitles[mode]} lock). Leave it out: every statement takes the lock that it needs by itself, and most need a weaker one. Where two changes must be seen at once, keep the transaction short and let it give up early: ${lockTimeoutStatement(context)};${verified ? '' : ' This is judged without the table at hand.'}`,
      verified,
    };
  },
};
