import { ProblemError, type Problem } from '../../core/problem';
import type { Plan } from '../plan';
import { isIntact } from '../planning/plan-building';
import type { PlannedRun, Step } from '../planning/planned-run';
import { Run, type RunContext, type RunResult } from '../run/run';
import { DataMigrator } from '../steps/data-migrator';
import { DatabaseFailure } from '../../databases/target';
import { cancelled, failureReport, isCancellation, isOutOfTouch, storedError } from './failure-report';
import { backupKind } from '../steps/backup';
import { checkKind } from '../steps/check';
import { releaseKind } from '../steps/release';
import { restoreKind } from '../steps/restore';
import type { StepKind } from '../steps/step';
import { verifyKind } from '../steps/verify';

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

const migrator = new DataMigrator();

const kinds: { readonly [Kind in Step['kind']]: StepKind<Extract<Step, { kind: Kind }>> } = {
  check: checkKind,
  backup: backupKind,
  migration: migrator,
  statement: migrator,
  transform: migrator,
  release: releaseKind,
  verify: verifyKind,
  restore: restoreKind,
};

/**
 * Carries out steps one by one. Each is journaled, so that a crash anywhere leaves a run that can be resumed or rolled back.
 * @returns the problem that ended the run, journaled where that was possible
 */
export async function runSteps(run: Run, steps: readonly Step[]): Promise<Problem | undefined> {
  for (const step of steps) {
    if (run.signal?.aborted) return stopCancelled(run, step);
    const kind = kinds[step.kind] as StepKind<Step>;
    try {
      run.host.logger.info(step.title);
      run.tracker.start(step);
      run.tracker.finish(step, 'done', await run.watched(step, () => kind.perform(run, step)));
    } catch (error) {
      if (!run.signal?.aborted || !isCancellation(error)) return stopFailed(run, step, kind, error);
      run.tracker.finish(step, 'pending', 'Cancelled.');
      return stopCancelled(run, step);
    }
  }
  return undefined;
}

async function stopCancelled(run: Run, step: Step): Promise<Problem> {
  const problem = cancelled(run, step);
  await run.stop('cancelled');
  return problem;
}

async function stopFailed(run: Run, step: Step, kind: StepKind<Step>, error: unknown): Promise<Problem> {
  const stored = storedError(error, run);
  if (!stored) {
    await run.stop('failed', { message: String(error) });
    throw error;
  }
  const left = error instanceof DatabaseFailure ? ((await kind.leftBehind?.(run, step)) ?? '') : '';
  const problem = failureReport(run, step, error, stored, left);
  const isUnknown = error instanceof ProblemError && error.problem.code === 'step-unknown';
  run.tracker.finish(step, isUnknown ? 'unknown' : 'failed', stored.message);
  if (!isOutOfTouch(error)) await run.journal.failed(run.id, step, stored).catch(() => undefined);
  await run.stop('failed', stored);
  return problem;
}
