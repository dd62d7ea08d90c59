import { referencedId } from '#engine/inputs/manifest/schema';
import type { Project } from '#engine/checking/project/project';
import type { Connection, Location } from 'vscode-languageserver';
import { toOffset, toRange } from '../ranges';
import { runSafe } from '../run-safe';
import { pathOf, uriOf } from '../uris';
import type { Workspace } from '../workspace';
import { scriptsIn } from './migration-at';

/** From a migration in the manifest to its scripts, and from anywhere in a script to where the manifest lists it. */
export function registerDefinition(connection: Connection, workspace: Workspace): void {
  connection.onDefinition(({ textDocument, position }, token) =>
    runSafe<Location[]>(workspace.logger, 'textDocument/definition', token, [], async () => {
      const path = pathOf(textDocument.uri);
      const project = path === undefined ? undefined : await (await workspace.entryOf(path))?.project();
      if (path === undefined || !project || !('ownedFiles' in project)) return [];
      return project.manifest?.path === path ? fromManifest(project, toOffset(project.manifest.text, position)) : toManifest(project, path);
    }),
  );
}

function fromManifest(project: Project, offset: number): Location[] {
  const document = project.manifest;
  const { path } = document?.pathAt(offset) ?? { path: [] };
  if (!document || path[0] !== 'releases' || path[2] !== 'migrations') return [];
  const release = document.manifest?.releases[document.releaseIndexes.indexOf(Number(path[1]))];
  const reference = release?.migrations[Number(path[3])];
  const migration = reference === undefined ? undefined : project.directory?.migrations.find(({ id }) => id === referencedId(reference));
  if (!migration) return [];
  return [migration.up, migration.down, migration.verify].flatMap((script) =>
    script
      ? [
          {
            uri: uriOf(script.file),
            range: toRange(script.text, { start: script.sections[0]?.start ?? 0, end: script.sections[0]?.start ?? 0 }),
          },
        ]
      : [],
  );
}

function toManifest(project: Project, path: string): Location[] {
  const document = project.manifest;
  const ids = new Set(scriptsIn(project, path).map(({ migration }) => migration));
  if (!document?.manifest) return [];
  return document.manifest.releases.flatMap(({ migrations }, index) =>
    migrations.flatMap((reference, position) => {
      if (!ids.has(referencedId(reference))) return [];
      const place = document.releaseIndexes[index] ?? index;
      return [{ uri: uriOf(document.path), range: toRange(document.text, document.rangeOf(['releases', place, 'migrations', position])) }];
    }),
  );
}
