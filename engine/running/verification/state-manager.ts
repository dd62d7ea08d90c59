import { readSchema } from '../journal/journal-reading';
import type { Catalogue } from '../../databases/database';
import type { JournalState, RecordedSchema } from '../journal/journal-state';
import type { TargetSession } from '../../databases/target';
import type { VerdictPart } from '../plan';
import { withAccepted } from './drift';

export const shownDifferences = 10;

/** Knows what the schema should be after a rollback, and compares. */
export class StateManager {
  constructor(private readonly catalogue: Catalogue) {}

  /**
   * The schema at the state that a rollback returns to; undefined when nobody recorded it.
   * @param journal as it was before the rollback
   */
  async expectedState(
    session: TargetSession,
    journal: JournalState,
    to: string | null,
    boundary: number,
  ): Promise<RecordedSchema | undefined> {
    const reached = journal.releases.find((release) => release.release === to);
    if (reached && reached.ordinal === boundary) return readSchema(session, { release: reached.release });
    const run = journal.openRun;
    if (run?.direction === 'upgrade' && run.boundary === boundary) return readSchema(session, { run: run.id });
    return to === null && boundary === 0 && journal.exists ? readSchema(session, 'first') : undefined;
  }

  /** Where the records of the rows begin with which such a rollback is compared; undefined where there can be none. */
  rowsSince(journal: JournalState, to: string | null, boundary: number): { state: string } | { run: string } | undefined {
    const reached = journal.releases.find((release) => release.release === to);
    const run = journal.openRun;
    if (run?.direction === 'upgrade' && run.boundary === boundary) return { run: run.id };
    if (reached && reached.ordinal === boundary) return { state: reached.release };
    return to === null && boundary === 0 ? { state: '' } : undefined;
  }

  /** Changes that were accepted after the state was recorded are no difference. */
  async verifyState(session: TargetSession, expected: RecordedSchema | undefined): Promise<VerdictPart> {
    if (expected === undefined) return { result: 'not-compared', message: 'Not compared: the journal has no record of this state.' };
    const actual = await this.catalogue.readSchema(session);
    const differences = this.catalogue.differences(await withAccepted(session, expected, actual), actual);
    if (!differences) return { result: 'not-compared', message: 'Not compared: another version of Mem8 Upgrade recorded this state.' };
    if (differences.length === 0) return { result: 'same', message: 'The schema matches the recorded state.' };
    return { result: 'different', message: `${this.catalogue.describe(differences, shownDifferences)}.` };
  }
}
