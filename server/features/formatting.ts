import type { ManifestDocument } from '#engine/inputs/manifest/document';
import { formatManifest } from '#engine/inputs/manifest/format';
import type { TextEdit } from 'vscode-languageserver';
import { toRange } from '../ranges';

/** The edits that format a manifest. SQL is never formatted: scripts that ran somewhere must stay what they are. */
export function formatting({ text }: ManifestDocument): TextEdit[] {
  const formatted = formatManifest(text);
  return formatted === undefined ? [] : difference(text, formatted);
}

/** One edit of what differs, so that the cursor and marks outside of it stay where they are. */
function difference(before: string, after: string): TextEdit[] {
  if (before === after) return [];
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  let same = 0;
  while (same < shorter - start && before[before.length - 1 - same] === after[after.length - 1 - same]) same++;
  // A line end of two characters stays whole.
  if (before[start - 1] === '\r') start--;
  if (same > 0 && before[before.length - same] === '\n' && before[before.length - same - 1] === '\r') same--;
  const range = toRange(before, { start, end: before.length - same });
  return [{ range, newText: after.slice(start, after.length - same) }];
}
