import type { Basis, CheckGroup, UnverifiedBasis } from '../../../../core/finding';
import { embeddedMajor } from '../../../../databases/postgresql/embedded/major-version';
import type { FindingDraft } from '../../check';
import type { MigrationContext, StatementContext } from '../../../context/context';
import { displayName, lockEvidence } from './evidence';
import { lockTitles, blockingLocks } from './table-work';

/**
 * What a finding rests on: for findings on locks what its statement was seen to do, for findings that are not verified the reason.
 * Undefined where the text of the file says it all.
 * @param from the statement or migration that the check looked at
 */
export function basisOf(group: CheckGroup, draft: FindingDraft, from: StatementContext | MigrationContext | undefined): Basis | undefined {
  if (draft.verified === false) return { kind: 'unverified', reason: draft.reason ?? reasonOf(from) };
  if (group !== 'locks' || !from || !('statement' in from)) return undefined;
  const observation = lockEvidence(from);
  if (!observation) return undefined;
  const touched = new Set([...observation.locks.map(({ table }) => table), ...observation.scans, ...observation.rewrites]);
  const locks = blockingLocks(from).filter(({ table }) => touched.has(table));
  const known = new Set(locks.map(({ table }) => table));
  return {
    kind: 'observed',
    server: embeddedMajor,
    locks: locks.map(({ table, mode }) => `${lockTitles[mode]} lock on ${displayName(table)}`),
    scans: observation.scans.filter((table) => known.has(table) && !observation.rewrites.includes(table)).map(displayName),
    rewrites: observation.rewrites.filter((table) => known.has(table)).map(displayName),
  };
}

function reasonOf(from: StatementContext | MigrationContext | undefined): UnverifiedBasis['reason'] {
  const observation = from?.observation;
  if (!from || !observation || ('error' in observation && observation.error)) return 'not-run';
  const { assumed } = 'migration' in from && 'statement' in from ? from.migration : from;
  return assumed.length > 0 ? 'assumed' : 'rows';
}
