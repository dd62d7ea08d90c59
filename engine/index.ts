/** The public surface of the engine. What is not listed here is its own business. */
export type { Clock, Files, Logger, Progress, ReportProgress } from './core/host';
export { silentLogger } from './core/host';
export type { Outcome, Problem, ProblemCode } from './core/problem';
export { failure, outcomeOf, problemCodes, ProblemError, success } from './core/problem';
export type { CheckGroup, Finding, Fix, RelatedPlace, Severity, TextEdit } from './core/finding';
export { checkGroups, severities } from './core/finding';
export type { Position, TextRange } from './core/text';
export { LineIndex } from './core/text';

export type { ManifestDocument, ManifestPath, ManifestProblem } from './manifest/document';
export { parseManifest } from './manifest/parse';
export type { HealthCheck, Manifest, MigrationReference, Release, TargetConfiguration, Transform } from './manifest/schema';
export { manifestSchema, referencedId } from './manifest/schema';

export type { LayoutName, Migration, MigrationDirectory, Script } from './layouts/migration';
export { layoutNames } from './layouts/migration';
export { detectLayout, readMigrations } from './layouts/index';

export type { DowngradeFloor, DowngradeObstacle, DowngradePath } from './versions/downgrade';
export type { Edge, PathOptions, ReleaseGraph, ReleasePath } from './versions/graph';
export { releaseGraph } from './versions/graph';
export type { VersionOverview } from './versions/version-manager';
export { VersionManager } from './versions/version-manager';
export { VersionTracker } from './versions/version-tracker';
export type { AnnouncedRelease, FeedAccess, ReleaseFeed } from './versions/feeds/release-feed';
export { openFeed } from './versions/feeds/open-feed';
export { nodeFeeds } from './host/node-feeds';
export type { BlockedUpdate, Update } from './versions/update-manager';
export { UpdateManager } from './versions/update-manager';

export type { Compatibility } from './compatibility/compatibility-checker';
export { CompatibilityChecker } from './compatibility/compatibility-checker';
export { ApiValidator } from './compatibility/api-validator';
export { FeatureMatrix } from './compatibility/feature-matrix';
export type { FeatureTable } from './compatibility/features/feature-table';
export { featureTable } from './compatibility/features/feature-table';
export { featureTableMarkdown } from './compatibility/features/format-table';
export type { RequiredBump } from './compatibility/bump/required-bump';
export { requiredBump } from './compatibility/bump/required-bump';
export { SchemaValidator } from './compatibility/schema-validator';
export type { Reason } from './compatibility/reason';

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
} from './upgrade/plan';
export type { EngineHost } from './upgrade/engine-host';
export { formatPlan } from './upgrade/format-plan';
export type { ApplyRequest, OperationRequest, PlanRequest, RollbackRequest, RunOutcome, RunRequest } from './upgrade/operations';
export { apply, backup, plan, planRollback, restore, rollback, status, verify, versions } from './upgrade/operations';
export { UpgradeManager } from './upgrade/upgrade-manager';
export { UpgradePlanner } from './upgrade/upgrade-planner';
export { UpgradeExecutor } from './upgrade/upgrade-executor';
export { StatusTracker } from './upgrade/status-tracker';

export { DataMigrator } from './migration/data-migrator';
export { DataTransformer } from './migration/data-transformer';
export { MigrationValidator } from './migration/migration-validator';
export { SchemaMigrator } from './migration/schema-migrator';

export { RollbackManager } from './rollback/rollback-manager';
export { RollbackPlanner } from './rollback/rollback-planner';
export { RollbackExecutor } from './rollback/rollback-executor';
export { StateManager } from './rollback/state-manager';

export type { BackupVerification, Restored } from './recovery/state-recovery';
export { StateRecovery } from './recovery/state-recovery';
export { BackupManager } from './recovery/backup-manager';
export { StateRestorer } from './recovery/state-restorer';
export { StateVerifier } from './recovery/state-verifier';
export type { StateFingerprint } from './recovery/fingerprint';
export { stateFingerprint } from './recovery/fingerprint';

export type { DatabaseError, Shadow, StatementObservation, StepObservation } from './shadow/observation';
export type { Target, TargetSession } from './targets/target';
export { DatabaseFailure } from './targets/target';
export { createTarget } from './targets/open-target';

export type { Analysis, AnalysisOptions } from './project/analysis';
export { analyse } from './project/analysis';
export type { OpenProjectOptions, Project } from './project/project';
export { openProject } from './project/open-project';
export { discoverProjects } from './project/discover';
export type { Check } from './checks/check';
export { checks, findCheck } from './checks/index';
export type { RoundTrip } from './shadow/observation';
export { createShadow } from './shadow/shadow';
