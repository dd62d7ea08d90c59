import { namesIn } from '#engine/inputs/manifest/editing/names';
import { type Connection, SymbolKind, type SymbolInformation } from 'vscode-languageserver';
import { fieldsOf, relationName } from '#engine/databases/postgresql/sql/nodes';
import { loadSqlParser, parseScript } from '#engine/databases/postgresql/sql/parser';
import type { Migration } from '#engine/core/scripts';
import { toRange } from '../ranges';
import { runSafe } from '../run-safe';
import { uriOf } from '../uris';
import type { Workspace } from '../workspace';

/** So many symbols are answered; a longer query narrows them. */
const mostSymbols = 500;

/** Releases, migrations, and the tables that migrations make, of all projects. */
export function registerWorkspaceSymbols(connection: Connection, workspace: Workspace): void {
  connection.onWorkspaceSymbol(({ query }, token) =>
    runSafe<SymbolInformation[]>(workspace.logger, 'workspace/symbol', token, [], async (signal) => {
      await loadSqlParser();
      const symbols: SymbolInformation[] = [];
      for (const entry of await workspace.entries()) {
        const project = await entry.project();
        if (!('ownedFiles' in project) || signal.aborted) continue;
        const { manifest: document } = project;
        for (const { kind, text, range, isDefinition } of document ? namesIn(document) : []) {
          if (document && kind === 'release' && isDefinition && isMatch(text, query)) {
            const location = { uri: uriOf(document.path), range: toRange(document.text, range) };
            symbols.push({ name: text, kind: SymbolKind.Module, location, containerName: document.manifest?.system ?? '' });
          }
        }
        for (const migration of project.directory?.migrations ?? []) symbols.push(...migrationSymbols(migration, query));
      }
      return symbols.slice(0, mostSymbols);
    }),
  );
}

function migrationSymbols({ id, up }: Migration, query: string): SymbolInformation[] {
  const uri = uriOf(up.file);
  const start = up.sections[0]?.start ?? 0;
  const own = isMatch(id, query)
    ? [{ name: id, kind: SymbolKind.Event, location: { uri, range: toRange(up.text, { start, end: start }) } }]
    : [];
  // Most scripts make no table, and need not be parsed to see that.
  if (!/\bcreate\b[^;]*\btable\b/i.test(up.sql)) return own;
  const tables = parseScript(up).flatMap((statement): SymbolInformation[] => {
    const created = fieldsOf(statement.node, 'CreateStmt');
    const table = created && relationName(created['relation']);
    const name = table && (table.schema === undefined ? table.name : `${table.schema}.${table.name}`);
    if (name === undefined || !isMatch(name, query)) return [];
    return [{ name, kind: SymbolKind.Struct, containerName: id, location: { uri, range: toRange(up.text, statement) } }];
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
