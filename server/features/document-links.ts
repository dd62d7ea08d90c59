import { parentFolder, resolvePath } from '#engine/core/paths';
import { apiOf, referencedId } from '#engine/inputs/manifest/schema';
import type { Connection, DocumentLink } from 'vscode-languageserver';
import { toRange } from '../ranges';
import { runSafe } from '../run-safe';
import { pathOf, uriOf } from '../uris';
import type { Workspace } from '../workspace';

/** Links in a manifest: migrations to their up scripts, API documents and query folders to what they name. */
export function registerDocumentLinks(connection: Connection, workspace: Workspace): void {
  connection.onDocumentLinks(({ textDocument }, token) =>
    runSafe<DocumentLink[]>(workspace.logger, 'textDocument/documentLink', token, [], async () => {
      const path = pathOf(textDocument.uri);
      const project = path === undefined ? undefined : await (await workspace.entryOf(path))?.project();
      if (!project || !('ownedFiles' in project) || project.manifest?.path !== path || !project.manifest?.manifest) return [];
      const document = project.manifest;
      const { releases } = project.manifest.manifest;
      const scripts = new Map(project.directory?.migrations.map(({ id, up }) => [id, up.file]));
      const folder = parentFolder(document.path);
      return releases.flatMap((release, index) => {
        const place = document.releaseIndexes[index] ?? index;
        const links: DocumentLink[] = [];
        release.migrations.forEach((reference, position) => {
          const file = scripts.get(referencedId(reference));
          const at = ['releases', place, 'migrations', position, ...(typeof reference === 'string' ? [] : ['id'])];
          if (file !== undefined)
            links.push({ range: toRange(document.text, document.rangeOf(at)), target: uriOf(file), tooltip: 'Open the migration' });
        });
        for (const [name, api] of Object.entries(release.apis)) {
          const at = ['releases', place, 'apis', name, ...(typeof api === 'string' ? [] : ['file'])];
          links.push({
            range: toRange(document.text, document.rangeOf(at)),
            target: uriOf(resolvePath(folder, apiOf(api).file)),
            tooltip: 'Open the API description',
          });
        }
        return links;
      });
    }),
  );
}
