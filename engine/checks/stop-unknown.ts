import { suggest } from '../manifest/suggest';
import { releaseGraph } from '../versions/graph';
import type { Check } from './check';
import { entryOf, replaceInManifest, usableManifest } from './support/manifest-places';

export const check: Check = {
  id: 'stop-unknown',
  hazards: ['M16'],
  group: 'manifest',
  severity: 'error',
  summary: 'A stop names no release, so upgrades jump over what must not be jumped over.',
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
      const near = suggest(
        stop,
        graph.nodes.map((node) => node.version),
      );
      yield {
        range,
        message: `This stop stops nobody: ${stop} is not a release of the manifest.${near === undefined ? '' : ` Did you mean ${near}?`}`,
        fixes: near === undefined ? [] : [replaceInManifest(document, range, near)],
      };
    }
  },
};
