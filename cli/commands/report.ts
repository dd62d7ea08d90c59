import type { Outcome, Problem, ProblemCode } from '#engine/core/problem';
import type { RunEvent, RunReport, TargetStatus } from '#engine/running/plan';
import { exitCodes } from '../exit-codes';
import { formatProblem } from '../output/problem';
import { styleFor } from '../output/style';
import type { Terminal } from '../terminal';

export interface OutputOptions {
  readonly format: 'text' | 'json';
  /** Newline-delimited run events on standard output, for a parent process. */
  readonly events?: boolean;
}

/** Codes of problems that a person mends in the command or in the files; all others mean that a run failed. */
const usageProblems = new Set<ProblemCode>([
  'usage',
  'file-not-found',
  'file-unreadable',
  'file-unwritable',
  'file-too-large',
  'file-not-text',
  'file-not-utf8',
  'manifest-not-found',
  'manifest-empty',
  'manifest-syntax',
  'manifest-invalid',
  'configuration-invalid',
  'statistics-invalid',
  'since-unknown',
  'layout-unknown',
  'nothing-to-check',
  'environment-variable-missing',
  'target-unknown',
  'release-unknown',
  'plan-invalid',
  'migration-missing',
  'confirmation-needed',
  'backup-of-other-database',
]);

export function exitCodeOf({ code }: Problem): number {
  return usageProblems.has(code) ? exitCodes.usage : exitCodes.runFailed;
}

/** Prints a result or a problem in the asked form and gives the exit code. */
export function report<T>(
  terminal: Terminal,
  options: OutputOptions,
  outcome: Outcome<T> & { report?: RunReport; status?: TargetStatus },
  text: (value: T) => string,
): number {
  if (outcome.ok) {
    if (options.events) emit(terminal, { event: 'result', ok: true, result: outcome.value, status: outcome.status });
    else terminal.out(options.format === 'json' ? `${JSON.stringify(outcome.value, null, 2)}\n` : text(outcome.value));
    return exitCodes.clean;
  }
  const result = { problem: outcome.problem, report: outcome.report };
  if (options.events) emit(terminal, { event: 'result', ok: false, result, status: outcome.status });
  else if (options.format === 'json') terminal.out(`${JSON.stringify(result, null, 2)}\n`);
  else terminal.err(formatProblem(outcome.problem, styleFor(terminal.colors)));
  return exitCodeOf(outcome.problem);
}

export function emit(terminal: Terminal, event: RunEvent): void {
  terminal.out(`${JSON.stringify(event)}\n`);
}
