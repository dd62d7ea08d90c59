import { outcomeOf, type Outcome } from '../core/problem';
import { RollbackExecutor } from '../running/execution/rollback-executor';
import { RollbackPlanner, type RollbackOptions } from '../running/planning/rollback-planner';
import type { Plan } from '../running/plan';
import type { PlannedRun } from '../running/planning/planned-run';
import {
  factsOf,
  lookAtTarget,
  type Installation,
  type OpenedTarget,
  backupsOf,
  performRun,
  type RunOutcome,
  type RunRequest,
} from './installation';
import type { IsStillWanted } from './other-runs';
import { withDrift } from './plan-with-drift';
import { statusOf } from './target-status';

/** `accept`: changes outside the journal, each by name. */
type RollbackRequest = Omit<RollbackOptions, 'drift'> & Pick<RunRequest, 'accept'>;

/** Without a release, a rollback that follows another one would undo one release more. */
function isStillWanted({ to }: RollbackRequest): IsStillWanted {
  return (direction) => direction === 'rollback' && to !== undefined;
}

/** Returns a target to an earlier release, or to where an interrupted run began. */
export class RollbackManager {
  readonly planner = new RollbackPlanner();
  readonly executor = new RollbackExecutor();

  constructor(private readonly installation: Installation) {}

  /** The plan of a rollback. Changes nothing. Fails with the problems of `RollbackPlanner.createPlan`. */
  plan(request: RollbackRequest = {}): Promise<Outcome<Plan>> {
    const make = async (opened: OpenedTarget) => (await this.#planned(opened, request)).plan;
    return outcomeOf(() => lookAtTarget(this.installation, make, isStillWanted(request)));
  }

  /** Fails as `plan`, with `plan-stale`, as a step does, or with `verification-failed` where the schema is not as it was. */
  perform(request: RollbackRequest & RunRequest = {}): Promise<RunOutcome> {
    return performRun(
      this.installation,
      request,
      isStillWanted(request),
      (opened) => this.#planned(opened, request),
      (planned, context) => this.executor.executePlan(planned, context),
      statusOf,
    );
  }

  async #planned(opened: OpenedTarget, request: RollbackRequest): Promise<PlannedRun> {
    const backups = await backupsOf(this.installation, opened).list();
    return withDrift(opened, request.accept, (drift) =>
      this.planner.createPlan(opened.sources, { ...factsOf(opened), backups, session: opened.session }, { ...request, drift }),
    );
  }
}
