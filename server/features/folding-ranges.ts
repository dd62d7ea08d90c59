import { LineIndex } from '#engine/core/text';
import type { ManifestDocument } from '#engine/inputs/manifest/document';
import { around, foldable } from '#engine/inputs/manifest/editing/structure';
import type { FoldingRange, Position, SelectionRange } from 'vscode-languageserver';
import { toOffset, toRange } from '../ranges';

/** Releases, lists and everything else of a manifest that takes several lines. */
export function foldingRanges(document: ManifestDocument): FoldingRange[] {
  const lines = new LineIndex(document.text);
  const byStart = new Map<number, FoldingRange>();
  for (const { start, end } of foldable(document)) {
    const [startLine, endLine] = [lines.positionAt(start).line, lines.positionAt(end).line];
    if (endLine > startLine && !byStart.has(startLine)) byStart.set(startLine, { startLine, endLine });
  }
  return [...byStart.values()];
}

/** What surrounds a position of a manifest: from the word to the whole text, each range within its parent. */
export function selectionRange(document: ManifestDocument, position: Position): SelectionRange {
  const ranges = around(document, toOffset(document.text, position)).map((range) => toRange(document.text, range));
  let selection: SelectionRange | undefined;
  for (const range of ranges.reverse()) selection = selection ? { range, parent: selection } : { range };
  return selection ?? { range: { start: position, end: position } };
}
