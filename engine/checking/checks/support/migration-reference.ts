import type { ManifestPath } from '../../../inputs/manifest/document';
import { type Manifest, type MigrationReference, referencedId } from '../../../inputs/manifest/schema';
import type { MigrationContext, ProjectContext } from '../../context/context';
import { placedReferences, type UsableManifest, usableManifest } from './manifest-places';

type Reference = Exclude<MigrationReference, string>;

/** What the manifest says of a migration. */
export interface StatedMigration extends UsableManifest {
  readonly reference: Reference;
}

/** The reference to a migration, when it says more than its name. */
export function statedMigration(migration: MigrationContext, project: ProjectContext): StatedMigration | undefined {
  const usable = usableManifest(project);
  const reference = usable && referencesOf(usable.manifest).get(migration.migration.id);
  return usable && reference && { ...usable, reference };
}

/** The place of the reference in the manifest. */
export function referencePath({ reference, ...usable }: StatedMigration): ManifestPath {
  const placed = [...placedReferences(usable)].find((each) => each.reference === reference);
  return placed?.path.slice(0, -1) ?? [];
}

const known = new WeakMap<Manifest, ReadonlyMap<string, Reference>>();

function referencesOf(manifest: Manifest): ReadonlyMap<string, Reference> {
  let references = known.get(manifest);
  if (!references) {
    const all = manifest.releases.flatMap(({ migrations }) => migrations).filter((reference) => typeof reference !== 'string');
    references = new Map(all.map((reference) => [referencedId(reference), reference]));
    known.set(manifest, references);
  }
  return references;
}
