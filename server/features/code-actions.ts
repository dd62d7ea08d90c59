import { ignoreCommentFor } from '#engine/checking/checks/support/ignore-comments';
import { type Finding, type Fix, severities, type TextEdit, ungrouped } from '#engine/core/finding';
import type { TextRange } from '#engine/core/text';
import type { ParsedStatement } from '#engine/databases/postgresql/sql/statement';
import { type CheckPage, commands } from '#protocol';
import {
  type CodeAction,
  CodeActionKind,
  type Connection,
  type CreateFile,
  type Diagnostic,
  type Range,
  type TextDocumentEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver';
import { toOffset, toRange } from '../ranges';
import { runSafe } from '../run-safe';
import { pathOf, uriOf } from '../uris';
import type { Workspace } from '../workspace';
import type { ProjectEntry } from '../project-entry';
import { manifestActions } from './manifest-actions';
import { statementAt } from './migration-at';

/**
 * The fixes of the findings in the statement under the cursor, then for each finding under the cursor a comment that ignores it here
 * and its documentation; errors first. In a manifest also what can be done with the release and the migration under the cursor.
 * @param pages the folder with the documentation of the checks, where it exists and the client can show it
 */
export function registerCodeActions(connection: Connection, workspace: Workspace, pages: () => string | undefined): void {
  connection.onCodeAction(({ textDocument, range, context }, token) =>
    runSafe<CodeAction[]>(workspace.logger, 'textDocument/codeAction', token, [], async () => {
      const path = pathOf(textDocument.uri);
      const entry = path === undefined ? undefined : await workspace.entryOf(path);
      if (path === undefined || !entry) return [];
      const wants = (kind: string) =>
        context.only === undefined || context.only.some((each) => kind === each || kind.startsWith(`${each}.`));
      const edits = wants(CodeActionKind.RefactorRewrite) ? await editActions(entry, workspace, path, range) : [];
      if (!wants(CodeActionKind.QuickFix)) return edits;
      const { findings } = await entry.analysis(path);
      const text = await workspace.files.readText(path);
      const start = toOffset(text, range.start);
      const end = toOffset(text, range.end);
      const isHere = (place: TextRange) => place.start <= end && start <= place.end;
      const own = ungrouped(findings)
        .filter(({ file }) => file === path)
        .sort((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity));
      const diagnosticsOf = (finding: Finding) => context.diagnostics.filter(({ code }) => code === finding.id);
      const actions: CodeAction[] = [];
      for (const finding of own) {
        const statement = entry.latest && statementAt(entry.latest, path, finding.range.start)?.statement;
        if (!isHere(finding.range) && !(statement && isHere(statement))) continue;
        for (const fix of finding.fixes) actions.push(await fixAction(workspace, fix, diagnosticsOf(finding)));
      }
      for (const finding of own.filter(({ range }) => isHere(range))) {
        const diagnostics = diagnosticsOf(finding);
        const ignore = ignoreAction(entry, finding, text, diagnostics);
        if (ignore) actions.push(ignore);
        const folder = pages();
        if (folder !== undefined) actions.push(pageAction(folder, finding, diagnostics));
      }
      return [...actions, ...edits];
    }),
  );
}

async function editActions(entry: ProjectEntry, workspace: Workspace, path: string, range: Range): Promise<CodeAction[]> {
  const project = await entry.project();
  if (!('ownedFiles' in project) || project.manifest?.path !== path) return [];
  const { text } = project.manifest;
  const actions = await manifestActions(project, { start: toOffset(text, range.start), end: toOffset(text, range.end) });
  return Promise.all(
    actions.map(async ({ title, edits }) => ({ title, kind: CodeActionKind.RefactorRewrite, edit: await workspaceEdit(workspace, edits) })),
  );
}

async function fixAction(workspace: Workspace, fix: Fix, diagnostics: Diagnostic[]): Promise<CodeAction> {
  const edit = await workspaceEdit(workspace, fix.edits);
  return { title: fix.title, kind: CodeActionKind.QuickFix, diagnostics, isPreferred: fix.preferred ?? false, edit };
}

/** Edits of the engine as the protocol's; files that do not exist are created. */
async function workspaceEdit(workspace: Workspace, edits: readonly TextEdit[]): Promise<WorkspaceEdit> {
  const documentChanges: (CreateFile | TextDocumentEdit)[] = [];
  for (const file of new Set(edits.map((edit) => edit.file))) {
    const uri = uriOf(file);
    const exists = (await workspace.files.kind(file)) === 'file';
    if (!exists) documentChanges.push({ kind: 'create', uri });
    const text = exists ? await workspace.files.readText(file).catch(() => '') : '';
    const own = edits.filter((edit) => edit.file === file).map(({ range, newText }) => ({ range: toRange(text, range), newText }));
    documentChanges.push({ textDocument: { uri, version: null }, edits: own });
  }
  return { documentChanges };
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

function pageAction(folder: string, { id }: Finding, diagnostics: Diagnostic[]): CodeAction {
  const title = `Why? Show the documentation of ${id}`;
  const page: CheckPage = { page: uriOf(`${folder}/${id}.md`) };
  return { title, kind: CodeActionKind.QuickFix, diagnostics, command: { title, command: commands.showCheck, arguments: [page] } };
}

function insertAbove(file: string, text: string, statement: ParsedStatement, line: string): WorkspaceEdit {
  const lineStart = Math.max(text.lastIndexOf('\n', statement.start - 1), text.lastIndexOf('\r', statement.start - 1)) + 1;
  const indent = /^[ \t]*/.exec(text.slice(lineStart, statement.start))?.[0] ?? '';
  const isAlone = lineStart + indent.length === statement.start;
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  const at = toRange(text, { start: statement.start, end: statement.start });
  return { changes: { [uriOf(file)]: [{ range: at, newText: `${isAlone ? '' : lineEnd}${line}${lineEnd}${indent}` }] } };
}
