import type { PlanStep } from '../plan';
import type { Run } from '../run/run';

/** A step of a plan with what carrying it out needs. The payload is neither printed nor hashed nor journaled. */
export interface StepOf<Kind extends PlanStep['kind'], Payload> extends PlanStep {
  readonly kind: Kind;
  readonly payload: Payload;
}

/** What is done with the steps of one kind. */
export interface StepKind<S extends PlanStep> {
  /**
   * Does the work and journals it, resuming what an earlier attempt left.
   * @returns a sentence about it where there is something to tell
   * @throws ProblemError, or DatabaseFailure for what the server refuses
   */
  perform(run: Run, step: S): Promise<string | undefined>;
  /** After the server refused the step: what is left half made, and what resuming does about it; empty when nothing is. */
  leftBehind?(run: Run, step: S): Promise<string>;
}
