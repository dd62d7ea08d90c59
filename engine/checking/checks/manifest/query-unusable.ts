import type { RelatedPlace } from '../../../core/finding';
import type { Check } from '../check';
import type { ProjectContext } from '../../context/context';
import { manifestPlace, releasePath, usableManifest } from '../support/manifest-places';

export const check: Check = {
  id: 'query-unusable',
  hazards: ['M10'],
  severity: 'info',
  summary: 'Sends a query that cannot be checked against schema changes.',
  *project(context) {
    const told = new Set<string>();
    for (const { release, unusable } of context.queries ?? []) {
      for (const { file, range, reason } of unusable) {
        // Releases may name the same files: the first one that does reports it.
        const place = `${range.start} ${range.end} ${file}`;
        if (told.has(place)) continue;
        told.add(place);
        yield {
          file,
          range,
          message: `This query of ${release} cannot be checked against schema changes`,
          details: reason,
          advice: 'Send a constant statement with parameters, or list its forms in an SQL file under `queries`.',
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
  return [manifestPlace(usable.document, releasePath(usable.document, index, 'queries'), `Lists the queries of release ${release}.`)];
}
