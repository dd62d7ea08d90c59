import { releaseGraph } from '../../../inputs/releases/graph';
import type { Check } from '../check';
import { releasePath, usableManifest } from '../support/manifest-places';

export const check: Check = {
  id: 'release-stranded',
  hazards: ['M15'],
  severity: 'warning',
  summary: 'Leaves installations of a release without an upgrade path to the newest one.',
  *project(context) {
    const usable = usableManifest(context);
    if (!usable) return;
    const graph = releaseGraph(usable.manifest);
    // A release that cannot be reached strands everything before it, which is that release's finding.
    if (!graph.newest || graph.unreachable().length > 0) return;
    for (const { version, index } of graph.stranded({ overYanked: true })) {
      yield {
        range: usable.document.rangeOf(releasePath(usable.document, index, 'version')),
        message: `Installations on ${version} cannot reach ${graph.newest.version}: there is no upgrade path`,
        advice: `Include ${version} in the \`from\` of a later release.`,
      };
    }
  },
};
