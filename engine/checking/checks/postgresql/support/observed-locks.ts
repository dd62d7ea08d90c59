import type { ObservedBasis } from '../../../../core/finding';
import { embeddedMajor } from '../../../../databases/postgresql/embedded/major-version';
import type { StatementContext } from '../../../context/context';
import { displayName, lockEvidence } from './evidence';
import { lockTitles, blockingLocks } from './table-work';

/** The locks that a statement was seen to take on tables that were there before, and what it read and rewrote under them. */
export function observedLocks(context: StatementContext): ObservedBasis | undefined {
  const observation = lockEvidence(context);
  if (!observation) return undefined;
  const touched = new Set([...observation.locks.map(({ table }) => table), ...observation.scans, ...observation.rewrites]);
  const locks = blockingLocks(context).filter(({ table }) => touched.has(table));
  const known = new Set(locks.map(({ table }) => table));
  return {
    kind: 'observed',
    server: embeddedMajor,
    locks: locks.map(({ table, mode }) => `${lockTitles[mode]} lock on ${displayName(table)}`),
    scans: observation.scans.filter((table) => known.has(table) && !observation.rewrites.includes(table)).map(displayName),
    rewrites: observation.rewrites.filter((table) => known.has(table)).map(displayName),
  };
}
