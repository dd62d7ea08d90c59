import type { ManifestDocument } from '#engine/inputs/manifest/document';
import { referencedId } from '#engine/inputs/manifest/schema';
import type { Project } from '#engine/operations/checking';
import { loadSqlParser, parseScript, statementLabel } from '#engine/operations/statement-facts';
import { type DocumentSymbol, SymbolKind } from 'vscode-languageserver';
import { toRange } from '../ranges';
import { scriptsIn } from './migration-at';

/** Outline: releases with their migrations in a manifest, directions with their statements in a script. */
export async function documentSymbols(project: Project, path: string): Promise<DocumentSymbol[]> {
  await loadSqlParser();
  return project.manifest?.path === path ? manifestSymbols(project.manifest) : scriptSymbols(project, path);
}

function manifestSymbols(document: ManifestDocument): DocumentSymbol[] {
  return (document.manifest?.releases ?? []).map((release, index) => {
    const place = document.releaseIndexes[index] ?? index;
    const range = toRange(document.text, document.rangeOf(['releases', place]));
    const children = release.migrations.map((reference, position): DocumentSymbol => {
      const at = toRange(document.text, document.rangeOf(['releases', place, 'migrations', position]));
      return { name: referencedId(reference), kind: SymbolKind.Event, range: at, selectionRange: at };
    });
    const selection = toRange(document.text, document.rangeOf(['releases', place, 'version']));
    return { name: release.version, kind: SymbolKind.Module, range, selectionRange: selection, children };
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
