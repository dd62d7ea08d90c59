// Written from the folder by `npm run registry`.
import type { CheckRoom } from '../../check';
import { check as concurrentlyInTransaction } from './concurrently-in-transaction';
import { check as dropIndexOfConstraint } from './drop-index-of-constraint';
import { check as dropRefusedByDependents } from './drop-refused-by-dependents';
import { check as duplicateColumn } from './duplicate-column';
import { check as dynamicSql } from './dynamic-sql';
import { check as enumValueInTransaction } from './enum-value-in-transaction';
import { check as foreignKeyNotValidOnPartitions } from './foreign-key-not-valid-on-partitions';
import { check as identifierTruncated } from './identifier-truncated';
import { check as impossibleConstraint } from './impossible-constraint';
import { check as invalidIndexKept } from './invalid-index-kept';
import { check as needsSuperuser } from './needs-superuser';
import { check as notRerunnable } from './not-rerunnable';
import { check as pendingTriggerEvents } from './pending-trigger-events';
import { check as replacementRefused } from './replacement-refused';
import { check as requiredColumnWithoutDefault } from './required-column-without-default';
import { check as routineUsesRemoved } from './routine-uses-removed';
import { check as routineUsesUnknown } from './routine-uses-unknown';
import { check as runnerLockBlocksConcurrently } from './runner-lock-blocks-concurrently';
import { check as scriptTooLarge } from './script-too-large';
import { check as searchPathHidesJournal } from './search-path-hides-journal';
import { check as statementFails } from './statement-fails';
import { check as statementNotFinished } from './statement-not-finished';
import { check as syntaxTooNew } from './syntax-too-new';
import { check as transactionUnbalanced } from './transaction-unbalanced';
import { check as typeChangeRefused } from './type-change-refused';
import { check as uniqueOverDuplicates } from './unique-over-duplicates';
import { check as unknownObject } from './unknown-object';

export const room: CheckRoom = {
  group: 'execution',
  checks: [
    concurrentlyInTransaction,
    dropIndexOfConstraint,
    dropRefusedByDependents,
    duplicateColumn,
    dynamicSql,
    enumValueInTransaction,
    foreignKeyNotValidOnPartitions,
    identifierTruncated,
    impossibleConstraint,
    invalidIndexKept,
    needsSuperuser,
    notRerunnable,
    pendingTriggerEvents,
    replacementRefused,
    requiredColumnWithoutDefault,
    routineUsesRemoved,
    routineUsesUnknown,
    runnerLockBlocksConcurrently,
    scriptTooLarge,
    searchPathHidesJournal,
    statementFails,
    statementNotFinished,
    syntaxTooNew,
    transactionUnbalanced,
    typeChangeRefused,
    uniqueOverDuplicates,
    unknownObject,
  ],
};
