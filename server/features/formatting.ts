import { formatManifest } from '#engine/inputs/manifest/format';
import type { Connection, TextEdit } from 'vscode-languageserver';
import { toRange } from '../ranges';
import { runSafe } from '../run-safe';
import type { Workspace } from '../workspace';
import { manifestOf } from './folding-ranges';

/** Formats manifests. SQL is never formatted: scripts that ran somewhere must stay what they are. */
export function registerFormatting(connection: Connection, workspace: Workspace): void {
  connection.onDocumentFormatting(({ textDocument }, token) =>
    runSafe<TextEdit[]>(workspace.logger, 'textDocument/formatting', token, [], async () => {
      const document = await manifestOf(workspace, textDocument.uri);
      const formatted = document && formatManifest(document.text);
      return document && formatted !== undefined ? difference(document.text, formatted) : [];
    }),
  );
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
