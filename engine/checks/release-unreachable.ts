import { releaseGraph } from '../versions/graph';
import type { Check } from './check';
import { entryOf, manifestPlace, releasePath, usableManifest } from './support/manifest-places';

export const check: Check = {
  id: 'release-unreachable',
  hazards: ['M15', 'M16'],
  group: 'manifest',
  severity: 'error',
  summary: 'No earlier release can be upgraded to this one.',
  *project(context) {
    const usable = usableManifest(context);
    if (!usable) return;
    const { document, manifest } = usable;
    for (const { release, reason, stop } of releaseGraph(manifest).unreachable()) {
      if (reason === 'nothing') continue;
      const why =
        reason === 'later'
          ? 'what it may be reached from comes after it in the list'
          : `what it may be reached from lies before the stop ${stop}, which may not be jumped over`;
      const place = entryOf(document, ['stops'], 0, 'stop', stop ?? '');
      yield {
        range: document.rangeOf(releasePath(document, release.index, 'from')),
        message: `Nobody can upgrade to ${release.version}: ${why}.`,
        related: stop === undefined ? [] : [manifestPlace(document, ['stops', place], 'The stop.')],
      };
    }
  },
};
