import { Disposable, languages, workspace, type TextDocument } from 'vscode';
import { enginePath } from '#engine/core/paths';
import { nodeFiles } from '#engine/host/node-files';
import { languageIds } from '#protocol';
import { tellOfInterruptedRuns } from './interrupted-runs';
import type { Services } from './services';
import { mayBeOurs } from './workspace-look';

/** After the look around; a window that has just opened has more urgent things to do. */
const idleMs = 1000;

/**
 * Starts the language server when there is something for it: at once when a manifest or a migration script is open, whatever language
 * the editor takes SQL for, and when the editor is idle for what lies in the workspace.
 */
export function startWhenUseful(services: Services): Disposable {
  const { server, projects } = services;
  const files = nodeFiles();
  let timer: NodeJS.Timeout | undefined;
  let isStarted = false;
  const start = (): void => {
    if (isStarted) return;
    isStarted = true;
    clearTimeout(timer);
    server.startInBackground();
    void projects.list().then(() => tellOfInterruptedRuns(services));
  };
  const consider = async (document: TextDocument): Promise<void> => {
    if (isStarted) return;
    const isManifest = languages.match({ language: languageIds.manifest }, document) > 0;
    const isScript = languages.match({ scheme: 'file', pattern: '**/*.sql' }, document) > 0;
    if (isManifest || (isScript && (await mayBeOurs(files, enginePath(document.uri.fsPath))))) start();
  };
  const look = async (): Promise<void> => {
    const { hasManifest, hasMigrations } = await projects.look();
    if (!isStarted && (hasManifest || hasMigrations)) timer ??= setTimeout(start, idleMs);
  };
  const listeners = [
    workspace.onDidOpenTextDocument((document) => void consider(document)),
    workspace.onDidChangeWorkspaceFolders(() => void look()),
    new Disposable(() => clearTimeout(timer)),
  ];
  workspace.textDocuments.forEach((document) => void consider(document));
  void look();
  return Disposable.from(...listeners);
}
