import { releaseGraph } from '../versions/graph';
import type { Check } from './check';
import { entryOf, manifestPlace, releasePath, replaceInManifest, textAt, usableManifest } from './support/manifest-places';

export const check: Check = {
  id: 'stop-passed-over',
  hazards: ['M16'],
  group: 'manifest',
  severity: 'info',
  summary: 'A release promises to take releases that have to halt at a stop before it.',
  *project(context) {
    const usable = usableManifest(context);
    if (!usable || usable.manifest.stops.length === 0) return;
    const { document, manifest } = usable;
    const graph = releaseGraph(manifest);
    for (const { release, stop, oldest, coversRest } of graph.passedStops()) {
      const range = document.rangeOf(releasePath(document, release.index, 'from'));
      const written = manifest.releases[release.index]?.from ?? '';
      const inOrder = stop.semver.compare(release.semver) < 0;
      const place = entryOf(document, ['stops'], 0, 'stop', stop.version);
      const quote = /^["']/.exec(textAt(document, range))?.[0] ?? '"';
      yield {
        range,
        message: `Who runs ${oldest.version} reads that it can go to ${release.version} at once ("${written}"), but has to halt at ${stop.version} first, a stop that may not be jumped over.`,
        related: [manifestPlace(document, ['stops', place], 'The stop.')],
        fixes: coversRest && inOrder ? [replaceInManifest(document, range, `${quote}>=${stop.version} <${release.version}${quote}`)] : [],
      };
    }
  },
};
