import type { BaselineContext, MigrationContext, PendingFailure } from '../context/context';
import type { WindowEvidence } from '../compatibility/window/window';
import type { ReportProgress } from '../../core/host';
import type { Problem } from '../../core/problem';
import type { Migration } from '../../core/scripts';
import type { AssumedObject } from '../../databases/assumed-object';
import type { RoundTrip, Shadow, StepObservation } from '../../databases/observation';
import type { AnyTree } from '../../databases/registry/index';
import type { ProductChecks } from '../checks/product-checks';
import type { Project } from '../project/project';

/** A database product, as the analysis of a project works with it. */
export interface ProductAnalysis<Tree = AnyTree> {
  readonly checks: ProductChecks<Tree>;
  /**
   * Replays a history with what it starts from: a declared schema, and what the scripts take for granted. Without a shadow it says
   * what the files tell of that. Never fails for what a script does.
   * @throws ProblemError `cancelled`
   */
  replay(history: HistoryToReplay<Tree>, options: ReplayOptions): Promise<Evidence<Tree>>;
}

/** A migration with its parsed scripts. */
export type ParsedMigration<Tree = AnyTree> = Pick<MigrationContext<Tree>, 'migration' | 'release' | 'up' | 'down'>;

export interface HistoryToReplay<Tree = AnyTree> {
  readonly project: Project;
  /** In the order in which they run. */
  readonly migrations: readonly ParsedMigration<Tree>[];
}

export interface ReplayOptions {
  readonly shadow?: Shadow;
  readonly observe?: boolean;
  readonly rehearse?: 'all' | 'none' | ReadonlySet<string>;
  /** The id of the last migration that has to be observed; undefined for all of them. */
  readonly upTo?: string | undefined;
  /** What an earlier replay of the same project learned. */
  readonly lessons?: readonly unknown[] | undefined;
  readonly signal?: AbortSignal;
  readonly onProgress?: ReportProgress;
}

/** What is known of a history after its replay. */
export interface Evidence<Tree = AnyTree> {
  /** True when the migrations start from an empty database or from the baseline, so that nothing has to be assumed. */
  readonly isComplete: boolean;
  readonly observations: ReadonlyMap<Migration, StepObservation>;
  readonly roundTrips: ReadonlyMap<Migration, RoundTrip>;
  readonly assumed: ReadonlyMap<Migration, readonly AssumedObject[]>;
  readonly pendingFailures: ReadonlyMap<Migration, readonly PendingFailure[]>;
  /** For the product alone: what the shadow taught of things that the scripts take for granted. */
  readonly lessons: readonly unknown[];
  readonly baseline: BaselineContext<Tree> | undefined;
  /** How the queries of releases fared; undefined where there are none or nothing could be tried. */
  readonly window: WindowEvidence | undefined;
  /** Why the shadow could not be used although there is one. */
  readonly problem: Problem | undefined;
}
