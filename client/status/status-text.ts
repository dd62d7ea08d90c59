import { l10n } from 'vscode';
import type { TargetStatus } from '#engine/running/plan';
import type { RunActivity } from '../runs/activity';
import { pendingCount, type TargetState } from '../target-states';

/** How a run that did not finish ended, in a word. */
export function endName({ ended }: NonNullable<TargetStatus['interrupted']>): string {
  return { failed: l10n.t('failed'), cancelled: l10n.t('cancelled'), interrupted: l10n.t('interrupted') }[ended];
}

/** The text of the status bar item: `$(database) mem8 local: 2.0.0 (1 pending)`. */
export function statusText(system: string, target: string, state: TargetState | undefined, activity: RunActivity | undefined): string {
  const subject = `${system} ${target}`;
  if (activity) {
    const where = activity.step ? l10n.t('step {0}/{1}', activity.step.step, activity.step.steps) : l10n.t('starting');
    return `$(sync~spin) ${subject}: ${where}`;
  }
  const status = state?.status;
  if (state?.problem) return `$(database) ${subject}: ${l10n.t('not readable')}`;
  if (!status) return `$(database) ${subject}`;
  if (status.running) return `$(sync~spin) ${subject}: ${l10n.t('running')}`;
  if (status.interrupted) return `$(warning) ${subject}: ${endName(status.interrupted)}`;
  const pending = pendingCount(status);
  const release = status.release ?? l10n.t('empty');
  return `$(database) ${subject}: ${release}${pending === 0 ? '' : ` (${l10n.t('{0} pending', pending)})`}`;
}
