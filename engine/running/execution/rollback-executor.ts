import type { PlannedRun } from '../planning/planned-run';
import type { RunContext, RunResult } from '../run/run';
import { UpgradeExecutor } from './upgrade-executor';

/** Carries out plans of the way back, and says whether they led there. */
export class RollbackExecutor {
  readonly #executor = new UpgradeExecutor();

  /**
   * As `UpgradeExecutor.executePlan`. A rollback that finished and did not restore the schema is a problem, but it is done: it
   * cannot be resumed.
   */
  async executePlan(planned: PlannedRun, context: RunContext): Promise<RunResult> {
    const result = await this.#executor.executePlan(planned, context);
    if (result.problem || result.leftover === undefined) return result;
    return {
      ...result,
      problem: {
        code: 'verification-failed',
        message: `The rollback to ${planned.plan.to ?? 'the empty target'} finished but did not restore the schema: ${result.leftover}`,
        remedy: 'Correct the down script, and correct the schema of this target manually or restore a backup.',
      },
    };
  }
}
