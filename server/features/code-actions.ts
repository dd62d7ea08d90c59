import { ignoreCommentFor } from '#engine/operations/checking';
import { type Finding, type Fix, severities, type TextEdit, ungrouped } from '#engine/core/finding';
import type { Files } from '#engine/core/host';
import type { TextRange } from '#engine/core/text';
import type { ParsedStatement } from '#engine/operations/statement-facts';
import { type CheckPage, commands } from '#protocol';
import {
  type CodeAction,
  CodeActionKind,
  type CodeActionParams,
  type CreateFile,
  type Diagnostic,
  type Range,
  type TextDocumentEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver';
import type { Place } from '../answer';
import { toOffset, toRange } from '../ranges';
import { uriOf } from '../uris';
import { manifestActions } from './manifest-actions';
import { statementAt } from './migration-at';

/**
 * The fixes of the findings in the statement under the cursor, then for each finding under the cursor a comment that ignores it here
 * and its documentation; errors first. In a manifest also what can be done with the release and the migration under the cursor.
 * @param pages the folder with the documentation of the checks, where it exists and the client can show it
 */
export async function codeActions(
  place: Place,
  { range, context }: Pick<CodeActionParams, 'range' | 'context'>,
  pages: string | undefined,
): Promise<CodeAction[]> {
  const { path, entry, files } = place;
  const wants = (kind: string) => context.only === undefined || context.only.some((each) => kind === each || kind.startsWith(`${each}.`));
  const edits = wants(CodeActionKind.RefactorRewrite) ? await editActions(place, range) : [];
  if (!wants(CodeActionKind.QuickFix)) return edits;
  const analysis = await entry.analysis(path);
  const text = await files.readText(path);
  const start = toOffset(text, range.start);
  const end = toOffset(text, range.end);
  const isHere = (found: TextRange) => found.start <= end && start <= found.end;
  const own = ungrouped(analysis.findings)
    .filter(({ file }) => file === path)
    .sort((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity))
    .map((finding) => ({
      finding,
      statement: statementAt(analysis, path, finding.range.start)?.statement,
      diagnostics: context.diagnostics.filter(({ code }) => code === finding.id),
    }));
  const actions: CodeAction[] = [];
  for (const { finding, statement, diagnostics } of own) {
    if (!isHere(finding.range) && !(statement && isHere(statement))) continue;
    for (const fix of finding.fixes) actions.push(await fixAction(files, fix, diagnostics));
  }
  for (const { finding, statement, diagnostics } of own.filter(({ finding }) => isHere(finding.range))) {
    if (statement && finding.id !== 'unused-ignore') actions.push(ignoreAction(finding, text, statement, diagnostics));
    if (pages !== undefined) actions.push(pageAction(pages, finding, diagnostics));
  }
  return [...actions, ...edits];
}

async function editActions({ project, path, files }: Place, range: Range): Promise<CodeAction[]> {
  if (project.manifest?.path !== path) return [];
  const { text } = project.manifest;
  const actions = await manifestActions(project, { start: toOffset(text, range.start), end: toOffset(text, range.end) });
  return Promise.all(
    actions.map(async ({ title, edits }) => ({ title, kind: CodeActionKind.RefactorRewrite, edit: await workspaceEdit(files, edits) })),
  );
}

async function fixAction(files: Files, fix: Fix, diagnostics: Diagnostic[]): Promise<CodeAction> {
  const edit = await workspaceEdit(files, fix.edits);
  return { title: fix.title, kind: CodeActionKind.QuickFix, diagnostics, isPreferred: fix.preferred ?? false, edit };
}

/** Edits of the engine as the protocol's; files that do not exist are created. */
async function workspaceEdit(files: Files, edits: readonly TextEdit[]): Promise<WorkspaceEdit> {
  const documentChanges: (CreateFile | TextDocumentEdit)[] = [];
  for (const file of new Set(edits.map((edit) => edit.file))) {
    const uri = uriOf(file);
    const exists = (await files.kind(file)) === 'file';
    if (!exists) documentChanges.push({ kind: 'create', uri });
    const text = exists ? await files.readText(file).catch(() => '') : '';
    const own = edits.filter((edit) => edit.file === file).map(({ range, newText }) => ({ range: toRange(text, range), newText }));
    documentChanges.push({ textDocument: { uri, version: null }, edits: own });
  }
  return { documentChanges };
}

function ignoreAction(finding: Finding, text: string, statement: ParsedStatement, diagnostics: Diagnostic[]): CodeAction {
  return {
    title: `Ignore ${finding.id} for this statement`,
    kind: CodeActionKind.QuickFix,
    diagnostics,
    edit: insertAbove(finding.file, text, statement, ignoreCommentFor(finding.id).trimEnd()),
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
