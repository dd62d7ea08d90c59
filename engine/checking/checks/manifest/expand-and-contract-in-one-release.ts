import { referencedId } from '../../../inputs/manifest/schema';
import type { Check } from '../check';
import { usableManifest } from '../support/manifest-places';

export const check: Check = {
  id: 'expand-and-contract-in-one-release',
  hazards: ['M11'],
  severity: 'error',
  summary: 'Expands and contracts the same tables in one release, while earlier releases still use the old schema.',
  *project(context) {
    const usable = usableManifest(context);
    if (!usable || usable.manifest.window === 0) return;
    const { document, manifest } = usable;
    for (const [index, release] of manifest.releases.entries()) {
      const phases = release.migrations.map((reference) => (typeof reference === 'string' ? undefined : reference.phase));
      const expand = phases.indexOf('expand');
      const contract = phases.lastIndexOf('contract');
      if (expand < 0 || contract < 0) continue;
      // The other tables of the release may be at another point of their change.
      const tables = (place: number) => tablesOf(context, release.migrations[place]);
      const [added, removed] = [tables(expand), tables(contract)];
      if (added && removed && ![...added].some((table) => removed.has(table))) continue;
      const place = document.releaseIndexes[index] ?? index;
      const at = (migration: number) => document.rangeOf(['releases', place, 'migrations', migration, 'phase']);
      const [first, last] = [expand, contract].map((each) => referencedId(release.migrations[each] ?? ''));
      const before = manifest.releases[index - 1]?.version;
      yield {
        range: at(contract),
        message: `${last} may break ${before ?? 'the previous release'}, which may run at the same time as ${release.version}`,
        details: `${first} (expand) and ${last} (contract) are in the same release, so running releases have not moved to the new schema yet.`,
        advice: `Move ${last} to a release after ${release.version}.`,
        related: [{ file: document.path, range: at(expand), message: 'The expand step is in the same release.' }],
      };
    }
  },
};

type Project = Parameters<NonNullable<Check['project']>>[0];

/** The tables that a migration was seen to change; undefined where nothing was seen. */
function tablesOf({ chain }: Project, reference: Parameters<typeof referencedId>[0] | undefined): Set<string> | undefined {
  const seen = reference && chain.find(({ migration }) => migration.id === referencedId(reference))?.observation;
  if (!seen) return undefined;
  const objects = seen.statements.flatMap(({ changes }) => changes.map(({ object }) => object));
  const tables = objects.flatMap(
    (object) => /^(?:table|column|constraint|trigger|rule|policy) (?:on )?([^.]+\.[^. ]+)/.exec(object)?.[1] ?? [],
  );
  return new Set(tables);
}
