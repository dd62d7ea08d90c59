import { scriptsOf } from '#engine/core/scripts';
import type { ManifestDocument } from '#engine/inputs/manifest/document';
import { type NamedThing, occurrencesOf, thingAt } from '#engine/inputs/manifest/editing/rename';
import type { Project } from '#engine/operations/checking';
import { type DocumentHighlight, DocumentHighlightKind, type Location, type Position } from 'vscode-languageserver';
import { toOffset, toRange } from '../ranges';
import { uriOf } from '../uris';
import { scriptsIn, startOf } from './migration-at';

/**
 * Every place of the manifest that names the release, migration, feature or channel at a position; from a script those that name its
 * migration. For a migration also its scripts, other than the one at `path`.
 */
export function references(project: Project, path: string, position: Position, includesDeclaration: boolean): Location[] {
  const { manifest: document, directory } = project;
  if (!document) return [];
  return thingsAt(project, path, position).flatMap((thing) => {
    const named = occurrencesOf(document, thing).filter(({ isDefinition }) => !isDefinition || includesDeclaration);
    const inManifest = named.map(({ range }) => ({ uri: uriOf(document.path), range: toRange(document.text, range) }));
    const migration = thing.kind === 'migration' ? directory?.migrations.find(({ id }) => id === thing.text) : undefined;
    const scripts = (migration ? scriptsOf(migration) : []).filter(({ file }) => file !== path);
    return [...inManifest, ...scripts.map(startOf)];
  });
}

/** The places of a manifest that name the same as the position. */
export function documentHighlights(document: ManifestDocument, position: Position): DocumentHighlight[] {
  const thing = thingAt(document, toOffset(document.text, position));
  return (thing ? occurrencesOf(document, thing) : []).map(({ range, isDefinition }) => ({
    range: toRange(document.text, range),
    kind: isDefinition ? DocumentHighlightKind.Write : DocumentHighlightKind.Read,
  }));
}

function thingsAt(project: Project, path: string, position: Position): Pick<NamedThing, 'kind' | 'text'>[] {
  const { manifest: document } = project;
  if (document?.path === path) return [thingAt(document, toOffset(document.text, position))].filter((thing) => thing !== undefined);
  const ids = new Set(scriptsIn(project, path).map(({ migration }) => migration));
  return [...ids].map((text) => ({ kind: 'migration', text }));
}
