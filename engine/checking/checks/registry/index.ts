import type { CheckGroup } from '../../../core/finding';
import type { Check } from '../check';
import { rooms } from './rooms';

/** A check with the group of its room. */
export interface RegisteredCheck extends Check {
  readonly group: CheckGroup;
}

/** Every check, by id. */
export const checks: readonly RegisteredCheck[] = rooms
  .flatMap(({ group, checks: own }) => own.map((check) => ({ ...check, group })))
  .sort((a, b) => (a.id < b.id ? -1 : 1));

const byId = new Map(checks.map((check) => [check.id, check]));

export function findCheck(id: string): RegisteredCheck | undefined {
  return byId.get(id);
}
