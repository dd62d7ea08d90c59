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
        l10n.t('Planning and running need a trusted workspace: they connect to the targets that the manifest names.'),
        manage,
      )
      .then((choice) => (choice === manage ? commands.executeCommand('workbench.trust.manage') : undefined));
    return false;
  }
  if (manifest && manifest.scheme !== 'file') {
    void window.showErrorMessage(l10n.t('Planning and running need a manifest on disk; this one is not.'));
    return false;
  }
  return true;
}
