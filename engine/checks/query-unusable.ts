import type { RelatedPlace } from '../core/finding';
import type { Check, ProjectContext } from './check';
import { manifestPlace, releasePath, usableManifest } from './support/manifest-places';

export const check: Check = {
  id: 'query-unusable',
  hazards: ['M10'],
  group: 'manifest',
  severity: 'info',
  summary: 'A query of a release cannot be checked, so nothing says whether it goes on working.',
  *project(context) {
    const told = new Set<string>();
    for (const { release, unusable } of context.queries ?? []) {
      for (const { file, range, reason } of unusable) {
        // Releases may name the same files: the first one that does tells it.
        const place = `${range.start} ${range.end} ${file}`;
        if (told.has(place)) continue;
        told.add(place);
        yield {
          file,
          range,
          message: `Nothing says whether this query of ${release} goes on working when the schema changes. ${reason}`,
          related: namedAt(context, release),
        };
      }
    }
  },
};

function namedAt(context: ProjectContext, release: string): readonly RelatedPlace[] {
  const usable = usableManifest(context);
  const index = usable?.manifest.releases.findIndex(({ version }) => version === release) ?? -1;
  if (!usable || index < 0) return [];
  return [manifestPlace(usable.document, releasePath(usable.document, index, 'queries'), `Release ${release} names its queries here.`)];
}
