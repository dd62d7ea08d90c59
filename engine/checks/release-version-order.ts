import { readReleases } from '../versions/releases';
import type { Check } from './check';
import { manifestPlace, releasePath, usableManifest } from './support/manifest-places';

export const check: Check = {
  id: 'release-version-order',
  hazards: ['M1', 'M13'],
  group: 'manifest',
  severity: 'error',
  summary: 'A release stands after one with a higher version, so its migrations run too late.',
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
        message: `Upgrades follow the list, so the migrations of ${node.version} run after those of ${before.version}, and going from ${node.version} to ${before.version} counts as a rollback. List the oldest release first.`,
        related: [manifestPlace(document, releasePath(document, before.index, 'version'), `${before.version} comes first.`)],
      };
    }
  },
};
