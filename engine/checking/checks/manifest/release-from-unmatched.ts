import { coveredBy, readReleases } from '../../../inputs/releases/releases';
import { parseRange } from '../../../core/versions';
import type { Check } from '../check';
import { releasePath, usableManifest } from '../support/manifest-places';
import { firstFitting } from '../support/headline';

export const check: Check = {
  id: 'release-from-unmatched',
  hazards: ['M15'],
  severity: 'error',
  summary: 'Gives a release a `from` that is not a range or matches no release, so no upgrade leads to it.',
  *project(context) {
    const usable = usableManifest(context);
    if (!usable) return;
    const { document, manifest } = usable;
    const { nodes, sorted } = readReleases(manifest);
    const own = new Map(nodes.map((node) => [node.index, node.semver]));
    for (const [index, { version, from }] of manifest.releases.entries()) {
      if (from === undefined) continue;
      const range = document.rangeOf(releasePath(document, index, 'from'));
      const parsed = parseRange(from);
      if (!parsed) {
        yield {
          range,
          message: firstFitting([
            `No upgrade leads to ${version}: "${from}" is not a version range`,
            `No upgrade leads to ${version}: \`from\` is not a version range`,
          ]),
          advice: 'Write a range such as ">=1.0.0 <2.0.0" or "^1.4.0".',
        };
        continue;
      }
      // The first release may come from systems that are older than the manifest.
      if (index === 0) continue;
      const covered = coveredBy(parsed, sorted);
      const [first] = covered;
      const isOnlyItself = covered.length === 1 && first?.low === first?.high && sorted[first?.low ?? -1] === own.get(index);
      if (covered.length === 0 || isOnlyItself) {
        yield {
          range,
          message: firstFitting([
            `No upgrade leads to ${version}: no release matches "${from}"`,
            `No upgrade leads to ${version}: no release matches \`from\``,
          ]),
          advice: 'Correct the range, or remove `from` to upgrade from the previous release.',
        };
      }
    }
  },
};
