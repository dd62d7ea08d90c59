import { releaseGraph, type ReleaseGraph } from '../versions/graph';
import type { ReleaseNode } from '../versions/releases';
import type { Check } from './check';
import { manifestPlace, releasePath, usableManifest } from './support/manifest-places';

export const check: Check = {
  id: 'yanked-release-offered',
  hazards: ['M18'],
  group: 'manifest',
  severity: 'warning',
  summary: 'A release that was yanked is still what targets are led to.',
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
          ? `Whoever is at ${version} has nowhere to go: it is the newest release, and it was yanked. List a release after it that takes its place.`
          : stops.has(node) && node !== graph.nodes[0]
            ? `Nobody gets past ${version}: it is a stop that may not be jumped over, and no way may halt there since it was yanked. Make another release the stop.`
            : from
              ? `Whoever runs ${from.version} is stuck: the only way on leads over ${version}, which was yanked. Let \`from\` of a later release include ${from.version}.`
              : node === onlyOffered
                ? `Who follows ${channel ?? ''} is offered nothing: ${version} was yanked, and that channel has no other release.`
                : undefined;
      if (why === undefined) continue;
      yield {
        range: document.rangeOf(path),
        message: why,
        related:
          from && index < newest && !stops.has(node)
            ? [manifestPlace(document, releasePath(document, from.index, 'version'), `${from.version} cannot leave.`)]
            : [],
      };
    }
  },
};

/** Releases that cannot get to the newest one only because of what was yanked. */
function blockedByYanked(graph: ReleaseGraph): readonly ReleaseNode[] {
  const anyway = new Set(graph.stranded({ overYanked: true }));
  return graph.stranded().filter((node) => !anyway.has(node));
}
