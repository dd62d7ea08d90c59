import { releaseGraph, type ReleaseGraph } from '../../../inputs/releases/graph';
import type { ReleaseNode } from '../../../inputs/releases/releases';
import type { Check } from '../check';
import { manifestPlace, releasePath, usableManifest } from '../support/manifest-places';

export const check: Check = {
  id: 'yanked-release-offered',
  hazards: ['M18'],
  severity: 'warning',
  summary: 'Yanks a release that upgrades still depend on.',
  *project(context) {
    const usable = usableManifest(context);
    if (!usable) return;
    const { document, manifest } = usable;
    const graph = releaseGraph(manifest);
    const yanked = graph.nodes.filter(({ index }) => manifest.releases[index]?.yanked !== undefined);
    if (yanked.length === 0) return;
    const stops = new Set(manifest.stops.map((stop) => graph.find(stop)));
    const blocked = blockedByYanked(graph);
    const newest = graph.newest?.index ?? -1;
    const channel = manifest.channels.at(-1);
    const onlyOffered =
      channel === undefined || graph.newestIn(channel) ? undefined : yanked.findLast(({ version }) => graph.isOffered(version, channel));
    for (const node of yanked) {
      const { version, index } = node;
      const path = releasePath(document, index, 'yanked');
      const from = blocked.find((other) => other.index < index && graph.edge(other.version, version).kind !== 'none');
      const why =
        index >= newest
          ? {
              message: `Installations on ${version} have no upgrade path: the newest release is yanked`,
              advice: 'List a later release that replaces it.',
            }
          : stops.has(node) && node !== graph.nodes[0]
            ? {
                message: `No upgrade passes ${version}: it is a required stop, but yanked`,
                advice: 'Make another release the required stop.',
              }
            : from
              ? {
                  message: `Installations on ${from.version} cannot upgrade: the only path leads through yanked ${version}`,
                  advice: `Include ${from.version} in the \`from\` of a later release.`,
                }
              : node === onlyOffered
                ? {
                    message: `Channel ${channel ?? ''} offers no release: its only release ${version} is yanked`,
                    advice: 'Offer another release in the channel.',
                  }
                : undefined;
      if (why === undefined) continue;
      yield {
        range: document.rangeOf(path),
        ...why,
        related:
          from && index < newest && !stops.has(node)
            ? [manifestPlace(document, releasePath(document, from.index, 'version'), `${from.version} cannot upgrade.`)]
            : [],
      };
    }
  },
};

/** Releases without a path to the newest one only because a release is yanked. */
function blockedByYanked(graph: ReleaseGraph): readonly ReleaseNode[] {
  const anyway = new Set(graph.stranded({ overYanked: true }));
  return graph.stranded().filter((node) => !anyway.has(node));
}
