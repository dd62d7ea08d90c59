import { readFirstFingerprint } from '../journal/journal';
import type { JournalState } from '../journal/journal-state';
import type { TargetSession } from '../targets/target';
import { schemaFingerprint } from './schema-fingerprint';

/** Knows what the schema should be after a rollback, and compares. */
export class StateManager {
  /**
   * The fingerprint that the schema had at the state that a rollback returns to; undefined when nobody recorded it.
   * @param journal as it was before the rollback
   */
  async expectedState(session: TargetSession, journal: JournalState, to: string | null, boundary: number): Promise<string | undefined> {
    const reached = journal.releases.find((release) => release.release === to);
    if (reached && reached.ordinal === boundary) return reached.fingerprint;
    const run = journal.openRun;
    if (run?.direction === 'upgrade' && run.boundary === boundary) return run.fingerprint;
    return to === null && boundary === 0 && journal.exists ? readFirstFingerprint(session) : undefined;
  }

  async verifyState(session: TargetSession, expected: string | undefined): Promise<{ equal: boolean; message: string }> {
    if (expected === undefined) return { equal: true, message: 'No earlier fingerprint of this state is known, so nothing was compared.' };
    const equal = (await schemaFingerprint(session)) === expected;
    return { equal, message: equal ? 'The schema is what it was.' : 'The schema differs from what it was.' };
  }
}
