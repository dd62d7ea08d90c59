import { check as apiBreakingChange } from './clients/api-breaking-change';
import { check as apiInvalid } from './manifest/api-invalid';
import { check as apiRemovedWithoutDeprecation } from './clients/api-removed-without-deprecation';
import { check as assumedSchema } from './postgresql/history/assumed-schema';
import { check as attachPartitionScans } from './postgresql/locks/attach-partition-scans';
import { check as autovacuumOff } from './postgresql/advice/autovacuum-off';
import { check as backfillUnderLock } from './postgresql/locks/backfill-under-lock';
import { check as baselineFails } from './postgresql/history/baseline-fails';
import { check as blockingLock } from './postgresql/locks/blocking-lock';
import type { Check } from './check';
import { check as breaksRunningRelease } from './postgresql/clients/breaks-running-release';
import { check as broadGrant } from './postgresql/advice/broad-grant';
import { check as budgetExceeded } from './postgresql/locks/budget-exceeded';
import { check as bumpTooLarge } from './manifest/bump-too-large';
import { check as bumpTooSmall } from './manifest/bump-too-small';
import { check as byteOrderMark } from './syntax/byte-order-mark';
import { check as cachedPlanChanges } from './postgresql/clients/cached-plan-changes';
import { check as cascadeDrops } from './postgresql/data/cascade-drops';
import { check as channelUnknown } from './manifest/channel-unknown';
import { check as channelWithoutRelease } from './manifest/channel-without-release';
import { check as checkConstraintValidates } from './postgresql/locks/check-constraint-validates';
import { check as collationChange } from './postgresql/locks/collation-change';
import { check as columnAlignment } from './postgresql/advice/column-alignment';
import { check as concurrentlyInTransaction } from './postgresql/execution/concurrently-in-transaction';
import { check as constrainedDomain } from './postgresql/advice/constrained-domain';
import { check as constrainedDomainColumnRewrites } from './postgresql/locks/constrained-domain-column-rewrites';
import { check as constraintNotEnforced } from './postgresql/advice/constraint-not-enforced';
import { check as cutAtSemicolon } from './syntax/cut-at-semicolon';
import { check as dataSchemaIncompatible } from './data/data-schema-incompatible';
import { check as defaultNotApplied } from './postgresql/data/default-not-applied';
import { check as defaultRemoved } from './postgresql/clients/default-removed';
import { check as definerWithoutSearchPath } from './postgresql/advice/definer-without-search-path';
import { check as deprecationWithoutReplacement } from './manifest/deprecation-without-replacement';
import { check as detachPartitionBlocks } from './postgresql/locks/detach-partition-blocks';
import { check as domainConstraintValidates } from './postgresql/locks/domain-constraint-validates';
import { check as downFails } from './postgresql/rollback/down-fails';
import { check as downIncomplete } from './postgresql/rollback/down-incomplete';
import { check as downLosesRows } from './postgresql/rollback/down-loses-rows';
import { check as downgradeTooFar } from './manifest/downgrade-too-far';
import { check as dropColumn } from './postgresql/clients/drop-column';
import { check as dropColumnTakesAlong } from './postgresql/data/drop-column-takes-along';
import { check as dropForeignKeyLocksBoth } from './postgresql/locks/drop-foreign-key-locks-both';
import { check as dropIndexNotConcurrent } from './postgresql/locks/drop-index-not-concurrent';
import { check as dropIndexOfConstraint } from './postgresql/execution/drop-index-of-constraint';
import { check as dropNotNull } from './postgresql/clients/drop-not-null';
import { check as dropRefusedByDependents } from './postgresql/execution/drop-refused-by-dependents';
import { check as dropTable } from './postgresql/clients/drop-table';
import { check as dropTableLocksReferenced } from './postgresql/locks/drop-table-locks-referenced';
import { check as duplicateColumn } from './postgresql/execution/duplicate-column';
import { check as dynamicSql } from './postgresql/execution/dynamic-sql';
import { check as enumChange } from './postgresql/data/enum-change';
import { check as enumValueInTransaction } from './postgresql/execution/enum-value-in-transaction';
import { check as exclusionConstraintBuildsIndex } from './postgresql/locks/exclusion-constraint-builds-index';
import { check as expandAndContractInOneRelease } from './manifest/expand-and-contract-in-one-release';
import { check as explicitLock } from './postgresql/locks/explicit-lock';
import { check as extensionSpecifics } from './postgresql/advice/extension-specifics';
import { check as failsOnSomeRows } from './postgresql/data/fails-on-some-rows';
import { check as featureDefaultFlipped } from './manifest/feature-default-flipped';
import { check as featureNeedUnmet } from './manifest/feature-need-unmet';
import { check as featureRemovedEarly } from './manifest/feature-removed-early';
import { check as featureRemovedWithoutDeprecation } from './manifest/feature-removed-without-deprecation';
import { check as featureStageBackwards } from './manifest/feature-stage-backwards';
import { check as featureUsedBeforeIntroduction } from './manifest/feature-used-before-introduction';
import { check as foreignIgnoreComment } from './advice/foreign-ignore-comment';
import { check as foreignKeyAction } from './postgresql/advice/foreign-key-action';
import { check as foreignKeyNotValidOnPartitions } from './postgresql/execution/foreign-key-not-valid-on-partitions';
import { check as foreignKeyValidates } from './postgresql/locks/foreign-key-validates';
import { check as foreignKeyWithoutIndex } from './postgresql/advice/foreign-key-without-index';
import { check as formatUnreadable } from './manifest/format-unreadable';
import { check as identifierTruncated } from './postgresql/execution/identifier-truncated';
import { check as impossibleConstraint } from './postgresql/execution/impossible-constraint';
import { check as indexNotConcurrent } from './postgresql/locks/index-not-concurrent';
import { check as indexOnPartitionedTable } from './postgresql/locks/index-on-partitioned-table';
import { check as invalidIndexKept } from './postgresql/execution/invalid-index-kept';
import { check as jsonColumn } from './postgresql/advice/json-column';
import { check as largeTableChange } from './postgresql/locks/large-table-change';
import { check as layoutProblem } from './history/layout-problem';
import { check as limitedVarchar } from './postgresql/advice/limited-varchar';
import { check as lockTimeoutMissing } from './postgresql/locks/lock-timeout-missing';
import { check as manifestSyntax } from './manifest/manifest-syntax';
import { check as mergeableAlterTable } from './postgresql/locks/mergeable-alter-table';
import { check as migrationFileMissing } from './history/migration-file-missing';
import { check as migrationHashMismatch } from './history/migration-hash-mismatch';
import { check as migrationNotReferenced } from './history/migration-not-referenced';
import { check as migrationOrder } from './history/migration-order';
import { check as migrationOutOfOrder } from './history/migration-out-of-order';
import { check as migrationReferencedTwice } from './history/migration-referenced-twice';
import { check as migrationVersionDuplicate } from './history/migration-version-duplicate';
import { check as missingDown } from './postgresql/rollback/missing-down';
import { check as namingPolicy } from './postgresql/advice/naming-policy';
import { check as narrowKey } from './postgresql/advice/narrow-key';
import { check as needsPsql } from './postgresql/syntax/needs-psql';
import { check as needsSuperuser } from './postgresql/execution/needs-superuser';
import { check as newTableLocksReferenced } from './postgresql/locks/new-table-locks-referenced';
import { check as notRerunnable } from './postgresql/execution/not-rerunnable';
import { check as onlineMigrationBlocks } from './postgresql/locks/online-migration-blocks';
import { check as otherDatabase } from './history/other-database';
import { check as paddedChar } from './postgresql/advice/padded-char';
import { check as partitionCreationLocksParent } from './postgresql/locks/partition-creation-locks-parent';
import { check as pendingTriggerEvents } from './postgresql/execution/pending-trigger-events';
import { check as policyChangeLocks } from './postgresql/locks/policy-change-locks';
import { check as primaryKeyBuildsIndex } from './postgresql/locks/primary-key-builds-index';
import { check as queriesMissing } from './manifest/queries-missing';
import { check as queryFails } from './postgresql/manifest/query-fails';
import { check as queryUnusable } from './manifest/query-unusable';
import { check as redundantIndex } from './postgresql/advice/redundant-index';
import { check as refreshBlocksReads } from './postgresql/locks/refresh-blocks-reads';
import { check as reindexNotConcurrent } from './postgresql/locks/reindex-not-concurrent';
import { check as releaseFromUnmatched } from './manifest/release-from-unmatched';
import { check as releaseStranded } from './manifest/release-stranded';
import { check as releaseUnreachable } from './manifest/release-unreachable';
import { check as releaseVersionDuplicate } from './manifest/release-version-duplicate';
import { check as releaseVersionInvalid } from './manifest/release-version-invalid';
import { check as releaseVersionOrder } from './manifest/release-version-order';
import { check as rename } from './postgresql/clients/rename';
import { check as replacementRefused } from './postgresql/execution/replacement-refused';
import { check as replicaIdentity } from './postgresql/data/replica-identity';
import { check as requiredColumnWithoutDefault } from './postgresql/execution/required-column-without-default';
import { check as requirementBeyondMinimum } from './manifest/requirement-beyond-minimum';
import { check as requirementInvalid } from './manifest/requirement-invalid';
import { check as requirementNarrowed } from './manifest/requirement-narrowed';
import { check as riskIncomplete } from './manifest/risk-incomplete';
import { check as riskUnmatched } from './manifest/risk-unmatched';
import { check as rollbackPathMissing } from './manifest/rollback-path-missing';
import { check as routineUsesRemoved } from './postgresql/execution/routine-uses-removed';
import { check as routineUsesUnknown } from './postgresql/execution/routine-uses-unknown';
import { check as rowSecurityIncomplete } from './postgresql/advice/row-security-incomplete';
import { check as runnerLockBlocksConcurrently } from './postgresql/execution/runner-lock-blocks-concurrently';
import { check as scriptTooLarge } from './postgresql/execution/script-too-large';
import { check as searchPathHidesJournal } from './postgresql/execution/search-path-hides-journal';
import { check as sequenceNotAdvanced } from './postgresql/data/sequence-not-advanced';
import { check as serialColumnRewrites } from './postgresql/locks/serial-column-rewrites';
import { check as serialKey } from './postgresql/advice/serial-key';
import { check as setNotNullScans } from './postgresql/locks/set-not-null-scans';
import { check as setSchema } from './postgresql/clients/set-schema';
import { check as settledMigrationChanged } from './history/settled-migration-changed';
import { check as statementFails } from './postgresql/execution/statement-fails';
import { check as statementNotFinished } from './postgresql/execution/statement-not-finished';
import { check as statementTimeoutMissing } from './postgresql/advice/statement-timeout-missing';
import { check as statementsUnderExclusiveLock } from './postgresql/locks/statements-under-exclusive-lock';
import { check as stopPassedOver } from './manifest/stop-passed-over';
import { check as stopUnknown } from './manifest/stop-unknown';
import { check as storageChangeRewrites } from './postgresql/locks/storage-change-rewrites';
import { check as storedGeneratedColumnRewrites } from './postgresql/locks/stored-generated-column-rewrites';
import { check as syntaxError } from './syntax/syntax-error';
import { check as syntaxTooNew } from './postgresql/execution/syntax-too-new';
import { check as systemRequirementUnmet } from './manifest/system-requirement-unmet';
import { check as tableLockedRepeatedly } from './postgresql/locks/table-locked-repeatedly';
import { check as tableRewriteCommand } from './postgresql/locks/table-rewrite-command';
import { check as tableWithoutPrimaryKey } from './postgresql/advice/table-without-primary-key';
import { check as tightenedColumn } from './postgresql/clients/tightened-column';
import { check as timestampWithoutZone } from './postgresql/advice/timestamp-without-zone';
import { check as transactionUnbalanced } from './postgresql/execution/transaction-unbalanced';
import { check as triggerChangeLocks } from './postgresql/locks/trigger-change-locks';
import { check as truncate } from './postgresql/data/truncate';
import { check as typeChangeRechecksConstraints } from './postgresql/locks/type-change-rechecks-constraints';
import { check as typeChangeRefused } from './postgresql/execution/type-change-refused';
import { check as typeChangeRewrites } from './postgresql/locks/type-change-rewrites';
import { check as typeNarrowing } from './postgresql/data/type-narrowing';
import { check as unboundedWrite } from './postgresql/data/unbounded-write';
import { check as uniqueConstraintBuildsIndex } from './postgresql/locks/unique-constraint-builds-index';
import { check as uniqueOverDuplicates } from './postgresql/execution/unique-over-duplicates';
import { check as unknownObject } from './postgresql/execution/unknown-object';
import { check as unnamedConstraint } from './postgresql/advice/unnamed-constraint';
import { check as unpinnedExtension } from './postgresql/advice/unpinned-extension';
import { check as unqualifiedName } from './postgresql/advice/unqualified-name';
import { check as unsafeDown } from './postgresql/rollback/unsafe-down';
import { check as unusedIgnore } from './syntax/unused-ignore';
import { check as validateInSameTransaction } from './postgresql/locks/validate-in-same-transaction';
import { check as volatileCheckConstraint } from './postgresql/advice/volatile-check-constraint';
import { check as volatileDefaultRewrites } from './postgresql/locks/volatile-default-rewrites';
import { check as wideLockWindow } from './postgresql/locks/wide-lock-window';
import { check as yankedReleaseOffered } from './manifest/yanked-release-offered';

