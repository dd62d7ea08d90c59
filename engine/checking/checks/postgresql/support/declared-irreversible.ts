import type { MigrationContext, ProjectContext } from '../../../context/context';

/** True when the manifest says that the migration is not undone by a down script: by its own entry, or by its release. */
export function isDeclaredIrreversible({ migration, release }: MigrationContext, { manifest }: ProjectContext): boolean {
  const declared = manifest?.manifest?.releases.find((candidate) => candidate.version === release);
  if (!declared) return false;
  if (declared.rollback !== 'down') return true;
  return declared.migrations.some(
    (reference) => typeof reference === 'object' && reference.id === migration.id && reference.irreversible !== undefined,
  );
}
