import { parseVersion } from '../../../core/versions';
import { readReleases } from '../../../inputs/releases/releases';
import type { Check } from '../check';
import { manifestPlace, releasePath, usableManifest } from '../support/manifest-places';

export const check: Check = {
  id: 'release-version-duplicate',
  hazards: ['M1'],
  severity: 'error',
  summary: 'Lists two releases with the same version, so the migrations of the second one never run.',
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
        message: `Migrations of this release never run: ${version} is already listed above`,
        advice: 'Give this release another version, or move its migrations to the first one.',
        related: [manifestPlace(document, releasePath(document, first, 'version'), 'The release that is used.')],
      };
    }
  },
};