/** Every check, by id. */
export const checks: readonly Check[] = [
  apiBreakingChange,
  apiInvalid,
  apiRemovedWithoutDeprecation,
  assumedSchema,
  attachPartitionScans,
  autovacuumOff,
  backfillUnderLock,
  baselineFails,
  blockingLock,
  breaksRunningRelease,
  broadGrant,
  budgetExceeded,
  bumpTooLarge,
  bumpTooSmall,
  byteOrderMark,
  cachedPlanChanges,
  cascadeDrops,
  channelUnknown,
  channelWithoutRelease,
  checkConstraintValidates,
  collationChange,
  columnAlignment,
  concurrentlyInTransaction,
  constrainedDomain,
  constrainedDomainColumnRewrites,
  constraintNotEnforced,
  cutAtSemicolon,
  dataSchemaIncompatible,
  defaultNotApplied,
  defaultRemoved,
  definerWithoutSearchPath,
  deprecationWithoutReplacement,
  detachPartitionBlocks,
  domainConstraintValidates,
  downFails,
  downIncomplete,
  downLosesRows,
  downgradeTooFar,
  dropColumn,
  dropColumnTakesAlong,
  dropForeignKeyLocksBoth,
  dropIndexNotConcurrent,
  dropIndexOfConstraint,
  dropNotNull,
  dropRefusedByDependents,
  dropTable,
  dropTableLocksReferenced,
  duplicateColumn,
  dynamicSql,
  enumChange,
  enumValueInTransaction,
  exclusionConstraintBuildsIndex,
  expandAndContractInOneRelease,
  explicitLock,
  extensionSpecifics,
  failsOnSomeRows,
  featureDefaultFlipped,
  featureNeedUnmet,
  featureRemovedEarly,
  featureRemovedWithoutDeprecation,
  featureStageBackwards,
  featureUsedBeforeIntroduction,
  foreignIgnoreComment,
  foreignKeyAction,
  foreignKeyNotValidOnPartitions,
  foreignKeyValidates,
  foreignKeyWithoutIndex,
  formatUnreadable,
  identifierTruncated,
  impossibleConstraint,
  indexNotConcurrent,
  indexOnPartitionedTable,
  invalidIndexKept,
  jsonColumn,
  largeTableChange,
  layoutProblem,
  limitedVarchar,
  lockTimeoutMissing,
  manifestSyntax,
  mergeableAlterTable,
  migrationFileMissing,
  migrationHashMismatch,
  migrationNotReferenced,
  migrationOrder,
  migrationOutOfOrder,
  migrationReferencedTwice,
  migrationVersionDuplicate,
  missingDown,
  namingPolicy,
  narrowKey,
  needsPsql,
  needsSuperuser,
  newTableLocksReferenced,
  notRerunnable,
  onlineMigrationBlocks,
  otherDatabase,
  paddedChar,
  partitionCreationLocksParent,
  pendingTriggerEvents,
  policyChangeLocks,
  primaryKeyBuildsIndex,
  queriesMissing,
  queryFails,
  queryUnusable,
  redundantIndex,
  refreshBlocksReads,
  reindexNotConcurrent,
  releaseFromUnmatched,
  releaseStranded,
  releaseUnreachable,
  releaseVersionDuplicate,
  releaseVersionInvalid,
  releaseVersionOrder,
  rename,
  replacementRefused,
  replicaIdentity,
  requiredColumnWithoutDefault,
  requirementBeyondMinimum,
  requirementInvalid,
  requirementNarrowed,
  riskIncomplete,
  riskUnmatched,
  rollbackPathMissing,
  routineUsesRemoved,
  routineUsesUnknown,
  rowSecurityIncomplete,
  runnerLockBlocksConcurrently,
  scriptTooLarge,
  searchPathHidesJournal,
  sequenceNotAdvanced,
  serialColumnRewrites,
  serialKey,
  setNotNullScans,
  setSchema,
  settledMigrationChanged,
  statementFails,
  statementNotFinished,
  statementTimeoutMissing,
  statementsUnderExclusiveLock,
  stopPassedOver,
  stopUnknown,
  storageChangeRewrites,
  storedGeneratedColumnRewrites,
  syntaxError,
  syntaxTooNew,
  systemRequirementUnmet,
  tableLockedRepeatedly,
  tableRewriteCommand,
  tableWithoutPrimaryKey,
  tightenedColumn,
  timestampWithoutZone,
  transactionUnbalanced,
  triggerChangeLocks,
  truncate,
  typeChangeRechecksConstraints,
  typeChangeRefused,
  typeChangeRewrites,
  typeNarrowing,
  unboundedWrite,
  uniqueConstraintBuildsIndex,
  uniqueOverDuplicates,
  unknownObject,
  unnamedConstraint,
  unpinnedExtension,
  unqualifiedName,
  unsafeDown,
  unusedIgnore,
  validateInSameTransaction,
  volatileCheckConstraint,
  volatileDefaultRewrites,
  wideLockWindow,
  yankedReleaseOffered,
];

export function findCheck(id: string): Check | undefined {
  return checks.find((check) => check.id === id);
}
