import type { Clock, Progress, ReportProgress } from '../../core/host';
import { sentences } from '../../core/wording';
import type { LockWait } from '../../databases/target';
import type { StoredStep } from '../journal/journal-state';
import type { BackupInfo, Plan, PlanStep, RunReport, StepState } from '../plan';

type ReportedStep = RunReport['steps'][number];

interface StepWait {
  readonly found: LockWait | undefined;
  readonly sinceMs: number;
  readonly tries: number;
  readonly most: number;
  readonly isOver: boolean;
}

/** Follows one run: what is done, how long it took, what is going on now. Makes the run's report at any moment. */
export class StatusTracker {
  readonly #steps = new Map<string, ReportedStep>();
  readonly #startedMs: number;
  #current: { step: PlanStep; startedMs: number; position: number } | undefined;
  #backup: BackupInfo | undefined;
  /** What the step that is at work waits for or did last, since when, and the attempts that did not get it. */
  #wait: StepWait | undefined;

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
    this.#wait = undefined;
    this.#set(step, 'running');
    this.onProgress?.({ step: position, steps: this.plan.steps.length, title: step.title });
  }

  rows(rows: NonNullable<Progress['rows']>): void {
    if (!this.#current) return;
    const { step, position } = this.#current;
    this.onProgress?.({ step: position, steps: this.plan.steps.length, title: step.title, rows });
  }

  /** What a statement of the step waits for; undefined once it waits no longer. */
  waits(found: LockWait | undefined): void {
    const before = this.#wait;
    if (!found) {
      // Between two attempts the step still waits.
      if (!before || before.isOver || before.tries > 0) return;
      this.#wait = { ...before, isOver: true };
      return this.#reportWait();
    }
    const { sinceMs, tries, most } = before && !before.isOver ? before : { sinceMs: this.clock.now().getTime(), tries: 0, most: 0 };
    this.#wait = { found, sinceMs, tries, most, isOver: false };
    this.#reportWait();
  }

  /** An attempt of the step did not get its lock. */
  lockLost(tries: number, most: number): void {
    const { found, sinceMs } = this.#wait ?? { found: undefined, sinceMs: this.clock.now().getTime() };
    this.#wait = { found, sinceMs, tries, most, isOver: false };
    if (tries < most) this.#reportWait();
  }

  /** What the step that did not get a lock waited for, as sentences, and how a person ends the wait. */
  lockWait(): { message: string; remedy: string | undefined } {
    if (!this.#wait) return { message: '', remedy: undefined };
    const { found, sinceMs, tries } = this.#wait;
    const seconds = Math.max(1, Math.round((this.clock.now().getTime() - sinceMs) / 1000));
    const what = found && `It waited for ${found.what}.`;
    return { message: sentences(tries > 1 ? `It was tried ${tries} times in ${seconds} s.` : '', what) ?? '', remedy: found?.remedy };
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

  #reportWait(): void {
    if (!this.#current || !this.#wait) return;
    const { step, position } = this.#current;
    const { found, sinceMs, tries, most, isOver } = this.#wait;
    const what = `${found?.what ?? 'a lock'}${tries > 0 ? ` (attempt ${tries + 1} of ${most})` : ''}`;
    const waiting = isOver ? undefined : { what, ms: this.clock.now().getTime() - sinceMs };
    this.onProgress?.({ step: position, steps: this.plan.steps.length, title: step.title, waiting });
  }

  #set(step: PlanStep, state: StepState, message?: string): void {
    const ms = this.#current?.step === step ? this.clock.now().getTime() - this.#current.startedMs : 0;
    this.#steps.set(step.id, { id: step.id, title: step.title, state, ms, message });
  }
}
