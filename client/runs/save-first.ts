import { dirname, sep } from 'node:path';
import { workspace } from 'vscode';
import { languageIds } from '#protocol';

/**
 * Saves the manifests and scripts of a project that were edited and not saved, because a run reads what is on disk and a
 * person means what is on the screen. VS Code does the same before it runs a task.
 */
export async function saveProject(manifest: string): Promise<void> {
  const folder = `${dirname(manifest)}${sep}`;
  const unsaved = workspace.textDocuments.filter(
    ({ isDirty, isUntitled, languageId, uri }) =>
      isDirty &&
      !isUntitled &&
      uri.scheme === 'file' &&
      uri.fsPath.startsWith(folder) &&
      (languageId === languageIds.manifest || /\.sql$/i.test(uri.fsPath)),
  );
  await Promise.all(unsaved.map((document) => document.save()));
}
