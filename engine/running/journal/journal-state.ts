import type { DatabaseError } from '../../databases/observation';
import type { RowRecord } from '../../databases/row-record';
import type { SchemaState } from '../../databases/schema-state';
import type { Release, Transform } from '../../inputs/manifest/schema';
import type { RunnerProfile } from '../../core/scripts';
import type { Plan, PlanStep, StepState } from '../plan';

/** How a script was to be run when it was journaled; what a later engine needs to undo it. */
export interface StoredRunner {
  readonly transaction: 'script' | 'none';
  readonly sends: RunnerProfile['sends'];
}

export interface StoredRelease {
  readonly release: string;
  /** Place in the order in which releases and migrations were journaled. */
  readonly ordinal: number;
  readonly run: string;
  /** ISO 8601. */
  readonly reachedAt: string;
  /** Of the schema, without the journal, at the moment the release was reached. */
  readonly fingerprint: string;
  readonly rollback: Release['rollback'];
  /** The oldest release that may still run against the schema. */
  readonly minReader: string;
}

/** A migration that is in the target, wholly or in part. Texts are loaded on demand. */
export interface StoredMigration {
  readonly id: string;
  readonly ordinal: number;
  readonly release: string;
  readonly kind: 'script' | 'transform';
  readonly hash: string;
  readonly state: 'applied' | 'partial';
  readonly irreversible: string | undefined;
  readonly run: string;
  /** ISO 8601. */
  readonly appliedAt: string;
}

/** The texts of a stored migration. */
export interface StoredTexts {
  readonly up: string;
  readonly down: string | undefined;
  readonly runner: { readonly up: StoredRunner; readonly down: StoredRunner } | undefined;
  readonly transform: Transform | undefined;
}

export interface StoredStep {
  readonly id: string;
  readonly kind: PlanStep['kind'];
  readonly direction: 'up' | 'down';
  readonly title: string;
  readonly release: string;
  readonly migration: string | undefined;
  readonly sql: string | undefined;
  readonly hash: string | undefined;
  readonly state: StepState;
  readonly cursor: unknown;
  readonly error: StoredError | undefined;
  /** ISO 8601: when it was last begun. */
  readonly startedAt: string;
}

/** When rows were recorded: before the first change of a run or of its resumption, at a release, and when the run ended. */
export type RowMoment = 'begin' | 'release' | 'end';

/** What the rows were at a moment of the journal. */
export interface StoredRows {
  readonly run: string;
  readonly moment: RowMoment;
  readonly record: RowRecord;
}

/** A schema as a run journaled it. */
export interface RecordedSchema extends SchemaState {
  /** Undefined for one that is not of a journal. */
  readonly run?: string;
}

/** What went wrong in a step, kept for the person who finds the target. */
export interface StoredError {
  readonly message: string;
  readonly sqlstate?: string;
  readonly database?: DatabaseError;
  /** Of a rollback: the rows that it did not restore, in words. */
  readonly rows?: string;
}

/** A run that did not get to its end and left something behind. */
export interface OpenRun {
  readonly id: string;
  readonly direction: 'upgrade' | 'rollback';
  readonly plan: Plan;
  readonly from: string | null;
  readonly to: string | null;
  /** Everything with a greater ordinal came after the state to which a rollback of this run returns. */
  readonly boundary: number;
  readonly state: 'running' | 'failed' | 'cancelled';
  /** The schema's fingerprint when the run began. */
  readonly fingerprint: string;
  readonly steps: readonly StoredStep[];
  readonly error: StoredError | undefined;
  /** ISO 8601. */
  readonly startedAt: string;
  /** Who carries it out at this moment, as `readLiveJournal` finds out; undefined for a run that stopped. */
  readonly runner?: string;
}

/** How an open run ended: with an error, on request, or without a record of it. */
export function endOf({ state }: Pick<OpenRun, 'state'>): 'failed' | 'cancelled' | 'interrupted' {
  return state === 'running' ? 'interrupted' : state;
}

/** The same as the end of a sentence: `The upgrade was cancelled`. */
export function ended(run: Pick<OpenRun, 'state' | 'runner'>): string {
  if (run.runner !== undefined) return 'is in progress';
  const end = endOf(run);
  return end === 'failed' ? end : `was ${end}`;
}

/** How far an open run is. `step` is the one that is at work or at which it stopped. */
export function placeOf(run: OpenRun) {
  const step = run.steps.find(({ state }) => state !== 'done') ?? run.steps.at(-1);
  return {
    step: step?.id ?? run.plan.steps[0]?.id ?? '',
    title: step?.title ?? run.plan.steps[0]?.title ?? '',
    state: step?.state ?? ('pending' as const),
    since: step?.startedAt ?? run.startedAt,
    done: run.steps.filter(({ state }) => state === 'done').length,
    total: new Set([...run.steps, ...run.plan.steps].map(({ id }) => id)).size,
  };
}

/** Another run, as far as it concerns a plan that is out of date because of it. */
export interface OtherRun {
  readonly direction: 'upgrade' | 'rollback';
  readonly from: string | null;
  readonly to: string | null;
  readonly state: OpenRun['state'] | 'done' | 'undone' | 'nothing';
  readonly holder: string;
  /** ISO 8601; undefined for one that is not recorded as finished. */
  readonly finishedAt: string | undefined;
}

/** What the journal of a target says, read in one go. */
export interface JournalState {
  /** False for a target that was never run against. */
  readonly exists: boolean;
  /** Changes with every journaled event; `empty` before the first. */
  readonly head: string;
  readonly system: string | undefined;
  /** In the order in which they were reached. */
  readonly releases: readonly StoredRelease[];
  /** In the order in which they were begun. */
  readonly migrations: readonly StoredMigration[];
  readonly openRun: OpenRun | undefined;
  /** In words, what the last run left different: a rollback that was done and did not restore the schema. */
  readonly leftover?: string;
  /** In words, the rows that the last run did not restore: a rollback that was done. */
  readonly rowsLeft?: string;
}

export const emptyJournal: JournalState = {
  exists: false,
  head: 'empty',
  system: undefined,
  releases: [],
  migrations: [],
  openRun: undefined,
};

/** The newest ordinal in the journal; 0 when nothing was applied. */
export function lastOrdinal(state: JournalState): number {
  return Math.max(0, ...state.releases.map((r) => r.ordinal), ...state.migrations.map((m) => m.ordinal));
}
