import { releaseGraph, type ReleaseGraph } from '../../../inputs/releases/graph';
import type { Check } from '../check';
import { entryOf, manifestPlace, releasePath, usableManifest } from '../support/manifest-places';

export const check: Check = {
  id: 'channel-without-release',
  hazards: ['M15'],
  severity: 'warning',
  summary: 'Lists a channel that offers no release, or whose newest release some of its installations cannot reach.',
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
        yield {
          range,
          message: offered ? `The channel ${channel} offers only yanked releases` : `The channel ${channel} offers no release`,
          details: offered ? undefined : `No release names ${channel} or a more stable channel.`,
          advice: `Offer a release in ${channel}, or remove the channel.`,
        };
        continue;
      }
      const [first] = isSound ? graph.stranded({ channel, overYanked: true }).filter((node) => !strandedAnyway.has(node)) : [];
      if (!first) continue;
      yield {
        range,
        message: `Installations on ${first.version} in the channel ${channel} cannot reach ${newest.version}`,
        details: `Every upgrade path to ${newest.version} includes a release that ${channel} does not offer.`,
        advice: `Include ${first.version} in the \`from\` of a release in ${channel}.`,
        related: [
          manifestPlace(document, releasePath(document, first.index, 'version'), `${first.version} is offered in ${channel}.`),
          ...obstacle(graph, first.version, channel, newest.version).map((index) =>
            manifestPlace(document, releasePath(document, index, 'version'), `${channel} does not offer this release.`),
          ),
        ],
      };
    }
  },
};

/** The first release on the upgrade path that a channel does not offer. */
function obstacle(graph: ReleaseGraph, from: string, channel: string, to: string): number[] {
  const path = graph.path(from, to);
  const missing = path.ok ? path.value.releases.find((version) => !graph.isOffered(version, channel)) : undefined;
  const node = missing === undefined ? undefined : graph.find(missing);
  return node ? [node.index] : [];
}
