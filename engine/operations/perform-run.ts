import { failure, outcomeOf, ProblemError, success, type Outcome } from '../core/problem';
import { readHead } from '../running/journal/journal-reading';
import type { JournalState } from '../running/journal/journal-state';
import type { Target } from '../databases/target';
import { formatPlan } from '../running/planning/format-plan';
import type { Plan, RunReport } from '../running/plan';
import type { PlannedRun } from '../running/planning/planned-run';
import type { RunContext, RunResult } from '../running/run/run';
import { cancelOnAbort } from '../running/server-cancel';
import { stalePlan } from '../running/execution/upgrade-executor';
import { withTarget, type Installation, type OpenedTarget } from './installation';
import { backupsOf } from './installation-backups';
import { VersionTracker } from '../running/journal/version-tracker';

/** What a person decided about a run. */
export interface RunRequest {
  /** The id of the plan that a person saw: another one is refused as `plan-stale`. */
  readonly planId?: string;
  /** True when a person confirmed the plan; a protected target is not touched without. */
  readonly confirmed?: boolean;
  /** Risks and answers that a person accepted, as a plan or a problem named them. */
  readonly accept?: readonly string[];
  /** How long to wait for another run to end, milliseconds; default 10,000. */
  readonly lockWaitMs?: number;
}

/** A run that failed still tells what it did. */
export type RunOutcome = Outcome<RunReport> & { readonly report?: RunReport };

const defaultLockWaitMs = 10_000;

/** Plans a run, makes sure that it is permitted, and carries it out under the target's lock. */
export async function performRun(
  installation: Installation,
  request: RunRequest,
  plan: (opened: OpenedTarget) => Promise<PlannedRun>,
  execute: (planned: PlannedRun, context: RunContext) => Promise<RunResult>,
): Promise<RunOutcome> {
  const outcome = await outcomeOf(() =>
    withTarget(installation, async (opened): Promise<Pick<RunResult, 'report' | 'problem'>> => {
      const planned = await plan(opened);
      if (planned.steps.length === 0 && !opened.journal.openRun) return { report: idleReport(planned.plan, opened.journal) };
      requirePlan(request, planned.plan, opened.journal);
      requireConfirmation(request, opened.target, formatPlan(planned.plan), 'Review the plan and confirm it.');
      return locked(installation, request, opened, planned.plan, (context) => execute(planned, context));
    }),
  );
  if (!outcome.ok) return outcome;
  const { report, problem } = outcome.value;
  return problem ? { ...failure<RunReport>(problem), report } : { ...success(report), report };
}

/** Takes the lock, makes sure that nothing happened since the plan was made, and runs. */
async function locked(
  installation: Installation,
  request: RunRequest,
  opened: OpenedTarget,
  plan: Plan,
  run: (context: RunContext) => Promise<RunResult>,
): Promise<RunResult> {
  const { sources, session, target } = opened;
  const { host, signal, onProgress } = installation;
  const lock = await session.lock(lockOptions(installation, request));
  let current = session;
  let stopWatching = (): void => undefined;
  try {
    if ((await readHead(session)) !== plan.basis.journal) throw new ProblemError(stalePlan(plan.id, 'another run changed the target'));
    stopWatching = await cancelOnAbort(target, session, signal);
    const backups = backupsOf(installation, opened);
    const result = await run({ host, sources, session, backups, accept: request.accept ?? [], signal, onProgress });
    current = result.session;
    opened.use(current);
    return result;
  } finally {
    stopWatching();
    // A lock that was lost on the way has been told already, and one of a closed session is gone with it.
    if (current === session) await lock.release().catch(() => undefined);
  }
}

export function lockOptions({ host, signal }: Installation, { lockWaitMs = defaultLockWaitMs }: RunRequest) {
  return { waitMs: lockWaitMs, holder: host.holder, signal };
}

/** @throws ProblemError `plan-stale` for a plan that is not the one that a person saw */
function requirePlan({ planId }: RunRequest, plan: Plan, journal: JournalState): void {
  if (planId === undefined || planId === plan.id) return;
  const why =
    journal.head === plan.basis.journal
      ? 'the manifest, a migration, the target or an option was changed'
      : 'another run changed the target';
  throw new ProblemError(stalePlan(planId, why));
}

/** @throws ProblemError `confirmation-needed` for a protected target */
export function requireConfirmation({ confirmed }: RunRequest, target: Target, what: string, remedy: string): void {
  if (!target.protected || confirmed === true) return;
  throw new ProblemError({
    code: 'confirmation-needed',
    message: `The target ${target.name} is protected. The run would do the following:\n\n${what}`,
    remedy,
  });
}

function idleReport(plan: Plan, journal: JournalState): RunReport {
  const release = new VersionTracker(journal).currentRelease;
  return { run: '', plan: plan.id, direction: plan.direction, from: release, to: release, release, steps: [], verified: true, ms: 0 };
}
