import type { Outcome } from '../../core/problem';
import type { RunContext, RunResult } from '../plan-runner';
import type { UpgradeSources } from '../../inputs/sources';
import { RollbackExecutor } from './rollback-executor';
import { RollbackPlanner, type PlannedRollback, type RollbackFacts, type RollbackOptions } from './rollback-planner';
import { StateManager } from './state-manager';

/** Plans the way back, goes it, and verifies that it led to where it should. */
export class RollbackManager {
  readonly planner = new RollbackPlanner();
  readonly stateManager = new StateManager();
  readonly executor = new RollbackExecutor(this.stateManager);

  createPlan(sources: UpgradeSources, target: RollbackFacts, options: RollbackOptions): Promise<Outcome<PlannedRollback>> {
    return this.planner.createPlan(sources, target, options);
  }

  /** Carries out exactly this plan; refuses it when anything that it is based on has changed. */
  performRollback(planned: PlannedRollback, context: RunContext): Promise<Outcome<RunResult>> {
    return this.executor.executePlan(planned, context);
  }
}
