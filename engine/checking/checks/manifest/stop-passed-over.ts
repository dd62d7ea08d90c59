import { releaseGraph } from '../../../inputs/releases/graph';
import type { Check } from '../check';
import { entryOf, manifestPlace, releasePath, replaceInManifest, textAt, usableManifest } from '../support/manifest-places';

export const check: Check = {
  id: 'stop-passed-over',
  hazards: ['M16'],
  severity: 'info',
  summary: 'Accepts upgrades in `from` that skip a required stop.',
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
        message: `${release.version} accepts direct upgrades from ${oldest.version}, but ${stop.version} is a required stop`,
        details: `"${written}" includes releases before the stop; their upgrades pause at ${stop.version} first.`,
        advice: 'Start the range at the required stop.',
        related: [manifestPlace(document, ['stops', place], 'The required stop.')],
        fixes: coversRest && inOrder ? [replaceInManifest(document, range, `${quote}>=${stop.version} <${release.version}${quote}`)] : [],
      };
    }
  },
};
