import type { Clock } from '../../core/host';
import type { Catalogue } from '../../databases/database';
import type { RowRecord } from '../../databases/row-record';
import type { TargetSession } from '../../databases/target';
import type { JournaledRows } from '../journal/journal';
import type { JournalState, RowMoment } from '../journal/journal-state';
import type { PlanStep } from '../plan';

/** How long a run reads rows at releases that it only passes. */
const passedMs = 2_000;

/** Reads what the rows are at the moments of a run with which a later rollback is compared. */
export class RowRecorder {
  #begun = false;
  #stale = false;
  #spentMs = 0;

  constructor(
    private readonly catalogue: Catalogue,
    private readonly clock: Clock,
  ) {}

  /** The rows before the first step of the session that may change them; undefined for every other step. */
  async before(step: PlanStep, session: TargetSession, journal: JournalState): Promise<JournaledRows | undefined> {
    if (step.kind !== 'migration' && step.kind !== 'statement' && step.kind !== 'transform') return undefined;
    const record = this.#begun ? undefined : await this.read(session);
    this.#begun = this.#stale = true;
    return record && { moment: 'begin', state: restingState(journal), record };
  }

  /** The rows at a release; undefined for one that is passed when reading took long already. */
  async at(release: string, isLast: boolean, session: TargetSession): Promise<JournaledRows | undefined> {
    if (!isLast && this.#spentMs > passedMs) return undefined;
    return this.#record('release', release, session);
  }

  /** The rows when a run ends; undefined where nothing changed since they were read last. */
  async atEnd(session: TargetSession): Promise<JournaledRows | undefined> {
    return this.#stale ? this.#record('end', undefined, session) : undefined;
  }

  async read(session: TargetSession): Promise<RowRecord> {
    const startedMs = this.clock.now().getTime();
    const record = await this.catalogue.readRows(session, this.clock);
    this.#spentMs += this.clock.now().getTime() - startedMs;
    return record;
  }

  async #record(moment: RowMoment, state: string | undefined, session: TargetSession): Promise<JournaledRows> {
    const record = await this.read(session);
    this.#stale = false;
    return { moment, state, record };
  }
}

/** The release at which a target stands with nothing after it, empty before the first one; undefined between two releases. */
function restingState({ releases, migrations, openRun }: JournalState): string | undefined {
  if (openRun) return undefined;
  const release = releases.at(-1);
  const isBetween = migrations.some(({ ordinal }) => ordinal > (release?.ordinal ?? 0));
  return isBetween ? undefined : (release?.release ?? '');
}
