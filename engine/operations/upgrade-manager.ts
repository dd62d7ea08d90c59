import { outcomeOf, type Outcome } from '../core/problem';
import type { Plan, TargetStatus } from '../running/plan';
import type { PlannedRun } from '../running/planning/planned-run';
import { UpgradeExecutor } from '../running/execution/upgrade-executor';
import { UpgradePlanner, type UpgradeOptions } from '../running/planning/upgrade-planner';
import { releaseGraph } from '../inputs/releases/graph';
import { CompatibilityChecker } from './compatibility-checker';
import { factsOf, lookAtTarget, type Installation, type OpenedTarget, performRun, type RunOutcome, type RunRequest } from './installation';
import { withDrift } from './plan-with-drift';
import type { IsStillWanted } from './other-runs';
import { statusOf } from './target-status';
import { VersionTracker } from '../running/journal/version-tracker';

export type UpgradeRequest = Omit<UpgradeOptions, 'nodeVersion' | 'notes' | 'drift'>;

/** The planner refuses these with a problem of its own. */
const gatedElsewhere: ReadonlySet<string> = new Set(['release-unknown', 'migration-edited', 'migration-missing']);

/** An upgrade is to a release, whatever another upgrade has done of it; one that follows a rollback would undo that. */
const isStillWanted: IsStillWanted = (direction) => direction === 'upgrade';

/** Upgrades a target, and says where it is. */
export class UpgradeManager {
  readonly planner = new UpgradePlanner();
  readonly executor = new UpgradeExecutor();

  constructor(private readonly installation: Installation) {}

  /** The plan of an upgrade. Changes nothing. Fails with the problems of `UpgradePlanner.createPlan`. */
  plan(request: UpgradeRequest = {}): Promise<Outcome<Plan>> {
    return outcomeOf(() => lookAtTarget(this.installation, async (opened) => (await this.#planned(opened, request)).plan, isStillWanted));
  }

  /** Upgrades the target, or goes on with an upgrade that was interrupted. Fails as `plan`, with `plan-stale`, or as a step does. */
  perform(request: UpgradeRequest & RunRequest = {}): Promise<RunOutcome> {
    return performRun(
      this.installation,
      request,
      isStillWanted,
      (opened) => this.#planned(opened, request),
      (planned, context) => this.executor.executePlan(planned, context),
      statusOf,
    );
  }

  /** What the target is, and what was done to it. */
  status(): Promise<Outcome<TargetStatus>> {
    return outcomeOf(() => lookAtTarget(this.installation, (opened) => statusOf(this.installation, opened)));
  }

  async #planned(opened: OpenedTarget, request: UpgradeRequest): Promise<PlannedRun> {
    const { sources, journal } = opened;
    const destination = request.to ?? releaseGraph(sources.manifest).newest?.version ?? '';
    const { reasons } = await new CompatibilityChecker(this.installation).compare(
      opened,
      new VersionTracker(journal).currentRelease,
      destination,
    );
    const notes = reasons.filter((reason) => !gatedElsewhere.has(reason.code)).map((reason) => reason.message);
    const { nodeVersion } = this.installation.host;
    return withDrift(opened, request.accept, (drift) =>
      this.planner.createPlan(sources, factsOf(opened), { ...request, drift, notes, nodeVersion }),
    );
  }
}
