import type { ProjectInfo } from '#protocol';
import { parentFolder, resolvePath } from '#engine/core/paths';
import { referencedId } from '#engine/inputs/manifest/schema';
import type { Project } from '#engine/operations/checking';
import { uriOf } from '../uris';

/** What clients are told of a project. */
export function projectInfo({ manifest: document, directory, root }: Project): ProjectInfo {
  const manifest = document?.manifest;
  const newest = directory?.migrations.filter(({ repeatable }) => !repeatable).at(-1);
  return {
    manifest: document && uriOf(document.path),
    directory: directory && uriOf(directory.path),
    layout: directory?.layout,
    system: manifest?.system,
    releases: (manifest?.releases ?? []).map(({ version, migrations }) => ({ version, migrations: migrations.map(referencedId) })),
    migrations: directory?.migrations.length ?? 0,
    newest: newest && { id: newest.id, script: uriOf(newest.up.file) },
    targets: Object.entries(manifest?.targets ?? {}).map(([name, target]) => ({
      name,
      driver: target.driver,
      protected: target.protected,
      folder: target.driver === 'pglite' ? uriOf(resolvePath(parentFolder(root), target.path)) : undefined,
    })),
  };
}
