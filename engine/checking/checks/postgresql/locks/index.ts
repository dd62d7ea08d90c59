// Written from the folder by `npm run registry`.
import type { CheckRoom } from '../../check';
import { check as attachPartitionScans } from './attach-partition-scans';
import { check as backfillUnderLock } from './backfill-under-lock';
import { check as blockingLock } from './blocking-lock';
import { check as budgetExceeded } from './budget-exceeded';
import { check as checkConstraintValidates } from './check-constraint-validates';
import { check as collationChange } from './collation-change';
import { check as constrainedDomainColumnRewrites } from './constrained-domain-column-rewrites';
import { check as detachPartitionBlocks } from './detach-partition-blocks';
import { check as domainConstraintValidates } from './domain-constraint-validates';
import { check as dropForeignKeyLocksBoth } from './drop-foreign-key-locks-both';
import { check as dropIndexNotConcurrent } from './drop-index-not-concurrent';
import { check as dropTableLocksReferenced } from './drop-table-locks-referenced';
import { check as exclusionConstraintBuildsIndex } from './exclusion-constraint-builds-index';
import { check as explicitLock } from './explicit-lock';
import { check as foreignKeyValidates } from './foreign-key-validates';
import { check as indexNotConcurrent } from './index-not-concurrent';
import { check as indexOnPartitionedTable } from './index-on-partitioned-table';
import { check as largeTableChange } from './large-table-change';
import { check as lockTimeoutMissing } from './lock-timeout-missing';
import { check as mergeableAlterTable } from './mergeable-alter-table';
import { check as newTableLocksReferenced } from './new-table-locks-referenced';
import { check as onlineMigrationBlocks } from './online-migration-blocks';
import { check as partitionCreationLocksParent } from './partition-creation-locks-parent';
import { check as policyChangeLocks } from './policy-change-locks';
import { check as primaryKeyBuildsIndex } from './primary-key-builds-index';
import { check as refreshBlocksReads } from './refresh-blocks-reads';
import { check as reindexNotConcurrent } from './reindex-not-concurrent';
import { check as serialColumnRewrites } from './serial-column-rewrites';
import { check as setNotNullScans } from './set-not-null-scans';
import { check as statementsUnderExclusiveLock } from './statements-under-exclusive-lock';
import { check as storageChangeRewrites } from './storage-change-rewrites';
import { check as storedGeneratedColumnRewrites } from './stored-generated-column-rewrites';
import { check as tableLockedRepeatedly } from './table-locked-repeatedly';
import { check as tableRewriteCommand } from './table-rewrite-command';
import { check as triggerChangeLocks } from './trigger-change-locks';
import { check as typeChangeRechecksConstraints } from './type-change-rechecks-constraints';
import { check as typeChangeRewrites } from './type-change-rewrites';
import { check as uniqueConstraintBuildsIndex } from './unique-constraint-builds-index';
import { check as validateInSameTransaction } from './validate-in-same-transaction';
import { check as volatileDefaultRewrites } from './volatile-default-rewrites';
import { check as wideLockWindow } from './wide-lock-window';

export const room: CheckRoom = {
  group: 'locks',
  checks: [
    attachPartitionScans,
    backfillUnderLock,
    blockingLock,
    budgetExceeded,
    checkConstraintValidates,
    collationChange,
    constrainedDomainColumnRewrites,
    detachPartitionBlocks,
    domainConstraintValidates,
    dropForeignKeyLocksBoth,
    dropIndexNotConcurrent,
    dropTableLocksReferenced,
    exclusionConstraintBuildsIndex,
    explicitLock,
    foreignKeyValidates,
    indexNotConcurrent,
    indexOnPartitionedTable,
    largeTableChange,
    lockTimeoutMissing,
    mergeableAlterTable,
    newTableLocksReferenced,
    onlineMigrationBlocks,
    partitionCreationLocksParent,
    policyChangeLocks,
    primaryKeyBuildsIndex,
    refreshBlocksReads,
    reindexNotConcurrent,
    serialColumnRewrites,
    setNotNullScans,
    statementsUnderExclusiveLock,
    storageChangeRewrites,
    storedGeneratedColumnRewrites,
    tableLockedRepeatedly,
    tableRewriteCommand,
    triggerChangeLocks,
    typeChangeRechecksConstraints,
    typeChangeRewrites,
    uniqueConstraintBuildsIndex,
    validateInSameTransaction,
    volatileDefaultRewrites,
    wideLockWindow,
  ],
};
