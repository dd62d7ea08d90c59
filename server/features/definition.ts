import { scriptsOf } from '#engine/core/scripts';
import { referencedId } from '#engine/inputs/manifest/schema';
import type { Project } from '#engine/operations/checking';
import type { Location, Position } from 'vscode-languageserver';
import { toOffset, toRange } from '../ranges';
import { uriOf } from '../uris';
import { scriptsIn, startOf } from './migration-at';

/** From a migration in the manifest to its scripts, and from anywhere in a script to where the manifest lists it. */
export function definition(project: Project, path: string, position: Position): Location[] {
  const { manifest } = project;
  return manifest?.path === path ? fromManifest(project, toOffset(manifest.text, position)) : toManifest(project, path);
}

function fromManifest(project: Project, offset: number): Location[] {
  const document = project.manifest;
  const { path } = document?.pathAt(offset) ?? { path: [] };
  if (!document || path[0] !== 'releases' || path[2] !== 'migrations') return [];
  const release = document.manifest?.releases[document.releaseIndexes.indexOf(Number(path[1]))];
  const reference = release?.migrations[Number(path[3])];
  const migration = reference === undefined ? undefined : project.directory?.migrations.find(({ id }) => id === referencedId(reference));
  if (!migration) return [];
  return scriptsOf(migration).map(startOf);
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
