import type { ManifestPath } from '../../manifest/document';
import type { MigrationReference } from '../../manifest/schema';
import type { MigrationContext, ProjectContext } from '../check';
import { placedReferences, type UsableManifest, usableManifest } from './manifest-places';

/** What the manifest says of a migration. */
export interface StatedMigration extends UsableManifest {
  readonly reference: Exclude<MigrationReference, string>;
  /** The place of the reference itself. */
  readonly path: ManifestPath;
}

/** The reference to a migration, when it says more than its name. */
export function statedMigration(migration: MigrationContext, project: ProjectContext): StatedMigration | undefined {
  const usable = usableManifest(project);
  if (!usable || migration.release === undefined) return undefined;
  for (const { id, release, reference, path } of placedReferences(usable)) {
    if (id !== migration.migration.id || release !== migration.release) continue;
    return typeof reference === 'string' ? undefined : { ...usable, reference, path: path.slice(0, -1) };
  }
  return undefined;
}
