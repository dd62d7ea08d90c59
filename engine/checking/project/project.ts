import type { FindOtherHistories } from '../../databases/other-histories';
import type { AnyTree } from '../../databases/registry/index';
import type { CheckConfiguration } from '../context/configuration';
import type { ApiReadings } from '../compatibility/apis/read-apis';
import type { ReleaseQueries } from '../compatibility/queries/release-query';
import type { Files } from '../../core/host';
import type { LayoutName, MigrationDirectory } from '../../core/scripts';
import type { ManifestDocument } from '../../inputs/manifest/document';
import type { SettledHistory, Settlement } from '../../inputs/settled/settlement';
import type { TableStatistics } from '../../inputs/statistics/statistics';
import type { Baseline } from './baseline';
import type { Checkouts } from './checkouts';
import type { Platform } from './platforms/platform';
import type { OtherSystems } from '../../inputs/releases/systems';

/** What is checked together: a manifest with its migrations, a migrations directory alone, or loose scripts. */
export interface Project {
  /** Absolute path of the manifest, the directory or, for loose scripts, their common folder. */
  readonly root: string;
  readonly manifest: ManifestDocument | undefined;
  /** Undefined when a manifest names a directory that does not exist. */
  readonly directory: MigrationDirectory | undefined;
  /** Oldest server major version that must work. */
  readonly minimum: number;
  /** True where nothing declares the minimum, so that it is a guess. */
  readonly guessesMinimum?: boolean;
  /**
   * True when every script that ever ran is there and readable; false for loose scripts and where a script is a program, so that
   * a table may have been made elsewhere.
   */
  readonly completeHistory: boolean;
  /** Sizes of tables in a live target, where the repository has a file of them. */
  readonly statistics?: TableStatistics | undefined;
  /** The declared schema that the first migration starts from. */
  readonly baseline?: Baseline | undefined;
  /** Looks for what other migrations directories of the checkout create; undefined where nothing is looked for. */
  readonly findOtherHistories?: FindOtherHistories<AnyTree> | undefined;
  /** Services whose databases hold objects of their own before the first migration; none by default. */
  readonly platforms?: readonly Platform[] | undefined;
  /** Manifests of the systems that releases require; empty without any. */
  readonly systems: OtherSystems;
  /** The day for which the project is checked, `YYYY-MM-DD`; undefined where nobody said it, and dates are then not judged. */
  readonly today?: string | undefined;
  /** The descriptions of APIs that releases declare, by path; empty without any. */
  readonly apiReadings?: ApiReadings | undefined;
  /** What releases send to the database, for those that say so. */
  readonly queries?: readonly ReleaseQueries[] | undefined;
  /** Which of the migrations can no longer be changed. */
  readonly settlement: Settlement;
  /** Severities of checks: the manifest's over those of `.mem8-upgrade.yaml`. */
  readonly configuration: CheckConfiguration;
  /** Absolute paths of every file that the project's findings may be in. */
  readonly ownedFiles: ReadonlySet<string>;
  /** Absolute paths of folders in which any file may hold a query of a release. */
  readonly queryFolders?: ReadonlySet<string> | undefined;
  /** Absolute paths of files that change the project when they come or change and hold no findings of it: missing ones, other systems' manifests. */
  readonly missingFiles: ReadonlySet<string>;
}

export interface OpenProjectOptions {
  readonly files: Files;
  /** One path: a manifest or a directory. Several: loose SQL files. */
  readonly paths: readonly string[];
  readonly layout?: LayoutName | 'auto';
  /** Overrides the manifest. */
  readonly minimum?: number;
  /** The day for which dates such as those of `sunset` are judged, `YYYY-MM-DD`. */
  readonly today?: string;
  /** Without it nothing is looked for in other migrations directories. */
  readonly checkouts?: Checkouts | undefined;
  /** Without it nothing is settled. */
  readonly history?: SettledHistory | undefined;
  /** As `since` in the settings, over them. */
  readonly since?: string | undefined;
  /** Ids of migrations that targets of the manifest were seen to have. */
  readonly applied?: ReadonlySet<string> | undefined;
}
