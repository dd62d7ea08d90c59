import { suggestRelease } from '../../../inputs/manifest/suggest';
import { releaseGraph } from '../../../inputs/releases/graph';
import type { Check } from '../check';
import { entryOf, replaceInManifest, usableManifest } from '../support/manifest-places';

export const check: Check = {
  id: 'stop-unknown',
  hazards: ['M16'],
  severity: 'error',
  summary: 'Lists a required stop that is not a release, so upgrades skip it.',
  *project(context) {
    const usable = usableManifest(context);
    if (!usable) return;
    const { document, manifest } = usable;
    const graph = releaseGraph(manifest);
    let place = 0;
    for (const stop of manifest.stops) {
      place = entryOf(document, ['stops'], place, 'stop', stop);
      const range = document.rangeOf(['stops', place++]);
      if (graph.find(stop)) continue;
      const near = suggestRelease(
        stop,
        graph.nodes.map((node) => node.version),
      );
      yield {
        range,
        message: `Upgrades do not stop here: ${stop} is not a release of the manifest`,
        advice: near === undefined ? 'Use the version of a listed release.' : `Did you mean ${near}?`,
        fixes: near === undefined ? [] : [replaceInManifest(document, range, near)],
      };
    }
  },
};
