import { occurrencesOf, thingAt } from '#engine/inputs/manifest/editing/rename';
import { type Connection, type DocumentHighlight, DocumentHighlightKind, type Location } from 'vscode-languageserver';
import { toOffset, toRange } from '../ranges';
import { runSafe } from '../run-safe';
import { pathOf, uriOf } from '../uris';
import type { Workspace } from '../workspace';
import { scriptsIn } from './migration-at';

/** Every place of a manifest that names the release, migration, feature or channel under the cursor; from a script those that name its migration. */
export function registerReferences(connection: Connection, workspace: Workspace): void {
  connection.onReferences(({ textDocument, position, context }, token) =>
    runSafe<Location[]>(workspace.logger, 'textDocument/references', token, [], async () => {
      const { document, directory, path, things } = await thingsAt(workspace, textDocument.uri, position);
      if (!document) return [];
      const places = things.flatMap((thing) => {
        const named = occurrencesOf(document, thing).filter(({ isDefinition }) => !isDefinition || context.includeDeclaration);
        const inManifest = named.map(({ range }) => ({ uri: uriOf(document.path), range: toRange(document.text, range) }));
        const migration = thing.kind === 'migration' ? directory?.migrations.find(({ id }) => id === thing.text) : undefined;
        const scripts = [migration?.up, migration?.down, migration?.verify].flatMap((script) => {
          if (!script || script.file === path) return [];
          const start = script.sections[0]?.start ?? 0;
          return [{ uri: uriOf(script.file), range: toRange(script.text, { start, end: start }) }];
        });
        return [...inManifest, ...scripts];
      });
      return places;
    }),
  );

  connection.onDocumentHighlight(({ textDocument, position }, token) =>
    runSafe<DocumentHighlight[]>(workspace.logger, 'textDocument/documentHighlight', token, [], async () => {
      const { document, path, things } = await thingsAt(workspace, textDocument.uri, position);
      if (!document || document.path !== path) return [];
      return things.flatMap((thing) =>
        occurrencesOf(document, thing).map(({ range, isDefinition }) => ({
          range: toRange(document.text, range),
          kind: isDefinition ? DocumentHighlightKind.Write : DocumentHighlightKind.Read,
        })),
      );
    }),
  );
}

async function thingsAt(workspace: Workspace, uri: string, position: { line: number; character: number }) {
  const path = pathOf(uri);
  const project = path === undefined ? undefined : await (await workspace.entryOf(path))?.project();
  if (path === undefined || !project || !('ownedFiles' in project)) return { document: undefined, directory: undefined, path, things: [] };
  const { manifest: document, directory } = project;
  const thing = document?.path === path ? thingAt(document, toOffset(document.text, position)) : undefined;
  const ids = document?.path === path ? [] : [...new Set(scriptsIn(project, path).map(({ migration }) => migration))];
  const things = thing ? [thing] : ids.map((text) => ({ kind: 'migration' as const, text }));
  return { document, directory, path, things };
}
