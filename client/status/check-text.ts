import { l10n } from 'vscode';
import type { CheckStatus } from '#protocol';

/** The status bar's text on checking: how far it is, or how many problems there are. */
export function checkText({ progress, errors, warnings }: CheckStatus): string {
  if (progress?.total === 0) return `$(sync~spin) ${l10n.t('Checking migrations...')}`;
  if (progress) return `$(sync~spin) ${l10n.t('Checking {0} of {1}...', progress.done, progress.total)}`;
  const problems = errors + warnings;
  if (problems === 0) return `$(pass) ${l10n.t('No upgrade problems')}`;
  return `$(${errors > 0 ? 'error' : 'warning'}) ${problems === 1 ? l10n.t('1 upgrade problem') : l10n.t('{0} upgrade problems', problems)}`;
}

/** What was looked at, in sentences; `shows` says whether findings in settled migrations are among the problems. */
export function checkDetails({ migrations, errors, warnings, others, settled }: CheckStatus, shows: boolean): string {
  const sentences = [l10n.t('Migrations: {0}. Errors: {1}, warnings: {2}, notes and hints: {3}.', migrations, errors, warnings, others)];
  if (settled.migrations > 0)
    sentences.push(
      l10n.t('Migrations settled by {0}, which must not be changed: {1}.', settled.by.join(', '), settled.migrations),
      shows
        ? l10n.t('Findings in settled migrations, shown: {0}.', settled.findings)
        : l10n.t('Findings in settled migrations, not shown: {0}.', settled.findings),
    );
  return sentences.join(' ');
}
