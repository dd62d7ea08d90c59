import type { Clock, Progress } from '../../core/host';
import type { Journal, JournaledMigration } from '../journal/journal';
import type { StoredStep } from '../journal/journal-state';
import type { TargetSession } from '../../databases/postgresql/connections/target';
import type { PlanStep } from '../plan';

/** What the parts of the data migrator share while one run is at work. */
export interface MigrationRun {
  readonly id: string;
  readonly session: TargetSession;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly signal: AbortSignal | undefined;
  /** Steps of the run that an earlier session of it left in the journal, by id. */
  readonly earlier: ReadonlyMap<string, StoredStep>;
  /** Answers of a person about steps that no probe can prove: `<step id>=done` or `<step id>=repeat`. */
  readonly accept: ReadonlySet<string>;
  /**
   * SQL that undoes what a script set for the session. It ends with its migration, so that a resumed run sees what an
   * uninterrupted one sees.
   */
  readonly resetSession: string;
  readonly faultPoint: (name: string) => Promise<void>;
  /** Reports progress inside the current step. */
  readonly rows: (rows: NonNullable<Progress['rows']>) => void;
  /** Tells that the target may hold changes of this run from now on. */
  readonly touched: () => void;
}

/** What a step of a migration means for the journal. */
export interface MigrationStep {
  readonly step: PlanStep;
  /** True for the first and the last step of the migration in the plan. */
  readonly first: boolean;
  readonly last: boolean;
  /** For an upgrade: what is journaled about the migration. Undefined for a rollback. */
  readonly migration: JournaledMigration | undefined;
  /** The up script of a migration that is undone and was applied only in part, so that parts of its down may have nothing to do. */
  readonly partial: string | undefined;
}
