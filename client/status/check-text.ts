import { l10n } from 'vscode';
import type { CheckStatus } from '#protocol';

/** The status bar's text on checking: how far it is, or how many problems there are. */
export function checkText({ progress, errors, warnings }: CheckStatus): string {
  if (progress) return `$(sync~spin) ${l10n.t('Checking {0} of {1}...', progress.done, progress.total)}`;
  const problems = errors + warnings;
  if (problems === 0) return `$(pass) ${l10n.t('No upgrade problems')}`;
  return `$(${errors > 0 ? 'error' : 'warning'}) ${problems === 1 ? l10n.t('1 upgrade problem') : l10n.t('{0} upgrade problems', problems)}`;
}

/** What was looked at, in sentences; `shows` says whether findings in settled migrations are among the problems. */
export function checkDetails({ migrations, errors, warnings, others, settled }: CheckStatus, shows: boolean): string {
  const sentences = [
    l10n.t('{0} migrations checked: {1} errors, {2} warnings, {3} notes and hints.', migrations, errors, warnings, others),
  ];
  if (settled.migrations > 0)
    sentences.push(l10n.t('{0} of them are settled by {1} and can no longer be changed.', settled.migrations, settled.by.join(', ')));
  if (settled.findings > 0)
    sentences.push(
      shows
        ? l10n.t('{0} findings in settled migrations are shown.', settled.findings)
        : l10n.t('{0} findings in settled migrations are not shown.', settled.findings),
    );
  return sentences.join(' ');
}
