import { LineIndex, type TextRange } from '#engine/core/text';
import type { Position, Range } from 'vscode-languageserver';

const remembered = 64;
const indexes = new Map<string, LineIndex>();

/** The line index of a text. The most recently used ones are kept, because the findings of one file share one. */
function lineIndexOf(text: string): LineIndex {
  const index = indexes.get(text) ?? new LineIndex(text);
  indexes.delete(text);
  indexes.set(text, index);
  const oldest = indexes.keys().next().value;
  if (indexes.size > remembered && oldest !== undefined) indexes.delete(oldest);
  return index;
}

export function toRange(text: string, range: TextRange): Range {
  const index = lineIndexOf(text);
  return { start: index.positionAt(range.start), end: index.positionAt(range.end) };
}

export function toOffset(text: string, position: Position): number {
  return lineIndexOf(text).offsetAt(position);
}
