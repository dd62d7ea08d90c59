import { commands, l10n, ProgressLocation, window } from 'vscode';
import type { CheckWorkspaceResult } from '#protocol';
import type { Services } from '../services';

/** Checks every project, open or not, and shows the findings in the Problems panel. */
export async function checkWorkspace({ server }: Services): Promise<CheckWorkspaceResult> {
  const result = await window.withProgress({ location: ProgressLocation.Window, title: l10n.t('Checking upgrades') }, () =>
    server.checkWorkspace(),
  );
  const { files, errors, warnings, others } = result;
  window.setStatusBarMessage(l10n.t('{0} files checked. Errors: {1}, warnings: {2}, others: {3}', files, errors, warnings, others), 8000);
  if (errors + warnings + others > 0) await commands.executeCommand('workbench.actions.view.problems');
  return result;
}
