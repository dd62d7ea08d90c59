import type { Outcome } from '../core/problem';
import type { Plan } from './plan';
import type { RunContext, RunResult } from './plan-runner';
import type { UpgradeSources } from '../inputs/sources';
import { UpgradeExecutor } from './upgrade-executor';
import { UpgradePlanner, type TargetFacts, type UpgradeOptions } from './upgrade-planner';

/** Plans upgrades and carries them out. Each run is followed by a `StatusTracker` of its own. */
export class UpgradeManager {
  readonly planner = new UpgradePlanner();
  readonly executor = new UpgradeExecutor();

  createPlan(sources: UpgradeSources, target: TargetFacts, options: UpgradeOptions): Promise<Outcome<Plan>> {
    return this.planner.createPlan(sources, target, options);
  }

  /** Carries out exactly this plan; refuses it when anything that it is based on has changed. */
  performUpgrade(plan: Plan, context: RunContext): Promise<Outcome<RunResult>> {
    return this.executor.executePlan(plan, context);
  }
}
