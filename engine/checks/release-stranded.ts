import { releaseGraph } from '../versions/graph';
import type { Check } from './check';
import { releasePath, usableManifest } from './support/manifest-places';

export const check: Check = {
  id: 'release-stranded',
  hazards: ['M15'],
  group: 'manifest',
  severity: 'warning',
  summary: 'A system at this release can never be upgraded to the newest one.',
  *project(context) {
    const usable = usableManifest(context);
    if (!usable) return;
    const graph = releaseGraph(usable.manifest);
    // A release that cannot be reached strands everything before it, which is that release's finding.
    if (!graph.newest || graph.unreachable().length > 0) return;
    for (const { version, index } of graph.stranded({ overYanked: true })) {
      yield {
        range: usable.document.rangeOf(releasePath(usable.document, index, 'version')),
        message: `Whoever runs ${version} is stuck: no way leads from it to ${graph.newest.version}. Let the \`from\` of a later release include ${version}.`,
      };
    }
  },
};
