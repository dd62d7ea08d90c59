import { workspace, type ConfigurationScope } from 'vscode';

export const settingsSection = 'mem8Upgrade';

export type ConfirmSetting = 'always' | 'protected';

/** When a run asks before it starts. Protected targets and destructive rollbacks ask whatever the setting is. */
export function confirmSetting(scope?: ConfigurationScope): ConfirmSetting {
  return workspace.getConfiguration(settingsSection, scope).get<string>('confirm') === 'protected' ? 'protected' : 'always';
}

/** The target that commands use without asking; empty when none is set. */
export function defaultTargetSetting(scope?: ConfigurationScope): string {
  return workspace.getConfiguration(settingsSection, scope).get<string>('defaultTarget', '').trim();
}
