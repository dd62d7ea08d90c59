import { capitalised, withStop } from '../../core/wording';
import { ProblemError, type Problem } from '../../core/problem';
import type { OpenRun, StoredError } from '../journal/journal-state';
import { DatabaseFailure } from '../../databases/target';
import type { PlanStep } from '../plan';
import type { Step } from '../planning/planned-run';
import type { Run } from '../run/run';

/** What a server answers to a statement that it was asked to stop. */
const queryCanceled = '57014';

/** True for what a step throws because the run was cancelled. */
export function isCancellation(error: unknown): boolean {
  return error instanceof DatabaseFailure ? error.error.sqlstate === queryCanceled : !(error instanceof ProblemError);
}

/** What the journal keeps of an error; undefined for a bug. */
export function storedError(error: unknown, { tracker }: Run): StoredError | undefined {
  if (error instanceof DatabaseFailure) {
    const { message, sqlstate } = error.error;
    const wait = error.isOfLocks ? tracker.lockWait().message : '';
    return { message: `${message} (${sqlstate})${wait === '' ? '' : `. ${wait}`}`, sqlstate, database: error.error };
  }
  return error instanceof ProblemError ? { message: error.problem.message } : undefined;
}

/** True when writing to the journal is impossible or forbidden. */
export function isOutOfTouch(error: unknown): boolean {
  const codes: readonly string[] = ['lock-lost', 'target-unreachable', 'target-damaged', 'disk-full'];
  return error instanceof ProblemError && codes.includes(error.problem.code);
}

export function cancelled(run: Run, step: PlanStep): Problem {
  return {
    code: 'cancelled',
    message: `The ${run.plan.direction} was cancelled before the step "${step.title}" finished. ${whatIsDone(run)}`,
    remedy: whatNext(run, true),
  };
}

/**
 * The problem of a step that failed: what went wrong, where, what is done and what to do next.
 * @param left what the step left half made; empty, or with a space before it
 */
export function failureReport(run: Run, step: Step, error: unknown, stored: StoredError, left: string): Problem {
  const known = error instanceof ProblemError ? error.problem : undefined;
  const refused = error instanceof DatabaseFailure ? error.error : undefined;
  const code = known?.code ?? 'step-failed';
  const message = known && code !== 'step-failed' ? known.message : `The step "${step.title}" failed: ${withStop(stored.message)}`;
  const toEnd = error instanceof DatabaseFailure && error.isOfLocks ? run.tracker.lockWait().remedy : known?.remedy;
  const undone = step.transactional && step.migration !== undefined && refused ? ' All of its changes were rolled back.' : '';
  const hints = refused ? [refused.detail, refused.hint, refused.where] : [known?.cause];
  const cause = hints.filter((hint) => hint !== undefined && hint !== '').join(' ');
  return {
    code,
    message: `${message}${undone}${left} ${whatIsDone(run)}`,
    remedy: [toEnd, step.kind === 'backup' ? withoutBackup(run) : whatNext(run)]
      .filter((text) => text !== undefined && text !== '')
      .join(' '),
    file: step.file,
    line: error instanceof DatabaseFailure ? lineOf(step, error) : undefined,
    cause: cause === '' ? undefined : cause,
  };
}

/** Undefined for a failure of a COMMIT or of a statement that no script holds. */
function lineOf(step: Step, { sql, error }: DatabaseFailure): number | undefined {
  const isScript = step.kind === 'migration' || step.kind === 'statement';
  if (!isScript || sql !== step.sql || error.offset === undefined) return undefined;
  return step.payload.lineAt?.(error.offset);
}

function whatIsDone({ plan, touched, resumed, state, tracker }: Run): string {
  if (!touched)
    return `Nothing was changed: ${plan.target} is still ${state.openRun ? between(state.openRun) : `at ${plan.from ?? 'empty'}`}.`;
  const { done, total, last } = tracker.progress();
  const from = (plan.direction === 'upgrade' ? (resumed ?? plan).from : plan.to) ?? 'empty';
  const to = (plan.direction === 'upgrade' ? plan.to : plan.from === plan.to ? (state.openRun?.to ?? plan.from) : plan.from) ?? 'empty';
  const place = `${plan.target} is between ${from} and ${to}.`;
  return last === undefined ? `Stopped in step 1 of ${total}; ${place}` : `Stopped after step ${done} of ${total} ("${last}"); ${place}`;
}

/** A target of which no backup can be made still has to be upgraded or rolled back. */
function withoutBackup({ plan }: Run): string {
  const command = plan.direction === 'upgrade' ? 'apply' : 'rollback';
  return `Or run ${command} --no-backup; the plan says what is then permanently lost.`;
}

function whatNext({ plan, touched, resumed }: Run, isCancelled = false): string {
  if (!touched) return isCancelled ? 'Run it again when you are ready.' : 'Fix the cause and run it again.';
  const isUpgrade = plan.direction === 'upgrade';
  const resume = isUpgrade ? 'run apply again' : 'roll back again';
  const other = isUpgrade ? `roll back to ${(resumed ?? plan).from ?? 'empty'}` : 'run apply again';
  const first = isCancelled ? `${capitalised(resume)} to resume` : `Fix the cause and ${resume} to resume at this step`;
  return `${first}, or ${other}.`;
}

function between({ from, to }: OpenRun): string {
  return from === to ? `at ${to ?? 'empty'}, and a run is unfinished` : `between ${from ?? 'empty'} and ${to ?? 'empty'}`;
}
