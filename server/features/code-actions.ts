import { ignoreCommentFor } from '#engine/checks/ignore-comments';
import type { Finding, Fix } from '#engine/core/finding';
import type { ParsedStatement } from '#engine/sql/statement';
import {
  type CodeAction,
  CodeActionKind,
  type Connection,
  type CreateFile,
  type Diagnostic,
  type TextDocumentEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver';
import { toOffset, toRange } from '../ranges';
import { runSafe } from '../run-safe';
import { pathOf, uriOf } from '../uris';
import type { Workspace } from '../workspace';
import type { ProjectEntry } from '../project-entry';
import { statementAt } from './migration-at';

/** For each finding under the cursor: its fixes, then a comment that ignores it here. */
export function registerCodeActions(connection: Connection, workspace: Workspace): void {
  connection.onCodeAction(({ textDocument, range, context }, token) =>
    runSafe<CodeAction[]>(workspace.logger, 'textDocument/codeAction', token, [], async () => {
      const path = pathOf(textDocument.uri);
      const entry = path === undefined ? undefined : await workspace.entryOf(path);
      if (path === undefined || !entry) return [];
      const { findings } = await entry.analysis(path);
      const text = await workspace.files.readText(path);
      const start = toOffset(text, range.start);
      const end = toOffset(text, range.end);
      const here = findings.filter((finding) => finding.file === path && finding.range.start <= end && start <= finding.range.end);
      const actions: CodeAction[] = [];
      for (const finding of here) {
        const diagnostics = context.diagnostics.filter(({ code }) => code === finding.id);
        for (const fix of finding.fixes) actions.push(await fixAction(workspace, fix, diagnostics));
        const ignore = ignoreAction(entry, finding, text, diagnostics);
        if (ignore) actions.push(ignore);
      }
      return actions;
    }),
  );
}

async function fixAction(workspace: Workspace, fix: Fix, diagnostics: Diagnostic[]): Promise<CodeAction> {
  const documentChanges: (CreateFile | TextDocumentEdit)[] = [];
  for (const file of new Set(fix.edits.map((edit) => edit.file))) {
    const uri = uriOf(file);
    const exists = (await workspace.files.kind(file)) === 'file';
    if (!exists) documentChanges.push({ kind: 'create', uri });
    const text = exists ? await workspace.files.readText(file).catch(() => '') : '';
    const edits = fix.edits.filter((edit) => edit.file === file).map(({ range, newText }) => ({ range: toRange(text, range), newText }));
    documentChanges.push({ textDocument: { uri, version: null }, edits });
  }
  return { title: fix.title, kind: CodeActionKind.QuickFix, diagnostics, isPreferred: fix.preferred ?? false, edit: { documentChanges } };
}

function ignoreAction(entry: ProjectEntry, finding: Finding, text: string, diagnostics: Diagnostic[]): CodeAction | undefined {
  const analysis = entry.latest;
  const found = analysis && statementAt(analysis, finding.file, finding.range.start);
  if (!found || finding.id === 'unused-ignore') return undefined;
  return {
    title: `Ignore ${finding.id} for this statement`,
    kind: CodeActionKind.QuickFix,
    diagnostics,
    edit: insertAbove(finding.file, text, found.statement, ignoreCommentFor(finding.id).trimEnd()),
  };
}

function insertAbove(file: string, text: string, statement: ParsedStatement, line: string): WorkspaceEdit {
  const lineStart = Math.max(text.lastIndexOf('\n', statement.start - 1), text.lastIndexOf('\r', statement.start - 1)) + 1;
  const indent = /^[ \t]*/.exec(text.slice(lineStart, statement.start))?.[0] ?? '';
  const isAlone = lineStart + indent.length === statement.start;
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  const at = toRange(text, { start: statement.start, end: statement.start });
  return { changes: { [uriOf(file)]: [{ range: at, newText: `${isAlone ? '' : lineEnd}${line}${lineEnd}${indent}` }] } };
}
