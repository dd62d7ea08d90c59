import { LineIndex } from '#engine/core/text';
import { around, foldable } from '#engine/inputs/manifest/editing/structure';
import type { ManifestDocument } from '#engine/inputs/manifest/document';
import type { Connection, FoldingRange, SelectionRange } from 'vscode-languageserver';
import { toOffset, toRange } from '../ranges';
import { runSafe } from '../run-safe';
import { pathOf } from '../uris';
import type { Workspace } from '../workspace';

/** Folds releases, lists and everything else of a manifest that takes several lines, and widens a selection by what surrounds it. */
export function registerFoldingRanges(connection: Connection, workspace: Workspace): void {
  connection.onFoldingRanges(({ textDocument }, token) =>
    runSafe<FoldingRange[] | null>(workspace.logger, 'textDocument/foldingRange', token, null, async () => {
      const document = await manifestOf(workspace, textDocument.uri);
      if (!document) return null;
      const lines = new LineIndex(document.text);
      const byStart = new Map<number, FoldingRange>();
      for (const { start, end } of foldable(document)) {
        const [startLine, endLine] = [lines.positionAt(start).line, lines.positionAt(end).line];
        if (endLine > startLine && !byStart.has(startLine)) byStart.set(startLine, { startLine, endLine });
      }
      return [...byStart.values()];
    }),
  );

  connection.onSelectionRanges(({ textDocument, positions }, token) =>
    runSafe<SelectionRange[] | null>(workspace.logger, 'textDocument/selectionRange', token, null, async () => {
      const document = await manifestOf(workspace, textDocument.uri);
      if (!document) return null;
      return positions.map((position) => {
        const ranges = around(document, toOffset(document.text, position)).map((range) => toRange(document.text, range));
        let selection: SelectionRange | undefined;
        for (const range of ranges.reverse()) selection = selection ? { range, parent: selection } : { range };
        return selection ?? { range: { start: position, end: position } };
      });
    }),
  );
}

/** The manifest at a URI; undefined for every other file. */
export async function manifestOf(workspace: Workspace, uri: string): Promise<ManifestDocument | undefined> {
  const path = pathOf(uri);
  const project = path === undefined ? undefined : await (await workspace.entryOf(path))?.project();
  return project && 'ownedFiles' in project && project.manifest?.path === path ? project.manifest : undefined;
}
