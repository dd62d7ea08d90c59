import { commands } from 'vscode';

/** Context keys that `package.json` refers to in its `when` and `enablement` clauses. */
export const contextKeys = {
  /** True when the workspace has an upgrade manifest. */
  hasManifest: 'mem8Upgrade.hasManifest',
  /** True while findings in settled migrations are in the Problems view. */
  showsSettled: 'mem8Upgrade.showsSettled',
  /** True while an upgrade or a rollback that this window started is working. */
  running: 'mem8Upgrade.running',
} as const;

export function setContextKey(key: (typeof contextKeys)[keyof typeof contextKeys], value: boolean): Thenable<unknown> {
  return commands.executeCommand('setContext', key, value);
}
