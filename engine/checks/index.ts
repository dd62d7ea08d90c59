import { check as blockingLock } from './blocking-lock';
import type { Check } from './check';
import { check as destructiveChange } from './destructive-change';
import { check as downFails } from './down-fails';
import { check as downIncomplete } from './down-incomplete';
import { check as indexNotConcurrent } from './index-not-concurrent';
import { check as layoutProblem } from './layout-problem';
import { check as manifestSyntax } from './manifest-syntax';
import { check as migrationFileMissing } from './migration-file-missing';
import { check as migrationNotReferenced } from './migration-not-referenced';
import { check as migrationOrder } from './migration-order';
import { check as migrationReferencedTwice } from './migration-referenced-twice';
import { check as migrationVersionDuplicate } from './migration-version-duplicate';
import { check as missingDown } from './missing-down';
import { check as releaseFromUnmatched } from './release-from-unmatched';
import { check as releaseStranded } from './release-stranded';
import { check as releaseUnreachable } from './release-unreachable';
import { check as releaseVersionDuplicate } from './release-version-duplicate';
import { check as releaseVersionInvalid } from './release-version-invalid';
import { check as releaseVersionOrder } from './release-version-order';
import { check as requirementInvalid } from './requirement-invalid';
import { check as riskUnmatched } from './risk-unmatched';
import { check as scriptTooLarge } from './script-too-large';
import { check as statementFails } from './statement-fails';
import { check as stopUnknown } from './stop-unknown';
import { check as syntaxError } from './syntax-error';
import { check as unusedIgnore } from './unused-ignore';

/** Every check, by id. */
export const checks: readonly Check[] = [
  blockingLock,
  destructiveChange,
  downFails,
  downIncomplete,
  indexNotConcurrent,
  layoutProblem,
  manifestSyntax,
  migrationFileMissing,
  migrationNotReferenced,
  migrationOrder,
  migrationReferencedTwice,
  migrationVersionDuplicate,
  missingDown,
  releaseFromUnmatched,
  releaseStranded,
  releaseUnreachable,
  releaseVersionDuplicate,
  releaseVersionInvalid,
  releaseVersionOrder,
  requirementInvalid,
  riskUnmatched,
  scriptTooLarge,
  statementFails,
  stopUnknown,
  syntaxError,
  unusedIgnore,
];

export function findCheck(id: string): Check | undefined {
  return checks.find((check) => check.id === id);
}
