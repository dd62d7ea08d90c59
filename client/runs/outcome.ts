import type { Problem } from '#engine/core/problem';
import type { Plan, RunReport, TargetStatus } from '#engine/running/plan';

/** What the command line answered: the value asked for, or the problem and, when a run had begun, what it got done. */
export type CliOutcome<T> =
  | { readonly ok: true; readonly value: T; readonly status?: TargetStatus }
  | { readonly ok: false; readonly problem: Problem; readonly report?: RunReport; readonly status?: TargetStatus };

/** How the process ended. */
export interface ProcessEnd {
  /** Undefined when the process never gave a result. */
  readonly answer: { readonly ok: boolean; readonly result: unknown; readonly status?: unknown } | undefined;
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** The end of standard error. */
  readonly errorText: string;
}

/** Makes an outcome of a process's end; an answer of another shape than `isValue` accepts is a problem too. */
export function outcomeOfProcess<T>(end: ProcessEnd, isValue: (value: unknown) => value is T): CliOutcome<T> {
  const { answer } = end;
  const result = answer?.result;
  const report = reportIn(result);
  const status = isTargetStatus(answer?.status) ? answer.status : undefined;
  if (isRecord(result) && isProblem(result.problem)) return { ok: false, problem: result.problem, report, status };
  if (answer?.ok && isValue(result)) return { ok: true, value: result, status };
  if (report) return { ok: false, problem: problemOfReport(report), report };
  return { ok: false, problem: problemOfSilence(end) };
}

export function isPlan(value: unknown): value is Plan {
  return isRecord(value) && typeof value.id === 'string' && Array.isArray(value.steps) && 'targetDescription' in value && !('run' in value);
}

export function isRunReport(value: unknown): value is RunReport {
  return isRecord(value) && typeof value.run === 'string' && Array.isArray(value.steps);
}

export function isTargetStatus(value: unknown): value is TargetStatus {
  return isRecord(value) && Array.isArray(value.migrations) && typeof value.target === 'string' && 'release' in value;
}

/** For calls whose value does not matter. */
export function isAnything(value: unknown): value is unknown {
  return value !== undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isProblem(value: unknown): value is Problem {
  return isRecord(value) && typeof value.code === 'string' && typeof value.message === 'string';
}

function reportIn(result: unknown): RunReport | undefined {
  if (isRunReport(result)) return result;
  return isRecord(result) && isRunReport(result.report) ? result.report : undefined;
}

function problemOfReport(report: RunReport): Problem {
  const failed = report.steps.find((step) => step.state === 'failed' || step.state === 'unknown');
  return {
    code: failed?.state === 'unknown' ? 'step-unknown' : 'step-failed',
    message: failed ? `${failed.title}: ${failed.message ?? 'failed'}` : 'The run did not finish.',
    remedy: 'Read the log, fix the cause and run the upgrade again; it resumes where it stopped.',
  };
}

function problemOfSilence(end: ProcessEnd): Problem {
  const ended = end.signal ? `was terminated by ${end.signal}` : `exited with code ${end.exitCode ?? 'unknown'}`;
  return {
    code: 'internal',
    message: `The run process ${ended} and returned no result.`,
    remedy: 'Check the status of the target to see what was done, then read the log.',
    cause: end.errorText.trim() || undefined,
  };
}
