import { referencedId } from '#engine/inputs/manifest/schema';
import type { Project } from '#engine/checking/project/project';
import { statementLabel } from '#engine/databases/postgresql/sql/statement-names';
import { loadSqlParser, parseScript } from '#engine/databases/postgresql/sql/parser';
import { type Connection, type DocumentSymbol, SymbolKind } from 'vscode-languageserver';
import { toRange } from '../ranges';
import { runSafe } from '../run-safe';
import { pathOf } from '../uris';
import type { Workspace } from '../workspace';
import { scriptsIn } from './migration-at';

/** Outline: releases with their migrations in a manifest, directions with their statements in a script. */
export function registerDocumentSymbols(connection: Connection, workspace: Workspace): void {
  connection.onDocumentSymbol(({ textDocument }, token) =>
    runSafe<DocumentSymbol[]>(workspace.logger, 'textDocument/documentSymbol', token, [], async () => {
      const path = pathOf(textDocument.uri);
      const project = path === undefined ? undefined : await (await workspace.entryOf(path))?.project();
      if (path === undefined || !project || !('ownedFiles' in project)) return [];
      await loadSqlParser();
      return project.manifest?.path === path ? manifestSymbols(project) : scriptSymbols(project, path);
    }),
  );
}

function manifestSymbols(project: Project): DocumentSymbol[] {
  const document = project.manifest;
  return (document?.manifest?.releases ?? []).flatMap((release, index) => {
    if (!document) return [];
    const place = document.releaseIndexes[index] ?? index;
    const range = toRange(document.text, document.rangeOf(['releases', place]));
    const children = release.migrations.map((reference, position): DocumentSymbol => {
      const at = toRange(document.text, document.rangeOf(['releases', place, 'migrations', position]));
      return { name: referencedId(reference), kind: SymbolKind.Event, range: at, selectionRange: at };
    });
    const selection = toRange(document.text, document.rangeOf(['releases', place, 'version']));
    return [{ name: release.version, kind: SymbolKind.Module, range, selectionRange: selection, children }];
  });
}

function scriptSymbols(project: Project, path: string): DocumentSymbol[] {
  const scripts = scriptsIn(project, path);
  return scripts.flatMap(({ script, migration, direction }) => {
    const statements = parseScript(script)
      .filter(({ kind }) => kind === 'sql')
      .map((statement): DocumentSymbol => {
        const range = toRange(script.text, statement);
        return { name: statementLabel(statement), kind: SymbolKind.Object, range, selectionRange: range };
      });
    if (scripts.length === 1) return statements;
    const section = { start: script.sections[0]?.start ?? 0, end: script.sections.at(-1)?.end ?? script.text.length };
    const range = toRange(script.text, section);
    return [
      {
        name: `${migration} ${direction}`,
        kind: SymbolKind.Function,
        range,
        selectionRange: { start: range.start, end: range.start },
        children: statements,
      },
    ];
  });
}
