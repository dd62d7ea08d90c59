import { failure, success, type Outcome } from '../core/problem';
import { lastOrdinal } from './journal/journal-state';
import type { Plan } from './plan';
import { isIntact } from './plan-building';
import { PlanRunner, type RunContext, type RunResult } from './plan-runner';

/** Carries out upgrade plans. */
export class UpgradeExecutor {
  /**
   * Fails with `plan-invalid` or `plan-stale` before anything is changed. What goes wrong later is in the result, together
   * with the report of what was done.
   */
  async executePlan(plan: Plan, context: RunContext): Promise<Outcome<RunResult>> {
    const refusal = refusalOf(plan, context);
    if (refusal) return refusal;
    return success(await new PlanRunner(context, plan, lastOrdinal(context.state)).run());
  }
}

/** Refuses a plan that is not what it was when it was made, or that was made for another state of things. */
export function refusalOf(plan: Plan, { sources, state }: RunContext): Outcome<never> | undefined {
  if (!isIntact(plan)) {
    return failure({ code: 'plan-invalid', message: `The plan ${plan.id} was changed after it was made.`, remedy: 'Make a new plan.' });
  }
  const stale =
    plan.basis.manifest !== sources.manifestHash
      ? 'the manifest was changed'
      : plan.basis.migrations !== sources.migrationsHash
        ? 'a migration was changed'
        : plan.basis.journal !== state.head
          ? 'another run changed the target'
          : undefined;
  return stale === undefined ? undefined : failure(stalePlan(plan.id, stale));
}

export function stalePlan(id: string, why: string) {
  return {
    code: 'plan-stale' as const,
    message: `The plan ${id} is out of date: since it was made, ${why}.`,
    remedy: 'Make a new plan, review it and run that plan.',
  };
}
