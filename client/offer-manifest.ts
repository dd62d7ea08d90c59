import { commands, l10n, Uri, window, workspace, type Disposable, type ExtensionContext } from 'vscode';
import { workspacePath, type Projects } from './projects';

const offeredKey = 'mem8Upgrade.manifestOffered';

/** Offers once in a workspace to create a manifest for migrations that have none. */
export function offerManifest(context: ExtensionContext, projects: Projects): Disposable {
  return projects.onDidLoad(() => void offerOnce(context, projects));
}

async function offerOnce({ workspaceState }: ExtensionContext, projects: Projects): Promise<void> {
  const [found] = projects.directories;
  if (!found || projects.known.length > 0 || !workspace.isTrusted || workspaceState.get<boolean>(offeredKey)) return;
  await workspaceState.update(offeredKey, true);
  const create = l10n.t('Create Upgrade Manifest');
  const answer = await window.showInformationMessage(
    l10n.t(
      'Mem8 Upgrade checks the migrations in {0}. With a manifest it also plans, runs and rolls back upgrades.',
      workspacePath(found.directory),
    ),
    create,
  );
  if (answer === create) await commands.executeCommand('mem8Upgrade.init', Uri.parse(found.directory.toString()));
}
