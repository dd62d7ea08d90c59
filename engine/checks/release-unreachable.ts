import { releaseGraph } from '../versions/graph';
import type { Check } from './check';
import { entryOf, manifestPlace, releasePath, usableManifest } from './support/manifest-places';

export const check: Check = {
  id: 'release-unreachable',
  hazards: ['M15', 'M16'],
  group: 'manifest',
  severity: 'error',
  summary: 'Lists a release to which no earlier release can upgrade.',
  *project(context) {
    const usable = usableManifest(context);
    if (!usable) return;
    const { document, manifest } = usable;
    for (const { release, reason, stop } of releaseGraph(manifest).unreachable()) {
      if (reason === 'nothing') continue;
      const why = reason === 'later' ? 'the releases in `from` come after it' : `the releases in \`from\` lie before required stop ${stop}`;
      const place = entryOf(document, ['stops'], 0, 'stop', stop ?? '');
      yield {
        range: document.rangeOf(releasePath(document, release.index, 'from')),
        message: `No upgrade leads to ${release.version}: ${why}`,
        advice: 'Extend `from` to an earlier release after the last required stop.',
        related: stop === undefined ? [] : [manifestPlace(document, ['stops', place], 'The required stop.')],
      };
    }
  },
};
