import { listed } from '../core/wording';
import { nodeType } from '../sql/nodes';
import type { TableSize } from '../statistics/statistics';
import type { Check } from './check';
import { displayName, headOf } from './support/evidence';
import { locksTakenBy, type TableLock } from './support/table-locks';
import { lockTitles, tableWork } from './support/table-work';

export const check: Check = {
  id: 'large-table-change',
  hazards: ['P40'],
  group: 'locks',
  severity: 'warning',
  summary: 'A table that is large or written all the time is locked, if only for an instant.',
  *statement(context) {
    const { node } = context.statement;
    if (!node || nodeType(node) === 'LockStmt' || context.inside || !context.project.statistics) return;
    const locks = locksTakenBy(context).flatMap((lock) => {
      const size = context.project.statistics?.tables.get(lock.table);
      return size && isBusy(size) ? { lock, size } : [];
    });
    const [first] = locks;
    if (!first || tableWork(context).some(({ work }) => work !== 'none')) return;
    const who = first.lock.mode === 'AccessExclusive' ? 'every query of it' : 'every write of it';
    const verified = locks.every(({ lock }) => lock.verified);
    yield {
      range: headOf(context.statement),
      message: `${listed(locks.map(({ lock, size }) => described(lock, size)))}. The change itself takes an instant, but its ${lockTitles[first.lock.mode]} lock is granted only when every transaction that uses the table has ended, and ${who} queues behind it until then. Run it when the load is low, with a lock_timeout of a few seconds, and again when that is exceeded.${verified ? '' : ' This is judged without the table at hand.'}`,
      verified,
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
    (writesPerSecond ?? 0) >= manyWritesPerSecond ? `${Math.round(writesPerSecond ?? 0).toLocaleString('en')} writes a second` : '';
  const gigabytes = bytes >= manyBytes ? `${Math.round(bytes / 1024 ** 3).toLocaleString('en')} GB` : '';
  const counted = rows >= manyRows || (!writes && !gigabytes) ? `${rows.toLocaleString('en')} rows` : '';
  return `${displayName(table)} has ${listed([counted, gigabytes, writes].filter(Boolean))}`;
}
