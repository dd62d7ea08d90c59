import type { ManifestDocument } from '#engine/inputs/manifest/document';
import { namesIn } from '#engine/inputs/manifest/editing/names';
import { SymbolKind, type SymbolInformation } from 'vscode-languageserver';
import { createdTables, loadSqlParser } from '#engine/operations/statement-facts';
import type { Migration } from '#engine/core/scripts';
import type { Project } from '#engine/operations/checking';
import { toRange } from '../ranges';
import { uriOf } from '../uris';
import { startOf } from './migration-at';

/** So many symbols are answered; a longer query narrows them. */
const mostSymbols = 500;

/** Releases, migrations, and the tables that migrations make, whose names match a query. */
export async function workspaceSymbols(projects: readonly Project[], query: string): Promise<SymbolInformation[]> {
  await loadSqlParser();
  const symbols = projects.flatMap(({ manifest, directory }) => [
    ...(manifest ? releaseSymbols(manifest, query) : []),
    ...(directory?.migrations ?? []).flatMap((migration) => migrationSymbols(migration, query)),
  ]);
  return symbols.slice(0, mostSymbols);
}

function releaseSymbols(document: ManifestDocument, query: string): SymbolInformation[] {
  return namesIn(document)
    .filter(({ kind, text, isDefinition }) => kind === 'release' && isDefinition && isMatch(text, query))
    .map(({ text, range }) => ({
      name: text,
      kind: SymbolKind.Module,
      location: { uri: uriOf(document.path), range: toRange(document.text, range) },
      containerName: document.manifest?.system ?? '',
    }));
}

function migrationSymbols({ id, up }: Migration, query: string): SymbolInformation[] {
  const own = isMatch(id, query) ? [{ name: id, kind: SymbolKind.Event, location: startOf(up) }] : [];
  // Most scripts make no table, and need not be parsed to see that.
  if (!/\bcreate\b[^;]*\btable\b/i.test(up.sql)) return own;
  const tables = createdTables(up)
    .filter(({ name }) => isMatch(name, query))
    .map(({ name, statement }): SymbolInformation => {
      const location = { uri: uriOf(up.file), range: toRange(up.text, statement) };
      return { name, kind: SymbolKind.Struct, containerName: id, location };
    });
  return [...own, ...tables];
}

/** All letters of the query in their order, as editors match. */
function isMatch(name: string, query: string): boolean {
  let at = 0;
  const lower = name.toLowerCase();
  for (const letter of query.toLowerCase()) {
    at = lower.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}
