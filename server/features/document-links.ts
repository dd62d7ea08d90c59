import { parentFolder, resolvePath } from '#engine/core/paths';
import type { ManifestDocument, ManifestPath } from '#engine/inputs/manifest/document';
import { apiOf, referencedId } from '#engine/inputs/manifest/schema';
import type { Project } from '#engine/operations/checking';
import type { DocumentLink } from 'vscode-languageserver';
import { toRange } from '../ranges';
import { uriOf } from '../uris';

/** Links in a manifest: migrations to their up scripts, API documents to what they name. */
export function documentLinks(document: ManifestDocument, directory: Project['directory']): DocumentLink[] {
  const scripts = new Map(directory?.migrations.map(({ id, up }) => [id, up.file]));
  const folder = parentFolder(document.path);
  return (document.manifest?.releases ?? []).flatMap((release, index) => {
    const place = document.releaseIndexes[index] ?? index;
    const link = (path: ManifestPath, file: string, tooltip: string): DocumentLink => ({
      range: toRange(document.text, document.rangeOf(['releases', place, ...path])),
      target: uriOf(file),
      tooltip,
    });
    const migrations = release.migrations.flatMap((reference, position) => {
      const file = scripts.get(referencedId(reference));
      const path = ['migrations', position, ...(typeof reference === 'string' ? [] : ['id'])];
      return file === undefined ? [] : [link(path, file, 'Open the migration')];
    });
    const apis = Object.entries(release.apis).map(([name, api]) =>
      link(['apis', name, ...(typeof api === 'string' ? [] : ['file'])], resolvePath(folder, apiOf(api).file), 'Open the API description'),
    );
    return [...migrations, ...apis];
  });
}
