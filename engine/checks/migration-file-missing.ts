import { baseName } from '../core/paths';
import { suggest } from '../manifest/suggest';
import type { Check } from './check';
import { placedReferences, replaceInManifest, usableManifest } from './support/manifest-places';

export const check: Check = {
  id: 'migration-file-missing',
  hazards: ['M12'],
  group: 'history',
  severity: 'error',
  summary: 'A release lists a migration that has no script, so the upgrade to it cannot run.',
  *project(context) {
    const usable = usableManifest(context);
    if (!usable) return;
    const { document, manifest } = usable;
    const references = [...placedReferences(usable)].filter(({ reference }) => typeof reference === 'string' || !reference.transform);
    if (!context.directory) {
      if (references.length === 0) return;
      yield {
        range: document.rangeOf(['migrations', 'directory']),
        message: `No upgrade can run: there are no migrations in ${manifest.migrations.directory}, where ${references.length === 1 ? 'one is' : `${references.length} are`} expected.`,
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
        message: `The upgrade to ${release} cannot run: there is no migration ${id} in ${manifest.migrations.directory}.${near === undefined ? '' : ` Did you mean ${near}?`}`,
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
