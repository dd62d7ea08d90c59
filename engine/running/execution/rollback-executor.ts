import type { PlannedRun } from '../planning/planned-run';
import type { RunContext, RunResult } from '../run/run';
import { UpgradeExecutor } from './upgrade-executor';

/** Carries out plans of the way back, and says whether they led there. */
export class RollbackExecutor {
  readonly #executor = new UpgradeExecutor();

  /**
   * As `UpgradeExecutor.executePlan`. A rollback that finished and did not restore schema and rows is a problem, but it is done:
   * it cannot be resumed.
   */
  async executePlan(planned: PlannedRun, context: RunContext): Promise<RunResult> {
    const result = await this.#executor.executePlan(planned, context);
    const { verdict } = result.report;
    const [schema, rows] = [verdict?.schema, verdict?.rows].map((part) => (part?.result === 'different' ? part.message : undefined));
    if (result.problem || (schema === undefined && rows === undefined)) return result;
    const what = schema === undefined ? `rows` : 'schema';
    const message = `The rollback to ${planned.plan.to ?? 'the empty target'} finished but did not restore the ${what}: ${schema ?? rows}`;
    return {
      ...result,
      problem: {
        code: 'verification-failed',
        message: schema !== undefined && rows !== undefined ? `${message} ${rows}` : message,
        remedy: `Correct the down script, and correct the ${what} of this target manually or restore a backup.`,
      },
    };
  }
}
