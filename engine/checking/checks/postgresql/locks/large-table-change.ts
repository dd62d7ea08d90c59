import { listed } from '../../../../core/wording';
import { nodeType } from '../../../../databases/postgresql/sql/nodes';
import type { TableSize } from '../../../../inputs/statistics/statistics';
import type { Check } from '../../check';
import { displayName, headOf } from '../support/evidence';
import { lockTimeoutStatement, queueBehind } from '../support/instant-locks';
import { locksTakenBy, type TableLock } from '../support/table-locks';
import { tableWork } from '../support/table-work';

export const check: Check = {
  id: 'large-table-change',
  hazards: ['P40'],
  severity: 'warning',
  summary: 'Locks a large or busy table, even if only briefly.',
  *statement(context) {
    const { node } = context.statement;
    if (!node || nodeType(node) === 'LockStmt' || context.inside || !context.project.statistics) return;
    const locks = locksTakenBy(context).flatMap((lock) => {
      const size = context.project.statistics?.tables.get(lock.table);
      return size && isBusy(size) ? { lock, size } : [];
    });
    if (locks.length === 0 || tableWork(context).some(({ work }) => work !== 'none')) return;
    const taken = locks.map(({ lock }) => lock);
    const { message, details } = queueBehind(context, taken);
    yield {
      range: headOf(context.statement),
      message,
      details: `${listed(locks.map(({ lock, size }) => described(lock, size)))}. ${details}`,
      advice: `Run it when the load is low, with a lock timeout, and retry: ${lockTimeoutStatement(context)};`,
      verified: taken.every(({ verified }) => verified),
    };
  },
};

const manyRows = 1_000_000;
const manyBytes = 10 * 1024 ** 3;
const manyWritesPerSecond = 100;

function isBusy({ rows, bytes, writesPerSecond }: TableSize): boolean {
  return rows >= manyRows || bytes >= manyBytes || (writesPerSecond ?? 0) >= manyWritesPerSecond;
}

function described({ table }: TableLock, { rows, bytes, writesPerSecond }: TableSize): string {
  const writes =
    (writesPerSecond ?? 0) >= manyWritesPerSecond ? `${Math.round(writesPerSecond ?? 0).toLocaleString('en')} writes per second` : '';
  const gigabytes = bytes >= manyBytes ? `${Math.round(bytes / 1024 ** 3).toLocaleString('en')} GB` : '';
  const counted = rows >= manyRows || (!writes && !gigabytes) ? `${rows.toLocaleString('en')} rows` : '';
  return `${displayName(table)} has ${listed([counted, gigabytes, writes].filter(Boolean))}`;
}
