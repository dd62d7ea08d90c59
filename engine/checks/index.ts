import { check as blockingLock } from './blocking-lock';
import type { Check } from './check';
import { check as destructiveChange } from './destructive-change';
import { check as downFails } from './down-fails';
import { check as downIncomplete } from './down-incomplete';
import { check as missingDown } from './missing-down';
import { check as statementFails } from './statement-fails';
import { check as syntaxError } from './syntax-error';
import { check as unusedIgnore } from './unused-ignore';

/** Every check, by id. */
export const checks: readonly Check[] = [
  blockingLock,
  destructiveChange,
  downFails,
  downIncomplete,
  missingDown,
  statementFails,
  syntaxError,
  unusedIgnore,
];

export function findCheck(id: string): Check | undefined {
  return checks.find((check) => check.id === id);
}
