import type { TextEdit } from '#engine/core/finding';
import { followRenames, rename, type FileRename, type Renaming, thingAt } from '#engine/inputs/manifest/editing/rename';
import {
  type Connection,
  type FileOperationOptions,
  LSPErrorCodes,
  type Range,
  type RenameFile,
  ResponseError,
  type TextDocumentEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver';
import type { FileEvent } from '../file-changes';
import { toOffset, toRange } from '../ranges';
import { runSafe } from '../run-safe';
import { pathOf, uriOf } from '../uris';
import type { Workspace } from '../workspace';

/** The renamings of files that the manifest follows: scripts, descriptions, folders. */
export const followedFiles: FileOperationOptions = {
  willRename: {
    filters: [
      { scheme: 'file', pattern: { glob: '**/*.{sql,yaml,yml,json,graphql,graphqls,gql,proto}', matches: 'file' } },
      { scheme: 'file', pattern: { glob: '**', matches: 'folder' } },
    ],
  },
  didRename: { filters: [{ scheme: 'file', pattern: { glob: '**' } }] },
};

/**
 * Renames what a manifest names: a migration with its scripts, a feature, a channel, a release, and so on. A script, folder or
 * description that is renamed in the file explorer is renamed in the manifest, a script with the others of its migration.
 */
export function registerRename(connection: Connection, workspace: Workspace, renamed: (events: readonly FileEvent[]) => void): void {
  connection.onPrepareRename(({ textDocument, position }, token) =>
    runSafe<{ range: Range; placeholder: string } | null>(workspace.logger, 'textDocument/prepareRename', token, null, async () => {
      const project = await projectOf(workspace, textDocument.uri);
      const document = project?.manifest;
      const thing = document && thingAt(document, toOffset(document.text, position));
      return thing ? { range: toRange(document.text, thing.range), placeholder: thing.text } : null;
    }),
  );

  connection.onRenameRequest(({ textDocument, position, newName }, token) =>
    runSafe<WorkspaceEdit | ResponseError<void> | null>(workspace.logger, 'textDocument/rename', token, null, async () => {
      const project = await projectOf(workspace, textDocument.uri);
      const document = project?.manifest;
      const thing = document && thingAt(document, toOffset(document.text, position));
      if (!document || !thing) return null;
      const outcome = rename(document, project.directory, thing, newName.trim());
      if (!outcome.ok) return new ResponseError<void>(LSPErrorCodes.RequestFailed, `${outcome.problem.message} ${outcome.problem.remedy}`);
      return workspaceEdit(document.text, outcome.value);
    }),
  );

  connection.workspace.onWillRenameFiles(({ files }, token) =>
    runSafe<WorkspaceEdit | null>(workspace.logger, 'workspace/willRenameFiles', token, null, async () => {
      const renames = files.flatMap(({ oldUri, newUri }): FileRename[] => {
        const [from, to] = [pathOf(oldUri), pathOf(newUri)];
        return from === undefined || to === undefined ? [] : [{ from, to }];
      });
      const changes: (TextDocumentEdit | RenameFile)[] = [];
      for (const entry of await workspace.entries()) {
        const project = await entry.project();
        if (!('ownedFiles' in project) || !project.manifest) continue;
        const { documentChanges = [] } = workspaceEdit(project.manifest.text, followRenames(project.manifest, project.directory, renames));
        changes.push(...documentChanges.filter((change) => 'edits' in change || change.kind === 'rename'));
      }
      return changes.length === 0 ? null : { documentChanges: changes };
    }),
  );

  connection.workspace.onDidRenameFiles(({ files }) =>
    renamed(files.flatMap(({ oldUri, newUri }) => [...fileEvent(oldUri, 'deleted'), ...fileEvent(newUri, 'created')])),
  );
}

function fileEvent(uri: string, type: FileEvent['type']): FileEvent[] {
  const path = pathOf(uri);
  return path === undefined ? [] : [{ path, type }];
}

async function projectOf(workspace: Workspace, uri: string) {
  const path = pathOf(uri);
  const project = path === undefined ? undefined : await (await workspace.entryOf(path))?.project();
  return project && 'ownedFiles' in project && project.manifest?.path === path ? project : undefined;
}

/** First the text, then the files, because the text is edited under its own name. */
function workspaceEdit(text: string, { edits, files }: Renaming): { documentChanges?: (TextDocumentEdit | RenameFile)[] } {
  const byFile = new Map<string, TextEdit[]>();
  for (const edit of edits) byFile.set(edit.file, [...(byFile.get(edit.file) ?? []), edit]);
  const documents = [...byFile].map(([file, own]): TextDocumentEdit => ({
    textDocument: { uri: uriOf(file), version: null },
    edits: own.map(({ range, newText }) => ({ range: toRange(text, range), newText })),
  }));
  const renames = files.map(({ from, to }): RenameFile => ({ kind: 'rename', oldUri: uriOf(from), newUri: uriOf(to) }));
  return documents.length + renames.length === 0 ? {} : { documentChanges: [...documents, ...renames] };
}
