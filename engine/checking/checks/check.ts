import type { Origin } from '../../databases/postgresql/inference/other-histories';
import type { ApiComparison } from '../compatibility/apis/compare-releases';
import type { ChangedResult, OwnFailure, QueryBreak } from '../compatibility/window/window';
import type { CheckGroup, Fix, RelatedPlace, Severity, UnverifiedBasis } from '../../core/finding';
import type { ReleaseQueries } from '../compatibility/queries/release-query';
import type { TextRange } from '../../core/text';
import type { TableStatistics } from '../../inputs/statistics/statistics';
import type { Migration, MigrationDirectory, Script } from '../../core/scripts';
import type { ManifestDocument } from '../../inputs/manifest/document';
import type { OtherSystems } from '../../inputs/releases/systems';
import type { Settlement } from '../../inputs/settled/settlement';
import type {
  DatabaseError,
  RelationName,
  RoundTrip,
  StatementObservation,
  StepObservation,
} from '../../databases/postgresql/shadow/observation';
import type { ParsedStatement } from '../../databases/postgresql/sql/statement';

/** What a check reports; the runner adds id, hazards, group, severity and file where they are not given. */
export interface FindingDraft {
  readonly range: TextRange;
  /** The headline: what happens to what, in at most 90 characters with short names, without a full stop. */
  readonly message: string;
  /** Why, and what else is known. Full sentences. */
  readonly details?: string;
  /** What to do about it, with the SQL to write where there is any. Full sentences in the imperative. */
  readonly advice?: string;
  /** Default: the file that the check was given. */
  readonly file?: string;
  /** Which of the check's hazards it is. Default: all of them. */
  readonly hazards?: readonly string[];
  /** Default: the check's own severity. */
  readonly severity?: Severity;
  /** Default: true. */
  readonly verified?: boolean;
  /** Why it is not verified. Default: what the observation of its statement or migration lets conclude. */
  readonly reason?: UnverifiedBasis['reason'];
  readonly related?: readonly RelatedPlace[];
  readonly fixes?: readonly Fix[];
  /** Findings of one check in one file that have the same cause and severity become one. */
  readonly cause?: string;
  /** Set for a warning about tables of unknown size. */
  readonly unsized?: UnsizedWork;
}

/** Work on tables whose sizes are not known: among the findings in one file, only the gravest on each table is a warning. */
export interface UnsizedWork {
  readonly tables: readonly RelationName[];
  /** The higher, the graver. */
  readonly weight: number;
}

/** Everything that is known of the project that is being checked. */
export interface ProjectContext {
  /** Undefined for a directory without manifest and for loose files. */
  readonly manifest: ManifestDocument | undefined;
  readonly directory: MigrationDirectory | undefined;
  /** Every migration in the order in which it would run: the manifest's order, then unreferenced ones in the directory's order. */
  readonly chain: readonly MigrationContext[];
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
  readonly baseline?: BaselineContext | undefined;
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
export interface BaselineContext {
  readonly script: Script;
  /** The statements that the shadow's server refused, in order; empty when it did not run. */
  readonly failures: readonly { readonly statement: ParsedStatement; readonly error: DatabaseError }[];
  /** What was sent of the dump. */
  readonly statements: readonly ParsedStatement[];
  readonly observation: StepObservation | undefined;
}

/** A migration with its parsed statements and, when the shadow ran, what it saw. */
export interface MigrationContext {
  readonly migration: Migration;
  /** The release that lists the migration; undefined without manifest or reference. */
  readonly release: string | undefined;
  readonly up: ScriptContext;
  readonly down: ScriptContext | undefined;
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

/** An object that a script needs and its history does not create. Its columns and their types are guesses, unless `from` is set. */
export interface AssumedObject {
  /** Type and qualified name, as in `Difference.object`: `table public.orders`, `column public.orders.id`. */
  readonly object: string;
  /** The statement that made it in the shadow. */
  readonly sql: string;
  /** The other migrations directory whose scripts create it; its definition is then theirs. */
  readonly from?: Origin;
}

export interface ScriptContext {
  readonly script: Script;
  readonly statements: readonly ParsedStatement[];
}

/** One statement of an up script with what the shadow saw it do. */
export interface StatementContext {
  /** Set for a statement inside a DO block or in a constant string that one executes; `observation` is then that of the whole block. */
  readonly inside?: ParsedStatement | undefined;
  readonly project: ProjectContext;
  readonly migration: MigrationContext;
  readonly script: ScriptContext;
  readonly statement: ParsedStatement;
  /** Place among the script's statements of kind `sql`, from 0. */
  readonly index: number;
  /** Undefined when the shadow did not run, or not this far. */
  readonly observation: StatementObservation | undefined;
}

/**
 * One check: one file, its test beside it, its page in docs/checks/, all of the same name.
 * A check implements the one method that fits what it looks at; methods are pure and never throw for bad input.
 */
export interface Check {
  readonly id: string;
  readonly hazards: readonly string[];
  readonly group: CheckGroup;
  readonly severity: Severity;
  /** True for advice that is reported only where the configuration gives the check or its group a severity. */
  readonly optIn?: boolean;
  /** One line for the index of checks. */
  readonly summary: string;
  /** Looks at the manifest, the directory, or several migrations at once. */
  project?(context: ProjectContext): Iterable<FindingDraft>;
  /** Looks at one migration as a whole. */
  migration?(context: MigrationContext, project: ProjectContext): Iterable<FindingDraft>;
  /** Looks at one script, up and down alike. */
  script?(context: ScriptContext, migration: MigrationContext, project: ProjectContext): Iterable<FindingDraft>;
  /** True when findings in a migration may depend on migrations after its release, so that they are worked out anew whenever those change. */
  readonly looksAhead?: boolean;
  /** True when `statement` is called for the statements inside DO blocks too; their fixes are left out where the text is not exact. */
  readonly looksInside?: boolean;
  /** True for facts about settled migrations themselves, which are reported although nothing else in them is. */
  readonly concernsSettled?: boolean;
  /** True when there is nothing to report where every query of the releases that may be running was seen to work. */
  readonly answeredByQueries?: boolean;
  /** Looks at one statement of an up script. */
  statement?(context: StatementContext): Iterable<FindingDraft>;
}
