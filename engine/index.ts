/** The public surface of the engine. What is not listed here is its own business. */
export type { Clock, Files, Logger, Progress, ReportProgress } from './core/host';
export { silentLogger } from './core/host';
export type { Outcome, Problem, ProblemCode } from './core/problem';
export { failure, outcomeOf, problemCodes, ProblemError, success } from './core/problem';
export type { CheckGroup, Finding, Fix, RelatedPlace, Severity, TextEdit } from './core/finding';
export { checkGroups, severities } from './core/finding';
export type { Position, TextRange } from './core/text';
export { LineIndex } from './core/text';

export type { ManifestDocument, ManifestPath, ManifestProblem } from './inputs/manifest/document';
export { parseManifest } from './inputs/manifest/parse';
export type { HealthCheck, Manifest, MigrationReference, Release, TargetConfiguration, Transform } from './inputs/manifest/schema';
export { manifestSchema, referencedId } from './inputs/manifest/schema';

export type { LayoutName, Migration, MigrationDirectory, Script } from './core/scripts';
export { layoutNames } from './core/scripts';
export { detectLayout, readMigrations } from './inputs/scripts/index';

export type { DowngradeFloor, DowngradeObstacle } from './inputs/releases/downgrade';
export type { Edge, ReleaseGraph } from './inputs/releases/graph';
export type { PathOptions, ReleasePath } from './inputs/releases/upgrade-paths';
export { releaseGraph } from './inputs/releases/graph';
export { VersionTracker } from './running/version-tracker';
export type { AnnouncedRelease, ReleaseFeed } from './inputs/releases/feeds/release-feed';
export type { FeedAccess } from './core/feed-access';
export { openFeed } from './inputs/releases/feeds/open-feed';
export { nodeFeeds } from './host/node-feeds';
export type { BlockedUpdate, Update } from './inputs/releases/update-manager';
export { UpdateManager } from './inputs/releases/update-manager';

export { ApiValidator } from './operations/api-validator';
export { FeatureMatrix } from './checking/compatibility/feature-matrix';
export type { FeatureTable } from './checking/compatibility/features/feature-table';
export { featureTable } from './checking/compatibility/features/feature-table';
export { featureTableMarkdown } from './checking/compatibility/features/format-table';
export type { RequiredBump } from './checking/bump/required-bump';
export { requiredBump } from './checking/bump/required-bump';
export { SchemaValidator } from './operations/schema-validator';
export type { Reason } from './checking/compatibility/reason';

export type {
  BackupInfo,
  MigrationState,
  Plan,
  PlanStep,
  RunEvent,
  RunReport,
  StepState,
  TargetStatus,
  VerificationReport,
} from './running/plan';
export type { Installation } from './operations/installation';
export type { RunOutcome, RunRequest } from './operations/perform-run';
export type { UpgradeRequest } from './operations/upgrade-manager';
export { UpgradeManager } from './operations/upgrade-manager';
export { RollbackManager } from './operations/rollback-manager';
export type { RestoreRequest } from './operations/state-recovery';
export { StateRecovery } from './operations/state-recovery';
export type { VersionOverview, VersionsRequest } from './operations/version-manager';
export { VersionManager } from './operations/version-manager';
export type { Compatibility, CompatibilityOptions } from './operations/compatibility-checker';
export { CompatibilityChecker } from './operations/compatibility-checker';

export type { EngineHost } from './running/engine-host';
export { formatPlan } from './running/format-plan';
export { UpgradePlanner } from './running/upgrade-planner';
export { UpgradeExecutor } from './running/upgrade-executor';
export { StatusTracker } from './running/status-tracker';

export { DataMigrator } from './running/steps/data-migrator';
export { DataTransformer } from './running/steps/transform';
export { MigrationValidator } from './running/steps/migration-validator';
export { SchemaMigrator } from './running/steps/script';

export { RollbackPlanner } from './running/rollback/rollback-planner';
export { RollbackExecutor } from './running/rollback/rollback-executor';
export { StateManager } from './running/rollback/state-manager';

export { BackupManager } from './running/backups/backup-manager';
export { StateRestorer } from './running/backups/state-restorer';
export { StateVerifier } from './running/backups/state-verifier';
export type { StateFingerprint } from './databases/postgresql/catalogue/fingerprint';
export { stateFingerprint } from './databases/postgresql/catalogue/fingerprint';

export type { DatabaseError, Shadow, StatementObservation, StepObservation } from './databases/observation';
export type { Target, TargetSession } from './databases/target';
export { DatabaseFailure } from './databases/target';
export { createTarget } from './running/open-target';

export type { Analysis, AnalysisOptions } from './checking/analysis/analysis';
export { analyse } from './checking/analysis/analysis';
export type { OpenProjectOptions, Project } from './checking/project/project';
export { openProject } from './checking/project/open-project';
export { discoverProjects } from './checking/project/discover';
export type { Check } from './checking/checks/check';
export { checks, findCheck } from './checking/checks/registry/index';
export type { RoundTrip } from './databases/observation';
export { createShadow } from './databases/postgresql/shadow/shadow';
