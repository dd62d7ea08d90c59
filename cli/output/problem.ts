import type { Problem } from '#engine/core/problem';
import type { Style } from './style';

/** A problem for people: what, where, what to do, and its code. */
export function formatProblem(problem: Problem, style: Style): string {
  const place = problem.file && problem.line ? ` ${style.dim(`(${problem.file}:${problem.line})`)}` : '';
  const cause = problem.cause ? `\n  Cause: ${problem.cause}` : '';
  return `${style.red('error')} ${problem.message}${place} ${style.dim(`[${problem.code}]`)}\n  ${problem.remedy}${cause}\n`;
}
