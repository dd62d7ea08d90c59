import { check as apiBreakingChange } from './api-breaking-change';
import { check as apiInvalid } from './api-invalid';
import { check as apiRemovedWithoutDeprecation } from './api-removed-without-deprecation';
import { check as assumedSchema } from './assumed-schema';
import { check as attachPartitionScans } from './attach-partition-scans';
import { check as autovacuumOff } from './autovacuum-off';
import { check as backfillUnderLock } from './backfill-under-lock';
import { check as baselineFails } from './baseline-fails';
import { check as blockingLock } from './blocking-lock';
import type { Check } from './check';
import { check as breaksRunningRelease } from './breaks-running-release';
import { check as broadGrant } from './broad-grant';
import { check as budgetExceeded } from './budget-exceeded';
import { check as bumpTooLarge } from './bump-too-large';
import { check as bumpTooSmall } from './bump-too-small';
import { check as byteOrderMark } from './byte-order-mark';
import { check as cachedPlanChanges } from './cached-plan-changes';
import { check as cascadeDrops } from './cascade-drops';
import { check as channelUnknown } from './channel-unknown';
import { check as channelWithoutRelease } from './channel-without-release';
import { check as checkConstraintValidates } from './check-constraint-validates';
import { check as collationChange } from './collation-change';
import { check as columnAlignment } from './column-alignment';
import { check as concurrentlyInTransaction } from './concurrently-in-transaction';
import { check as constrainedDomain } from './constrained-domain';
import { check as constrainedDomainColumnRewrites } from './constrained-domain-column-rewrites';
import { check as constraintNotEnforced } from './constraint-not-enforced';
import { check as cutAtSemicolon } from './cut-at-semicolon';
import { check as dataSchemaIncompatible } from './data-schema-incompatible';
import { check as defaultNotApplied } from './default-not-applied';
import { check as defaultRemoved } from './default-removed';
import { check as definerWithoutSearchPath } from './definer-without-search-path';
import { check as deprecationWithoutReplacement } from './deprecation-without-replacement';
import { check as detachPartitionBlocks } from './detach-partition-blocks';
import { check as domainConstraintValidates } from './domain-constraint-validates';
import { check as downFails } from './down-fails';
import { check as downIncomplete } from './down-incomplete';
import { check as downLosesRows } from './down-loses-rows';
import { check as downgradeTooFar } from './downgrade-too-far';
import { check as dropColumn } from './drop-column';
import { check as dropColumnTakesAlong } from './drop-column-takes-along';
import { check as dropForeignKeyLocksBoth } from './drop-foreign-key-locks-both';
import { check as dropIndexNotConcurrent } from './drop-index-not-concurrent';
import { check as dropIndexOfConstraint } from './drop-index-of-constraint';
import { check as dropNotNull } from './drop-not-null';
import { check as dropRefusedByDependents } from './drop-refused-by-dependents';
import { check as dropTable } from './drop-table';
import { check as dropTableLocksReferenced } from './drop-table-locks-referenced';
import { check as duplicateColumn } from './duplicate-column';
import { check as dynamicSql } from './dynamic-sql';
import { check as enumChange } from './enum-change';
import { check as enumValueInTransaction } from './enum-value-in-transaction';
import { check as exclusionConstraintBuildsIndex } from './exclusion-constraint-builds-index';
import { check as expandAndContractInOneRelease } from './expand-and-contract-in-one-release';
import { check as explicitLock } from './explicit-lock';
import { check as extensionSpecifics } from './extension-specifics';
import { check as failsOnSomeRows } from './fails-on-some-rows';
import { check as featureDefaultFlipped } from './feature-default-flipped';
import { check as featureNeedUnmet } from './feature-need-unmet';
import { check as featureRemovedEarly } from './feature-removed-early';
import { check as featureRemovedWithoutDeprecation } from './feature-removed-without-deprecation';
import { check as featureStageBackwards } from './feature-stage-backwards';
import { check as featureUsedBeforeIntroduction } from './feature-used-before-introduction';
import { check as foreignIgnoreComment } from './foreign-ignore-comment';
import { check as foreignKeyAction } from './foreign-key-action';
import { check as foreignKeyNotValidOnPartitions } from './foreign-key-not-valid-on-partitions';
import { check as foreignKeyValidates } from './foreign-key-validates';
import { check as foreignKeyWithoutIndex } from './foreign-key-without-index';
import { check as formatUnreadable } from './format-unreadable';
import { check as identifierTruncated } from './identifier-truncated';
import { check as impossibleConstraint } from './impossible-constraint';
import { check as indexNotConcurrent } from './index-not-concurrent';
import { check as indexOnPartitionedTable } from './index-on-partitioned-table';
import { check as invalidIndexKept } from './invalid-index-kept';
import { check as jsonColumn } from './json-column';
import { check as largeTableChange } from './large-table-change';
import { check as layoutProblem } from './layout-problem';
import { check as limitedVarchar } from './limited-varchar';
import { check as lockTimeoutMissing } from './lock-timeout-missing';
import { check as manifestSyntax } from './manifest-syntax';
import { check as mergeableAlterTable } from './mergeable-alter-table';
import { check as migrationFileMissing } from './migration-file-missing';
import { check as migrationHashMismatch } from './migration-hash-mismatch';
import { check as migrationNotReferenced } from './migration-not-referenced';
import { check as migrationOrder } from './migration-order';
import { check as migrationOutOfOrder } from './migration-out-of-order';
import { check as migrationReferencedTwice } from './migration-referenced-twice';
import { check as migrationVersionDuplicate } from './migration-version-duplicate';
import { check as missingDown } from './missing-down';
import { check as namingPolicy } from './naming-policy';
import { check as narrowKey } from './narrow-key';
import { check as needsPsql } from './needs-psql';
import { check as needsSuperuser } from './needs-superuser';
import { check as newTableLocksReferenced } from './new-table-locks-referenced';
import { check as notRerunnable } from './not-rerunnable';
import { check as onlineMigrationBlocks } from './online-migration-blocks';
import { check as otherDatabase } from './other-database';
import { check as paddedChar } from './padded-char';
import { check as partitionCreationLocksParent } from './partition-creation-locks-parent';
import { check as pendingTriggerEvents } from './pending-trigger-events';
import { check as policyChangeLocks } from './policy-change-locks';
import { check as primaryKeyBuildsIndex } from './primary-key-builds-index';
import { check as queriesMissing } from './queries-missing';
import { check as queryFails } from './query-fails';
import { check as queryUnusable } from './query-unusable';
import { check as redundantIndex } from './redundant-index';
import { check as refreshBlocksReads } from './refresh-blocks-reads';
import { check as reindexNotConcurrent } from './reindex-not-concurrent';
import { check as releaseFromUnmatched } from './release-from-unmatched';
import { check as releaseStranded } from './release-stranded';
import { check as releaseUnreachable } from './release-unreachable';
import { check as releaseVersionDuplicate } from './release-version-duplicate';
import { check as releaseVersionInvalid } from './release-version-invalid';
import { check as releaseVersionOrder } from './release-version-order';
import { check as rename } from './rename';
import { check as replacementRefused } from './replacement-refused';
import { check as replicaIdentity } from './replica-identity';
import { check as requiredColumnWithoutDefault } from './required-column-without-default';
import { check as requirementBeyondMinimum } from './requirement-beyond-minimum';
import { check as requirementInvalid } from './requirement-invalid';
import { check as requirementNarrowed } from './requirement-narrowed';
import { check as riskIncomplete } from './risk-incomplete';
import { check as riskUnmatched } from './risk-unmatched';
import { check as rollbackPathMissing } from './rollback-path-missing';
import { check as routineUsesRemoved } from './routine-uses-removed';
import { check as routineUsesUnknown } from './routine-uses-unknown';
import { check as rowSecurityIncomplete } from './row-security-incomplete';
import { check as runnerLockBlocksConcurrently } from './runner-lock-blocks-concurrently';
import { check as scriptTooLarge } from './script-too-large';
import { check as searchPathHidesJournal } from './search-path-hides-journal';
import { check as sequenceNotAdvanced } from './sequence-not-advanced';
import { check as serialColumnRewrites } from './serial-column-rewrites';
import { check as serialKey } from './serial-key';
import { check as setNotNullScans } from './set-not-null-scans';
import { check as setSchema } from './set-schema';
import { check as settledMigrationChanged } from './settled-migration-changed';
import { check as statementFails } from './statement-fails';
import { check as statementNotFinished } from './statement-not-finished';
import { check as statementTimeoutMissing } from './statement-timeout-missing';
import { check as statementsUnderExclusiveLock } from './statements-under-exclusive-lock';
import { check as stopPassedOver } from './stop-passed-over';
import { check as stopUnknown } from './stop-unknown';
import { check as storageChangeRewrites } from './storage-change-rewrites';
import { check as storedGeneratedColumnRewrites } from './stored-generated-column-rewrites';
import { check as syntaxError } from './syntax-error';
import { check as syntaxTooNew } from './syntax-too-new';
import { check as systemRequirementUnmet } from './system-requirement-unmet';
import { check as tableLockedRepeatedly } from './table-locked-repeatedly';
import { check as tableRewriteCommand } from './table-rewrite-command';
import { check as tableWithoutPrimaryKey } from './table-without-primary-key';
import { check as tightenedColumn } from './tightened-column';
import { check as timestampWithoutZone } from './timestamp-without-zone';
import { check as transactionUnbalanced } from './transaction-unbalanced';
import { check as triggerChangeLocks } from './trigger-change-locks';
import { check as truncate } from './truncate';
import { check as typeChangeRechecksConstraints } from './type-change-rechecks-constraints';
import { check as typeChangeRefused } from './type-change-refused';
import { check as typeChangeRewrites } from './type-change-rewrites';
import { check as typeNarrowing } from './type-narrowing';
import { check as unboundedWrite } from './unbounded-write';
import { check as uniqueConstraintBuildsIndex } from './unique-constraint-builds-index';
import { check as uniqueOverDuplicates } from './unique-over-duplicates';
import { check as unknownObject } from './unknown-object';
import { check as unnamedConstraint } from './unnamed-constraint';
import { check as unpinnedExtension } from './unpinned-extension';
import { check as unqualifiedName } from './unqualified-name';
import { check as unsafeDown } from './unsafe-down';
import { check as unusedIgnore } from './unused-ignore';
import { check as validateInSameTransaction } from './validate-in-same-transaction';
import { check as volatileCheckConstraint } from './volatile-check-constraint';
import { check as volatileDefaultRewrites } from './volatile-default-rewrites';
import { check as wideLockWindow } from './wide-lock-window';
import { check as yankedReleaseOffered } from './yanked-release-offered';

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
