import { l10n, Position, Range, Uri, window, type LogOutputChannel } from 'vscode';
import type { Plan } from '#engine/upgrade/plan';
import type { CliOutcome } from './outcome';

export interface Failure {
  readonly outcome: Extract<CliOutcome<unknown>, { ok: false }>;
  readonly log: LogOutputChannel;
  readonly plan?: Plan;
  /** What *Plan Again* does when the plan was stale; undefined where that makes no sense. */
  readonly planAgain: (() => Promise<unknown>) | undefined;
}

/** One message for a failed call, with the way to the place and to the whole story. A cancelled call is no failure. */
export async function showFailure({ outcome, log, plan, planAgain }: Failure): Promise<void> {
  const { problem } = outcome;
  if (problem.code === 'cancelled') {
    window.setStatusBarMessage(l10n.t('Cancelled.'), 5000);
    return;
  }
  const place = placeOfFailure(outcome, plan);
  const again = l10n.t('Plan Again');
  const open = l10n.t('Open Failing Step');
  const showLog = l10n.t('Show Log');
  const buttons = [...(problem.code === 'plan-stale' && planAgain ? [again] : []), ...(place ? [open] : []), showLog];
  const choice = await window.showErrorMessage(`${problem.message} ${problem.remedy}`, ...buttons);
  if (choice === showLog) log.show(true);
  if (choice === again) await planAgain?.();
  if (choice === open && place) {
    const position = new Position(place.line - 1, 0);
    await window.showTextDocument(Uri.file(place.file), { selection: new Range(position, position) });
  }
}

/** Where the failure is: as the problem says, otherwise the script of the step that failed. `line` counts from 1. */
export function placeOfFailure(
  { problem, report }: Extract<CliOutcome<unknown>, { ok: false }>,
  plan: Plan | undefined,
): { readonly file: string; readonly line: number } | undefined {
  if (problem.file !== undefined) return { file: problem.file, line: Math.max(1, problem.line ?? 1) };
  const failed = report?.steps.find((step) => step.state === 'failed' || step.state === 'unknown');
  const file = plan?.steps.find((step) => step.id === failed?.id)?.file;
  return file === undefined ? undefined : { file, line: 1 };
}
