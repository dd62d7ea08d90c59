import { ProblemError, type Problem } from '../../core/problem';
import type { Plan } from '../plan';
import { isIntact } from '../planning/plan-building';
import type { PlannedRun } from '../planning/planned-run';
import { Run, type RunContext, type RunResult } from '../run/run';
import { runSteps } from './runner';

/** Carries out plans. */
export class UpgradeExecutor {
  /**
   * Runs the steps in the journal of the target. What goes wrong on the way is in the result, together with the report of what
   * was done.
   * @throws ProblemError `plan-invalid` or `plan-stale` before anything is changed
   */
  async executePlan({ plan, steps, boundary }: PlannedRun, context: RunContext): Promise<RunResult> {
    const run = await Run.open(context, plan);
    requireFresh(plan, run);
    await run.begin(boundary);
    const problem = await runSteps(run, steps);
    if (!problem) await run.finish();
    return run.result(problem);
  }
}

/** Refuses a plan that is not what it was when it was made, or that was made for another state of things. */
function requireFresh(plan: Plan, { sources, state }: Run): void {
  if (!isIntact(plan)) {
    throw new ProblemError({
      code: 'plan-invalid',
      message: `The plan ${plan.id} was changed after it was made.`,
      remedy: 'Make a new plan.',
    });
  }
  const stale =
    plan.basis.manifest !== sources.manifestHash
      ? 'the manifest was changed'
      : plan.basis.migrations !== sources.migrationsHash
        ? 'a migration was changed'
        : plan.basis.journal !== state.head
          ? 'another run changed the target'
          : undefined;
  if (stale !== undefined) throw new ProblemError(stalePlan(plan.id, stale));
}

export function stalePlan(id: string, why: string): Problem {
  return {
    code: 'plan-stale',
    message: `The plan ${id} is out of date: since it was made, ${why}.`,
    remedy: 'Make a new plan, review it and run that plan.',
  };
}
