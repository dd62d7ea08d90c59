import type { Clock, Progress, ReportProgress } from '../../core/host';
import type { StoredStep } from '../journal/journal-state';
import type { BackupInfo, Plan, PlanStep, RunReport, StepState } from '../plan';

type ReportedStep = RunReport['steps'][number];

/** Follows one run: what is done, how long it took, what is going on now. Makes the run's report at any moment. */
export class StatusTracker {
  readonly #steps = new Map<string, ReportedStep>();
  readonly #startedMs: number;
  #current: { step: PlanStep; startedMs: number; position: number } | undefined;
  #backup: BackupInfo | undefined;

  constructor(
    private readonly plan: Plan,
    private readonly clock: Clock,
    private readonly onProgress: ReportProgress | undefined,
    earlier: readonly StoredStep[] = [],
  ) {
    this.#startedMs = clock.now().getTime();
    for (const step of earlier) {
      if (step.state === 'done')
        this.#steps.set(step.id, { id: step.id, title: step.title, state: 'done', ms: 0, message: 'Completed before the interruption.' });
    }
    for (const step of plan.steps) {
      this.#steps.delete(step.id);
      this.#steps.set(step.id, { id: step.id, title: step.title, state: 'pending', ms: 0 });
    }
  }

  start(step: PlanStep): void {
    const position = this.plan.steps.findIndex(({ id }) => id === step.id) + 1;
    this.#current = { step, startedMs: this.clock.now().getTime(), position };
    this.#set(step, 'running');
    this.onProgress?.({ step: position, steps: this.plan.steps.length, title: step.title });
  }

  rows(rows: NonNullable<Progress['rows']>): void {
    if (!this.#current) return;
    const { step, position } = this.#current;
    this.onProgress?.({ step: position, steps: this.plan.steps.length, title: step.title, rows });
  }

  finish(step: PlanStep, state: StepState, message?: string): void {
    this.#set(step, state, message);
    this.#current = undefined;
  }

  tookBackup(backup: BackupInfo): void {
    this.#backup = backup;
  }

  /** How many steps are done, those of earlier sessions of the run included, and the title of the last one. */
  progress(): { done: number; total: number; last: string | undefined } {
    const done = [...this.#steps.values()].filter((step) => step.state === 'done');
    return { done: done.length, total: this.#steps.size, last: done.at(-1)?.title };
  }

  report(run: string, outcome: Pick<RunReport, 'release' | 'verified' | 'verdict'>): RunReport {
    return {
      run,
      plan: this.plan.id,
      direction: this.plan.direction,
      from: this.plan.from,
      to: this.plan.to,
      release: outcome.release,
      steps: [...this.#steps.values()],
      backup: this.#backup,
      verified: outcome.verified,
      verdict: outcome.verdict,
      ms: this.clock.now().getTime() - this.#startedMs,
    };
  }

  #set(step: PlanStep, state: StepState, message?: string): void {
    const ms = this.#current?.step === step ? this.clock.now().getTime() - this.#current.startedMs : 0;
    this.#steps.set(step.id, { id: step.id, title: step.title, state, ms, message });
  }
}
