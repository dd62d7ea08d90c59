import { releaseGraph, type ReleaseGraph } from '../versions/graph';
import type { Check } from './check';
import { entryOf, manifestPlace, releasePath, usableManifest } from './support/manifest-places';

export const check: Check = {
  id: 'channel-without-release',
  hazards: ['M15'],
  group: 'manifest',
  severity: 'warning',
  summary: 'A channel offers no release, or one that those who follow it cannot get to.',
  *project(context) {
    const usable = usableManifest(context);
    if (!usable || usable.manifest.channels.length === 0) return;
    const { document, manifest } = usable;
    const graph = releaseGraph(manifest);
    const isSound = graph.unreachable().length === 0;
    const strandedAnyway = new Set(isSound ? graph.stranded({ overYanked: true }) : []);
    let place = 0;
    for (const channel of manifest.channels) {
      place = entryOf(document, ['channels'], place, 'channel', channel);
      const range = document.rangeOf(['channels', place++]);
      const newest = graph.newestIn(channel);
      if (!newest) {
        const offered = graph.nodes.some(({ version }) => graph.isOffered(version, channel));
        // That the most stable channel offers yanked releases only is said of those.
        if (offered && channel === manifest.channels.at(-1)) continue;
        const message = offered ? `${channel} offers nothing but yanked releases` : `no release names ${channel} or a more stable channel`;
        yield { range, message: `Who follows ${channel} is never offered an upgrade: ${message}.` };
        continue;
      }
      const [first] = isSound ? graph.stranded({ channel, overYanked: true }).filter((node) => !strandedAnyway.has(node)) : [];
      if (!first) continue;
      yield {
        range,
        message: `Who follows ${channel} and runs ${first.version} is stuck there: every way to ${newest.version}, the newest release of ${channel}, stops at releases that ${channel} does not offer. Let \`from\` of a release of ${channel} include ${first.version}.`,
        related: [
          manifestPlace(document, releasePath(document, first.index, 'version'), `${first.version} is offered in ${channel}.`),
          ...obstacle(graph, first.version, channel, newest.version).map((index) =>
            manifestPlace(
              document,
              releasePath(document, index, 'version'),
              `The way leads over this release, which ${channel} does not offer.`,
            ),
          ),
        ],
      };
    }
  },
};

/** The first release on the way that a channel does not offer. */
function obstacle(graph: ReleaseGraph, from: string, channel: string, to: string): number[] {
  const path = graph.path(from, to);
  const missing = path.ok ? path.value.releases.find((version) => !graph.isOffered(version, channel)) : undefined;
  const node = missing === undefined ? undefined : graph.find(missing);
  return node ? [node.index] : [];
}
