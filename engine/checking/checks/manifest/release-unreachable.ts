import { releaseGraph } from '../../../inputs/releases/graph';
import type { Check } from '../check';
import { entryOf, manifestPlace, releasePath, usableManifest } from '../support/manifest-places';

export const check: Check = {
  id: 'release-unreachable',
  hazards: ['M15', 'M16'],
  severity: 'error',
  summary: 'Lists a release to which no earlier release can upgrade.',
  *project(context) {
    const usable = usableManifest(context);
    if (!usable) return;
    const { document, manifest } = usable;
    for (const { release, reason, stop } of releaseGraph(manifest).unreachable()) {
      if (reason === 'nothing') continue;
      const { why, advice } =
        reason === 'later'
          ? { why: 'the releases in `from` are listed after it', advice: 'Include an earlier release in `from`.' }
          : {
              why: `the releases in \`from\` lie before required stop ${stop}`,
              advice: `Include ${stop} or a later release in \`from\`, or remove the required stop.`,
            };
      const place = entryOf(document, ['stops'], 0, 'stop', stop ?? '');
      yield {
        range: document.rangeOf(releasePath(document, release.index, 'from')),
        message: `No upgrade leads to ${release.version}: ${why}`,
        advice,
        related: stop === undefined ? [] : [manifestPlace(document, ['stops', place], 'The required stop.')],
      };
    }
  },
};
