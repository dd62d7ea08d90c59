import { l10n, Position, Range, Uri, window, type LogOutputChannel } from 'vscode';
import type { Problem } from '#engine/core/problem';
import type { Plan } from '#engine/running/plan';
import type { CliOutcome } from './outcome';

export interface Failure {
  readonly outcome: Extract<CliOutcome<unknown>, { ok: false }>;
  readonly log: LogOutputChannel;
  readonly plan?: Plan;
  /** What *Plan Again* does when the plan was stale; undefined where that makes no sense. */
  readonly planAgain?: () => Promise<unknown>;
  /** What follows when a person accepts the named risk or change that blocks the way; undefined where that makes no sense. */
  readonly acceptRisk?: (risk: string) => Promise<unknown>;
}

/** One message for a failed call, with the way to the place and to the whole story. A call that was cancelled before a run began is no
 * failure. */
export async function showFailure({ outcome, log, plan, planAgain, acceptRisk }: Failure): Promise<void> {
  const { problem } = outcome;
  const isCancelled = problem.code === 'cancelled';
  if (isCancelled && !outcome.report) {
    window.setStatusBarMessage(l10n.t('Cancelled.'), 5000);
    return;
  }
  const place = placeOfFailure(outcome, plan);
  const again = l10n.t('Plan Again');
  const open = l10n.t('Open Failing Step');
  const showLog = l10n.t('Show Log');
  const accept = problem.code === 'drift-found' ? l10n.t('Accept Change...') : l10n.t('Accept Risk...');
  const buttons = [
    ...(problem.code === 'plan-stale' && planAgain ? [again] : []),
    ...((problem.code === 'path-blocked' || problem.code === 'drift-found') && acceptRisk ? [accept] : []),
    ...(place && !isCancelled ? [open] : []),
    showLog,
  ];
  const show = isCancelled ? window.showWarningMessage : window.showErrorMessage;
  const choice = await show(`${problem.message} ${problem.remedy}`, ...buttons);
  if (choice === showLog) log.show(true);
  if (choice === again) await planAgain?.();
  if (choice === accept) await askForRisk(problem, acceptRisk);
  if (choice === open && place) {
    const position = new Position(place.line - 1, 0);
    await window.showTextDocument(Uri.file(place.file), { selection: new Range(position, position) });
  }
}

/** The name is typed, not clicked: accepting a risk or a change outside the journal should take a moment. */
async function askForRisk(problem: Problem, acceptRisk: Failure['acceptRisk']): Promise<void> {
  const isDrift = problem.code === 'drift-found';
  const typed = await window.showInputBox({
    title: isDrift ? l10n.t('Accept Change') : l10n.t('Accept Risk'),
    prompt: `${problem.message} ${isDrift ? l10n.t('Type the object to accept, such as column orders.note.') : l10n.t('Type the name of the risk or release to accept.')}`,
    ignoreFocusOut: true,
  });
  const name = typed?.trim();
  if (name) await acceptRisk?.(isDrift && !name.startsWith('drift:') ? `drift:${name}` : name);
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
