import type { TextEdit } from '#engine/core/finding';
import type { ManifestDocument } from '#engine/inputs/manifest/document';
import { followRenames, rename, type Renaming, thingAt } from '#engine/inputs/manifest/editing/rename';
import type { Project } from '#engine/operations/checking';
import {
  type FileOperationOptions,
  type FileRename,
  LSPErrorCodes,
  type Position,
  type Range,
  type RenameFile,
  ResponseError,
  type TextDocumentEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver';
import { toOffset, toRange } from '../ranges';
import { pathOf, uriOf } from '../uris';

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

/** What can be renamed at a position of a manifest; null where nothing can. */
export function prepareRename(document: ManifestDocument, position: Position): { range: Range; placeholder: string } | null {
  const thing = thingAt(document, toOffset(document.text, position));
  return thing ? { range: toRange(document.text, thing.range), placeholder: thing.text } : null;
}

/** Renames what a manifest names: a migration with its scripts, a feature, a channel, a release, and so on. */
export function renameAt(
  document: ManifestDocument,
  directory: Project['directory'],
  position: Position,
  name: string,
): WorkspaceEdit | ResponseError<void> | null {
  const thing = thingAt(document, toOffset(document.text, position));
  if (!thing) return null;
  const outcome = rename(document, directory, thing, name.trim());
  if (!outcome.ok) return new ResponseError<void>(LSPErrorCodes.RequestFailed, `${outcome.problem.message} ${outcome.problem.remedy}`);
  return workspaceEdit(document.text, outcome.value);
}

/** Renames in the manifests what is renamed in the file explorer: a script, with the others of its migration, a folder, a description. */
export function renameWithFiles(projects: readonly Project[], renamed: readonly FileRename[]): WorkspaceEdit | null {
  const renames = renamed.flatMap(({ oldUri, newUri }) => {
    const [from, to] = [pathOf(oldUri), pathOf(newUri)];
    return from === undefined || to === undefined ? [] : [{ from, to }];
  });
  const documentChanges = projects.flatMap(({ manifest, directory }) =>
    manifest ? (workspaceEdit(manifest.text, followRenames(manifest, directory, renames)).documentChanges ?? []) : [],
  );
  return documentChanges.length === 0 ? null : { documentChanges };
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
