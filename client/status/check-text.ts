import { l10n } from 'vscode';
import type { CheckStatus } from '#protocol';

/** The status bar's text on checking: how far it is, or how many problems there are. */
export function checkText({ progress, errors, warnings }: CheckStatus): string {
  if (progress?.total === 0) return `$(sync~spin) ${l10n.t('Checking migrations...')}`;
  if (progress) return `$(sync~spin) ${l10n.t('Checking {0} of {1}...', progress.done, progress.total)}`;
  if (errors + warnings === 0) return `$(pass) ${l10n.t('Mem8: no problems')}`;
  const counts = [
    ...(errors > 0 ? [errors === 1 ? l10n.t('1 error') : l10n.t('{0} errors', errors)] : []),
    ...(warnings > 0 ? [warnings === 1 ? l10n.t('1 warning') : l10n.t('{0} warnings', warnings)] : []),
  ];
  return `$(${errors > 0 ? 'error' : 'warning'}) ${l10n.t('Mem8: {0}', counts.join(', '))}`;
}

/** What was looked at, in sentences; `shows` says whether findings in settled migrations are among the problems. */
export function checkDetails({ migrations, errors, warnings, others, settled }: CheckStatus, shows: boolean): string {
  const sentences = [l10n.t('Migrations: {0}. Errors: {1}, warnings: {2}, notes and hints: {3}.', migrations, errors, warnings, others)];
  if (settled.migrations > 0)
    sentences.push(
      settledSentence(settled, shows),
      l10n.t('Settled by {0}: settled migrations must not be changed.', settled.by.join(', ')),
    );
  return sentences.join(' ');
}

function settledSentence({ migrations, findings }: CheckStatus['settled'], shows: boolean): string {
  const counted = findings === 1 ? l10n.t('1 finding') : l10n.t('{0} findings', findings);
  if (migrations === 1)
    return shows ? l10n.t('1 settled migration is shown ({0}).', counted) : l10n.t('1 settled migration is not shown ({0}).', counted);
  return shows
    ? l10n.t('{0} settled migrations are shown ({1}).', migrations, counted)
    : l10n.t('{0} settled migrations are not shown ({1}).', migrations, counted);
}
