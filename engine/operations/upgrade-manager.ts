import { outcomeOf, type Outcome } from '../core/problem';
import type { MigrationState, Plan, TargetStatus } from '../running/plan';
import type { PlannedRun } from '../running/planning/planned-run';
import { UpgradeExecutor } from '../running/execution/upgrade-executor';
import { UpgradePlanner, type UpgradeOptions } from '../running/planning/upgrade-planner';
import { releaseGraph } from '../inputs/releases/graph';
import { CompatibilityChecker } from './compatibility-checker';
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
import { remainingLeftover } from './verification';
import { endOf } from '../running/journal/journal-state';
import { VersionTracker } from '../running/journal/version-tracker';

export type UpgradeRequest = Omit<UpgradeOptions, 'nodeVersion' | 'notes'>;

/** The planner refuses these with a problem of its own. */
const gatedElsewhere: ReadonlySet<string> = new Set(['release-unknown', 'migration-edited', 'migration-missing']);

/** Upgrades a target, and says where it is. */
export class UpgradeManager {
  readonly planner = new UpgradePlanner();
  readonly executor = new UpgradeExecutor();

  constructor(private readonly installation: Installation) {}

  /** The plan of an upgrade. Changes nothing. Fails with the problems of `UpgradePlanner.createPlan`. */
  plan(request: UpgradeRequest = {}): Promise<Outcome<Plan>> {
    return outcomeOf(() => lookAtTarget(this.installation, async (opened) => (await this.#planned(opened, request)).plan));
  }

  /** Upgrades the target, or goes on with an upgrade that was interrupted. Fails as `plan`, with `plan-stale`, or as a step does. */
  perform(request: UpgradeRequest & RunRequest = {}): Promise<RunOutcome> {
    return performRun(
      this.installation,
      request,
      (opened) => this.#planned(opened, request),
      (planned, context) => this.executor.executePlan(planned, context),
    );
  }

  /** What the target is, and what was done to it. */
  status(): Promise<Outcome<TargetStatus>> {
    return outcomeOf(() => lookAtTarget(this.installation, (opened) => this.#status(opened)));
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
    return this.planner.createPlan(sources, factsOf(opened), { ...request, notes, nodeVersion: this.installation.host.nodeVersion });
  }

  async #status(opened: OpenedTarget): Promise<TargetStatus> {
    const { sources, target, session, journal } = opened;
    const run = journal.openRun;
    const stopped = run?.steps.find((step) => step.state !== 'done') ?? run?.steps.at(-1);
    return {
      system: sources.manifest.system,
      target: target.name,
      targetDescription: target.description,
      protected: target.protected,
      serverVersion: session.serverVersion,
      release: new VersionTracker(journal).currentRelease,
      newest: releaseGraph(sources.manifest).newest?.version ?? null,
      migrations: migrationStates(opened),
      interrupted: run && {
        run: run.id,
        plan: run.plan.id,
        direction: run.direction,
        from: run.from,
        to: run.to,
        step: stopped?.id ?? run.plan.steps[0]?.id ?? '',
        state: stopped?.state ?? 'pending',
        ended: endOf(run),
        done: run.steps.filter((step) => step.state === 'done').length,
        total: new Set([...run.steps, ...run.plan.steps].map((step) => step.id)).size,
        error: run.error?.message,
      },
      leftover: await remainingLeftover(opened),
      rowsLeft: run ? undefined : journal.rowsLeft,
      backups: await backupsOf(this.installation, opened).list(),
    };
  }
}

/** Those of the manifest in its order, then those that only the journal knows. */
function migrationStates({ sources, journal }: OpenedTarget): MigrationState[] {
  const stored = new Map(journal.migrations.map((migration) => [migration.id, migration]));
  const listed = sources.migrations.map(({ id, release, hash }): MigrationState => {
    const applied = stored.get(id);
    if (!applied) return { id, release, state: 'pending' };
    const isEdited = applied.hash !== hash && applied.state === 'applied';
    return { id, release, state: isEdited ? 'edited' : applied.state, appliedAt: applied.appliedAt };
  });
  const known = new Set(sources.migrations.map((migration) => migration.id));
  const missing = journal.migrations.filter((migration) => !known.has(migration.id));
  return [...listed, ...missing.map(({ id, release, appliedAt }): MigrationState => ({ id, release, state: 'missing', appliedAt }))];
}
