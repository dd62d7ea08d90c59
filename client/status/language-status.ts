import { Disposable, l10n, languages, LanguageStatusSeverity } from 'vscode';
import { languageIds, type ShadowStatus } from '#protocol';
import type { Server } from '../language-server';

/** The state of the language server and its embedded database, beside the language of a manifest or a SQL script. */
export function createLanguageStatus(server: Server): Disposable {
  const item = languages.createLanguageStatusItem('mem8Upgrade.shadow', [
    { language: languageIds.manifest },
    { scheme: 'file', pattern: '**/*.sql' },
  ]);
  item.name = l10n.t('Mem8 Upgrade: Checks');
  item.text = l10n.t('Checks: not started');
  item.command = { title: l10n.t('Show Log'), command: 'mem8Upgrade.showLog' };
  const listener = server.onShadowStatus((status) => {
    item.text = stateText(status);
    item.detail = status.message;
    item.busy = status.state === 'starting' || status.state === 'busy';
    item.severity = status.state === 'failed' ? LanguageStatusSeverity.Error : LanguageStatusSeverity.Information;
    item.command =
      status.state === 'failed'
        ? { title: l10n.t('Restart'), command: 'mem8Upgrade.restartServer' }
        : { title: l10n.t('Show Log'), command: 'mem8Upgrade.showLog' };
  });
  return Disposable.from(listener, item);
}

function stateText({ state }: ShadowStatus): string {
  switch (state) {
    case 'starting':
      return l10n.t('Checks: starting');
    case 'busy':
      return l10n.t('Checks: replaying migrations');
    case 'ready':
      return l10n.t('Checks: up to date');
    case 'failed':
      return l10n.t('Checks: failed');
    case 'off':
      return l10n.t('Checks: without a database');
  }
}
