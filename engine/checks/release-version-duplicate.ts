import { parseVersion, readReleases } from '../versions/releases';
import type { Check } from './check';
import { manifestPlace, releasePath, usableManifest } from './support/manifest-places';

export const check: Check = {
  id: 'release-version-duplicate',
  hazards: ['M1'],
  group: 'manifest',
  severity: 'error',
  summary: 'Two releases have the same version, so a target cannot say which of them it is at.',
  *project(context) {
    const usable = usableManifest(context);
    if (!usable) return;
    const { document, manifest } = usable;
    const { nodes, unusable } = readReleases(manifest);
    const firsts = new Map(nodes.map((node) => [node.semver.version, node.index]));
    for (const { version, index, reason } of unusable) {
      const first = firsts.get(parseVersion(version)?.version ?? '');
      if (reason !== 'duplicate' || first === undefined) continue;
      yield {
        range: document.rangeOf(releasePath(document, index, 'version')),
        message: `A target at ${version} could be at either of two releases, and the migrations of this one are never planned: there is a release ${version} above.`,
        related: [manifestPlace(document, releasePath(document, first, 'version'), 'The release that is used.')],
      };
    }
  },
};
