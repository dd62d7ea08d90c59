import type { WorkspaceEdit } from 'vscode-languageserver-protocol';
import { LineIndex } from '#engine/core/text';
import type { MemoryFiles } from '#engine/host/memory-files';
import { applyEdits } from '#engine/inputs/manifest/testing/apply-edits';
import { pathOf } from '../uris';

/** Does in files in memory what a client does with a workspace edit. Returns the paths that were touched, below the project. */
export async function applyWorkspaceEdit(
  { files }: { readonly files: MemoryFiles },
  edit: WorkspaceEdit | null | undefined,
): Promise<string[]> {
  const touched: string[] = [];
  const path = (uri: string) => pathOf(uri) ?? uri;
  const note = (uri: string) => void touched.push(path(uri).replace('/project/', ''));
  for (const change of edit?.documentChanges ?? []) {
    if (!('kind' in change)) {
      const file = path(change.textDocument.uri);
      const text = await files.readText(file);
      const index = new LineIndex(text);
      const edits = change.edits.flatMap((each) =>
        'newText' in each
          ? [{ file, newText: each.newText, range: { start: index.offsetAt(each.range.start), end: index.offsetAt(each.range.end) } }]
          : [],
      );
      await files.write(file, applyEdits(text, edits));
      note(change.textDocument.uri);
    } else if (change.kind === 'create') await files.write(path(change.uri), '');
    else if (change.kind === 'rename') {
      const [from, to] = [path(change.oldUri), path(change.newUri)];
      for (const file of Object.keys(files.texts()).filter((each) => each === from || each.startsWith(`${from}/`))) {
        await files.write(to + file.slice(from.length), await files.readText(file));
        files.remove(file);
      }
      note(change.newUri);
    }
  }
  return touched;
}
