import { isManifestPath } from '#engine/inputs/manifest/find-manifest';
import { type Connection, FileChangeType, type TextDocuments } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { OpenDocuments } from './documents';
import { FileChanges, type FileEvent, isOfRepository } from './file-changes';
import type { Diagnostics } from './features/diagnostics';
import type { Runtime } from './runtime';
import { pathOf } from './uris';
import type { Workspace } from './workspace';

const eventTypes: Record<FileChangeType, FileEvent['type']> = {
  [FileChangeType.Created]: 'created',
  [FileChangeType.Changed]: 'changed',
  [FileChangeType.Deleted]: 'deleted',
};

interface Followers {
  readonly workspace: Workspace;
  readonly open: OpenDocuments;
  readonly diagnostics: Diagnostics;
}

/** Tells the workspace and the diagnostics what is opened, edited and closed in the editor, and what changes on disk. */
export function followChanges(
  connection: Connection,
  documents: TextDocuments<TextDocument>,
  disk: Runtime['files'],
  { workspace, open, diagnostics }: Followers,
): void {
  const edited = (path: string) => {
    workspace.filesChanged(FileChanges.edited(path));
    diagnostics.edited(path);
  };
  const changedOnDisk = async (events: readonly FileEvent[]) => {
    open.forget(new Set(events.map(({ path }) => path)));
    const isNewHistory = events.some(({ path }) => isOfRepository(path));
    if (isNewHistory) workspace.repositoryChanged();
    const unseen = events.filter(({ path, type }) => type !== 'changed' || open.openText(path) === undefined || isManifestPath(path));
    const changes = await FileChanges.of(unseen, disk);
    if (changes.paths.size === 0 && !isNewHistory) return;
    workspace.filesChanged(changes);
    diagnostics.changedOnDisk();
  };
  const opened = new Set<string>();
  documents.onDidOpen(({ document }) => {
    opened.add(document.uri);
    workspace.opened();
  });
  documents.onDidChangeContent(async ({ document }) => {
    const path = pathOf(document.uri);
    if (path === undefined) return;
    const isNews = !opened.delete(document.uri) || !(await open.isAsOnDisk(path, document.getText()));
    if (isNews) edited(path);
    else diagnostics.edited(path);
  });
  documents.onDidClose(async ({ document }) => {
    const path = pathOf(document.uri);
    if (path === undefined) return;
    open.forget(new Set([path]));
    const text = await open.files.readText(path).catch(() => undefined);
    if (text !== document.getText().replace(/^\uFEFF/, '')) edited(path);
    diagnostics.closed(path);
  });
  connection.onDidChangeWatchedFiles(({ changes }) => changedOnDisk(changes.flatMap(({ uri, type }) => eventOf(uri, eventTypes[type]))));
  connection.workspace.onDidRenameFiles(
    ({ files }) =>
      void changedOnDisk(files.flatMap(({ oldUri, newUri }) => [...eventOf(oldUri, 'deleted'), ...eventOf(newUri, 'created')])),
  );
  documents.listen(connection);
}

function eventOf(uri: string, type: FileEvent['type']): FileEvent[] {
  const path = pathOf(uri);
  return path === undefined ? [] : [{ path, type }];
}
