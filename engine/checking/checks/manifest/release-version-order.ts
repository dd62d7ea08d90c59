import { readReleases } from '../../../inputs/releases/releases';
import type { Check } from '../check';
import { manifestPlace, releasePath, usableManifest } from '../support/manifest-places';

export const check: Check = {
  id: 'release-version-order',
  hazards: ['M1', 'M13'],
  severity: 'error',
  summary: 'Lists a release after one with a higher version, so its migrations run too late.',
  *project(context) {
    const usable = usableManifest(context);
    if (!usable) return;
    const { document, manifest } = usable;
    const { nodes } = readReleases(manifest);
    for (const [position, node] of nodes.entries()) {
      const before = nodes[position - 1];
      if (!before || node.semver.compare(before.semver) > 0) continue;
      yield {
        range: document.rangeOf(releasePath(document, node.index, 'version')),
        message: `Migrations of ${node.version} run after those of ${before.version}, which is listed first`,
        details: `Upgrades follow the order of the list, so ${node.version} to ${before.version} counts as a rollback.`,
        advice: 'List the oldest release first.',
        related: [manifestPlace(document, releasePath(document, before.index, 'version'), `Lists ${before.version} first.`)],
      };
    }
  },
};
