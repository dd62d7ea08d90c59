import { l10n } from 'vscode';
import type { RunActivity } from '../runs/activity';
import { pendingCount, type TargetState } from '../target-states';

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
  if (status.interrupted) return `$(warning) ${subject}: ${l10n.t('interrupted')}`;
  const pending = pendingCount(status);
  const release = status.release ?? l10n.t('empty');
  return `$(database) ${subject}: ${release}${pending === 0 ? '' : ` (${l10n.t('{0} pending', pending)})`}`;
}
