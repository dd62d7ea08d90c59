import { l10n, Uri, window, workspace } from 'vscode';
import { initArguments } from '../runs/command-line';
import type { Projects } from '../projects';
import { showFailure } from '../runs/failure-message';
import { isAnything } from '../runs/outcome';
import type { Services } from '../services';
import { mayRun } from './trust';

/** Writes a first manifest from what is in a migrations folder, and opens it. */
export async function createManifest({ commandLine, projects, log }: Services, value: unknown): Promise<Uri | undefined> {
  if (!(await mayRun(undefined))) return undefined;
  const folder = value instanceof Uri ? value : await folderFrom(projects);
  if (!folder || !(await mayRun(folder))) return undefined;
  const outcome = await commandLine.call({
    manifest: Uri.joinPath(folder, 'upgrade.yaml').fsPath,
    arguments: initArguments(folder.fsPath),
    isValue: isAnything,
  });
  if (!outcome.ok) {
    void showFailure({ outcome, log });
    return undefined;
  }
  const manifest = await writtenManifest(outcome.value, folder);
  await projects.look();
  projects.refresh();
  if (manifest) await window.showTextDocument(manifest);
  return manifest;
}

/** The only migrations directory that has no manifest; asks where there are several or none. */
async function folderFrom(projects: Projects): Promise<Uri | undefined> {
  await projects.list();
  const [first, ...others] = projects.directories;
  return first && others.length === 0 ? first.directory : askForFolder(first?.directory);
}

async function askForFolder(known: Uri | undefined): Promise<Uri | undefined> {
  const start = known ?? workspace.workspaceFolders?.[0]?.uri;
  const chosen = await window.showOpenDialog({
    canSelectFiles: false,
    canSelectFolders: true,
    canSelectMany: false,
    title: l10n.t('Folder with the migrations'),
    openLabel: l10n.t('Create Upgrade Manifest'),
    defaultUri: start,
  });
  return chosen?.[0];
}

async function writtenManifest(result: unknown, folder: Uri): Promise<Uri | undefined> {
  const named =
    typeof result === 'object' && result !== null && 'manifest' in result && typeof result.manifest === 'string'
      ? [Uri.file(result.manifest)]
      : [];
  for (const uri of [...named, Uri.joinPath(folder, 'upgrade.yaml'), Uri.joinPath(folder, '..', 'upgrade.yaml')]) {
    const exists = await workspace.fs.stat(uri).then(
      () => true,
      () => false,
    );
    if (exists) return uri;
  }
  return undefined;
}
