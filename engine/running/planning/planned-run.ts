import type { Plan, PlanStep } from '../plan';
import type { BackupStep } from '../steps/backup';
import type { CheckStep } from '../steps/check';
import type { ReleaseStep } from '../steps/release';
import type { RestoreStep } from '../steps/restore';
import type { ScriptStep } from '../steps/script';
import type { TransformStep } from '../steps/transform';
import type { VerifyStep } from '../steps/verify';

/** A step of any kind, with what carrying it out needs. */
export type Step = BackupStep | CheckStep | ReleaseStep | RestoreStep | ScriptStep | TransformStep | VerifyStep;

/** A plan with what carrying it out needs beyond it. */
export interface PlannedRun {
  readonly plan: Plan;
  /** The steps of the plan, one for one. */
  readonly steps: readonly Step[];
  /** Everything with a greater ordinal came after the state to which a rollback of this run returns. */
  readonly boundary: number;
}

/** The step as a plan shows it. */
export function shown(step: Step): PlanStep {
  const copy: Omit<Step, 'payload'> & { payload?: unknown } = { ...step };
  delete copy.payload;
  return copy;
}
