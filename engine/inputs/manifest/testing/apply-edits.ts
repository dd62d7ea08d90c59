import type { TextEdit } from '../../../core/finding';

/** The text after edits of it, all of them in terms of the text before. @throws Error when two of them overlap */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  let result = '';
  let at = 0;
  for (const { range, newText } of [...edits].sort((a, b) => a.range.start - b.range.start || a.range.end - b.range.end)) {
    if (range.start < at) throw new Error(`Two edits overlap at offset ${range.start}.`);
    result += text.slice(at, range.start) + newText;
    at = range.end;
  }
  return result + text.slice(at);
}
