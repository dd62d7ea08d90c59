import { commands, l10n, window, workspace, type Uri } from 'vscode';

/**
 * Whether processes may be started for a manifest: the workspace must be trusted and the file on a disk. Says why not.
 * Checked in every handler, because a command can be called by its id whatever its `when` clause says.
 */
export async function mayRun(manifest: Uri | undefined): Promise<boolean> {
  if (!workspace.isTrusted) {
    const manage = l10n.t('Manage Workspace Trust');
    void window
      .showErrorMessage(
        l10n.t('Planning and running need a trusted workspace, because they connect to the targets of the manifest.'),
        manage,
      )
      .then((choice) => (choice === manage ? commands.executeCommand('workbench.trust.manage') : undefined));
    return false;
  }
  if (manifest && manifest.scheme !== 'file') {
    void window.showErrorMessage(l10n.t('Planning and running need a manifest that is saved on disk.'));
    return false;
  }
  return true;
}
