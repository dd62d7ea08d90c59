import type { CheckGroup, Fix, RelatedPlace, Severity, UnverifiedBasis } from '../../core/finding';
import type { TextRange } from '../../core/text';
import type { RelationName } from '../../databases/observation';
import type { AnyTree } from '../../databases/registry/index';
import type { MigrationContext, ProjectContext, ScriptContext, StatementContext } from '../context/context';

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
interface UnsizedWork {
  readonly tables: readonly RelationName[];
  /** The higher, the graver. */
  readonly weight: number;
}

type IsSuperseded = (context: StatementContext<unknown>) => boolean;

/** A folder of checks: its name is the group of all of them. */
export interface CheckRoom<Tree = AnyTree> {
  readonly group: CheckGroup;
  readonly checks: readonly Check<Tree>[];
}

/**
 * One check: one file, its test beside it, its page in docs/checks/, all of the same name.
 * A check implements the one method that fits what it looks at; methods are pure and never throw for bad input.
 */
export interface Check<Tree = AnyTree> {
  readonly id: string;
  readonly hazards: readonly string[];
  /** The name of the check's room, from the registry. */
  readonly group?: CheckGroup;
  readonly severity: Severity;
  /** True for advice that is reported only where the configuration gives the check or its group a severity. */
  readonly optIn?: boolean;
  /** One line for the index of checks. */
  readonly summary: string;
  /** Looks at the manifest, the directory, or several migrations at once. */
  project?(context: ProjectContext<Tree>): Iterable<FindingDraft>;
  /** Ids of checks of migrations that say nothing about a statement on which this check reports. */
  readonly supersedes?: readonly string[];
  /** Looks at one migration as a whole. `isSuperseded` holds for statements on which a check that supersedes this one reports. */
  migration?(context: MigrationContext<Tree>, project: ProjectContext<Tree>, isSuperseded: IsSuperseded): Iterable<FindingDraft>;
  /** Looks at one script, up and down alike. */
  script?(context: ScriptContext<Tree>, migration: MigrationContext<Tree>, project: ProjectContext<Tree>): Iterable<FindingDraft>;
  /** True when findings in a migration may depend on migrations after its release, so that they are worked out anew whenever those change. */
  readonly looksAhead?: boolean;
  /** True when `statement` is called for the statements inside DO blocks too; their fixes are left out where the text is not exact. */
  readonly looksInside?: boolean;
  /** True for facts about settled migrations themselves, which are reported although nothing else in them is. */
  readonly concernsSettled?: boolean;
  /** True when there is nothing to report where every query of the releases that may be running was seen to work. */
  readonly answeredByQueries?: boolean;
  /** Looks at one statement of an up script. */
  statement?(context: StatementContext<Tree>): Iterable<FindingDraft>;
}
