import type { Plan } from '#engine/running/plan';
import type { Goal } from '../runs/command-line';
import type { Services } from '../services';
import { asArgument } from './argument';
import { chooseRelease } from './choose';
import { projectAndTarget } from './goal';

/** Shows the way from a target's release to another as a document; runs nothing. */
export async function planUpgrade(services: Services, value: unknown): Promise<Plan | undefined> {
  const argument = asArgument(value);
  const chosen = await projectAndTarget(services, argument);
  if (!chosen) return undefined;
  const { project, target } = chosen;
  const release = await chooseRelease(project, argument);
  if (release === undefined) return undefined;
  return showPlanFor(services, { direction: 'upgrade', manifest: project.manifest.fsPath, target, release });
}

async function showPlanFor(services: Services, goal: Goal): Promise<Plan | undefined> {
  const plan = await services.runs.plan(goal, (changed) => showPlanFor(services, changed));
  if (plan) await services.documents.showPlan(goal, plan);
  return plan;
}
