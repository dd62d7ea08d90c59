import { readSchema } from '../journal/journal-reading';
import type { Catalogue } from '../../databases/database';
import type { SchemaState } from '../../databases/schema-state';
import type { JournalState } from '../journal/journal-state';
import type { TargetSession } from '../../databases/target';

/** Whether a state is the one that was expected, and what differs. */
interface StateVerdict {
  readonly equal: boolean;
  /** One or two sentences. */
  readonly message: string;
}

const shownDifferences = 10;

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
  ): Promise<SchemaState | undefined> {
    const reached = journal.releases.find((release) => release.release === to);
    if (reached && reached.ordinal === boundary) return readSchema(session, { release: reached.release });
    const run = journal.openRun;
    if (run?.direction === 'upgrade' && run.boundary === boundary) return readSchema(session, { run: run.id });
    return to === null && boundary === 0 && journal.exists ? readSchema(session, 'first') : undefined;
  }

  async verifyState(session: TargetSession, expected: SchemaState | undefined): Promise<StateVerdict> {
    if (expected === undefined) return { equal: true, message: 'Not compared: the journal has no record of this state.' };
    const differences = this.catalogue.differences(expected, await this.catalogue.readSchema(session));
    if (!differences) return { equal: true, message: 'Not compared: another version of Mem8 Upgrade recorded this state.' };
    if (differences.length === 0) return { equal: true, message: 'The schema matches the recorded state.' };
    return { equal: false, message: `${this.catalogue.describe(differences, shownDifferences)}.` };
  }
}
