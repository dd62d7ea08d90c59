import type { Plan } from '#engine/running/plan';
import type { Goal } from '../runs/command-line';
import type { Services } from '../services';
import { chooseRelease } from './choose';
import { goalOf } from './goal';

/** Shows the way from a target's release to another as a document; runs nothing. */
export async function planUpgrade(services: Services, value: unknown): Promise<Plan | undefined> {
  const goal = await goalOf(services, value, async (project, _target, argument) => {
    const release = await chooseRelease(project, argument);
    return release === undefined ? undefined : { direction: 'upgrade', release };
  });
  return goal && showPlanFor(services, goal);
}

async function showPlanFor(services: Services, goal: Goal): Promise<Plan | undefined> {
  const plan = await services.runs.plan(goal, (changed) => showPlanFor(services, changed));
  if (plan) await services.documents.showPlan(goal, plan);
  return plan;
}
