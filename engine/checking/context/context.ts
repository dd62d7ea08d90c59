import type { AssumedObject } from '../../databases/assumed-object';
import type { DatabaseError, RoundTrip, StatementObservation, StepObservation } from '../../databases/observation';
import type { AnyTree } from '../../databases/registry/index';
import type { ParsedStatement } from '../../databases/statement';
import type { Migration, MigrationDirectory, Script } from '../../core/scripts';
import type { ManifestDocument } from '../../inputs/manifest/document';
import type { OtherSystems } from '../../inputs/releases/systems';
import type { Settlement } from '../../inputs/settled/settlement';
import type { TableStatistics } from '../../inputs/statistics/statistics';
import type { ApiComparison } from '../compatibility/apis/compare-releases';
import type { ReleaseQueries } from '../compatibility/queries/release-query';
import type { ChangedResult, OwnFailure, QueryBreak } from '../compatibility/window/window';

/** Everything that is known of the project that is being checked. */
export interface ProjectContext<Tree = AnyTree> {
  /** Undefined for a directory without manifest and for loose files. */
  readonly manifest: ManifestDocument | undefined;
  readonly directory: MigrationDirectory | undefined;
  /** Every migration in the order in which it would run: the manifest's order, then unreferenced ones in the directory's order. */
  readonly chain: readonly MigrationContext<Tree>[];
  /** Oldest server major version that must work. */
  readonly minimum: number;
  /** True where nothing declares the minimum, so that it is a guess. */
  readonly guessesMinimum?: boolean;
  /** True when the chain starts from an empty database, so that an unknown table is an error and not missing history. */
  readonly completeHistory: boolean;
  /** Sizes of tables in a live target, where the repository has a file of them. */
  readonly statistics: TableStatistics | undefined;
  readonly settlement: Settlement;
  /** The declared schema that the first migration starts from, where there is one. */
  readonly baseline?: BaselineContext<Tree> | undefined;
  /** Manifests of the systems that releases require. */
  readonly systems?: OtherSystems | undefined;
  /** The day for which dates are judged, `YYYY-MM-DD`; undefined where nobody said it. */
  readonly today?: string | undefined;
  /** How the APIs of each release differ from those of earlier ones, and descriptions that cannot be used. */
  readonly apis?: readonly ApiComparison[];
  /** What each release that names its queries sends, in the order of the manifest; undefined where they were not read. */
  readonly queries?: readonly ReleaseQueries[] | undefined;
  /** Queries that do not work with the schema of their own release, as the shadow saw it. */
  readonly ownFailures?: readonly OwnFailure[];
}

/** A schema dump that is replayed before the first migration. */
export interface BaselineContext<Tree = AnyTree> {
  readonly script: Script;
  /** The statements that the shadow's server refused, in order; empty when it did not run. */
  readonly failures: readonly { readonly statement: ParsedStatement<Tree>; readonly error: DatabaseError }[];
  /** What was sent of the dump. */
  readonly statements: readonly ParsedStatement<Tree>[];
  readonly observation: StepObservation | undefined;
}

/** A migration with its parsed statements and, when the shadow ran, what it saw. */
export interface MigrationContext<Tree = AnyTree> {
  readonly migration: Migration;
  /** The release that lists the migration; undefined without manifest or reference. */
  readonly release: string | undefined;
  readonly up: ScriptContext<Tree>;
  readonly down: ScriptContext<Tree> | undefined;
  readonly observation: StepObservation | undefined;
  readonly roundTrip: RoundTrip | undefined;
  /** What the script takes for granted and the shadow was given because no migration or baseline makes it. */
  readonly assumed: readonly AssumedObject[];
  /** What fails only where the tool runs pending migrations in one transaction; undefined where that was not tried. */
  readonly pendingFailures?: readonly PendingFailure[] | undefined;
  /** How the queries of releases that may be running meanwhile fared; undefined without queries or without shadow. */
  readonly window?: MigrationWindow | undefined;
}

/** How a statement fares when migrations before it run in the same transaction. */
export interface PendingFailure {
  /** Place among the script's statements of kind `sql`, from 0. */
  readonly statement: number;
  readonly error: DatabaseError;
  /** The id of the migration with which it may not share a transaction. */
  readonly with: string;
}

export interface MigrationWindow {
  /** True when every release that may be running meanwhile says what it sends, and all of it was tried: what did not break is used by nobody. */
  readonly isComplete: boolean;
  readonly breaks: readonly QueryBreak[];
  /** Queries that go on working and return other columns. */
  readonly changedResults: readonly ChangedResult[];
}

export interface ScriptContext<Tree = AnyTree> {
  readonly script: Script;
  readonly statements: readonly ParsedStatement<Tree>[];
}

/** One statement of an up script with what the shadow saw it do. */
export interface StatementContext<Tree = AnyTree> {
  /** Set for a statement inside a DO block or in a constant string that one executes; `observation` is then that of the whole block. */
  readonly inside?: ParsedStatement<Tree> | undefined;
  readonly project: ProjectContext<Tree>;
  readonly migration: MigrationContext<Tree>;
  readonly script: ScriptContext<Tree>;
  readonly statement: ParsedStatement<Tree>;
  /** Place among the script's statements of kind `sql`, from 0. */
  readonly index: number;
  /** Undefined when the shadow did not run, or not this far. */
  readonly observation: StatementObservation | undefined;
}
