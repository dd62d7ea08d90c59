import { baseName } from '../../../core/paths';
import { suggest } from '../../../inputs/manifest/suggest';
import type { Check } from '../check';
import { placedReferences, replaceInManifest, usableManifest } from '../support/manifest-places';

export const check: Check = {
  id: 'migration-file-missing',
  hazards: ['M12'],
  severity: 'error',
  summary: 'Lists a migration that has no script, so the upgrade to that release cannot run.',
  *project(context) {
    const usable = usableManifest(context);
    if (!usable) return;
    const { document, manifest } = usable;
    const references = [...placedReferences(usable)].filter(({ reference }) => typeof reference === 'string' || !reference.transform);
    if (!context.directory) {
      if (references.length === 0) return;
      yield {
        range: document.rangeOf(['migrations', 'directory']),
        message: `No upgrade can run: ${manifest.migrations.directory} contains no migrations`,
        details: `The manifest lists ${references.length === 1 ? 'one migration' : `${references.length} migrations`}.`,
        advice: 'Correct `migrations.directory`, or add the scripts.',
      };
      return;
    }
    const known = new Set(context.directory.migrations.map((migration) => migration.id));
    const reported = context.directory.problems.map((problem) => baseName(problem.file));
    for (const { id, release, path } of references) {
      // A script that is there but cannot be read has a finding of its own.
      if (known.has(id) || reported.some((name) => name.startsWith(`${id}.`))) continue;
      const near = withoutExtension(id, known) ?? suggest(id, known);
      const range = document.rangeOf(path);
      yield {
        range,
        message: `The upgrade to ${release} cannot run: migration ${id} has no script`,
        details: `${manifest.migrations.directory} contains no migration of that name.`,
        advice: near === undefined ? 'Correct the name, add the script, or remove the entry.' : `Did you mean ${near}?`,
        fixes: near === undefined ? [] : [replaceInManifest(document, range, near)],
      };
    }
  },
};

/** `0001_memories.up.sql` and `migrations/0001_memories` mean `0001_memories`. */
function withoutExtension(id: string, known: ReadonlySet<string>): string | undefined {
  const bare = baseName(id).replace(/(\.(up|down|verify))?\.sql$/i, '');
  return known.has(bare) ? bare : undefined;
}
