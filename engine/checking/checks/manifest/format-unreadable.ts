import { listed } from '../../../core/wording';
import { releaseGraph, type ReleaseGraph } from '../../../inputs/releases/graph';
import { isRead } from '../../../inputs/releases/downgrade';
import type { Release } from '../../../inputs/manifest/schema';
import type { Check, FindingDraft } from '../check';
import { manifestPlace, releasePath, statedValue, usableManifest, type UsableManifest } from '../support/manifest-places';

export const check: Check = {
  id: 'format-unreadable',
  hazards: ['M25'],
  severity: 'error',
  summary: 'Writes stored data in a format version that another release in use does not read.',
  *project(context) {
    const usable = usableManifest(context);
    if (!usable) return;
    const graph = releaseGraph(usable.manifest);
    const names = new Set(usable.manifest.releases.flatMap(({ formats }) => Object.keys(formats)));
    for (const name of names) yield* judge(usable, graph, name);
  },
};

type Format = Release['formats'][string];

function* judge(usable: UsableManifest, graph: ReleaseGraph, name: string): Iterable<FindingDraft> {
  const { document, manifest } = usable;
  const { nodes } = graph;
  const formatAt = (position: number): Format | undefined => manifest.releases[nodes[position]?.index ?? -1]?.formats[name];
  const path = (position: number, key: string) => releasePath(document, nodes[position]?.index ?? 0, 'formats', name, key);
  const versionAt = (position: number): string => nodes[position]?.version ?? '';
  /** The versions that releases before write. */
  const written = new Set<number>();
  for (const position of nodes.keys()) {
    const format = formatAt(position);
    if (!format) continue;
    const release = versionAt(position);
    const { writes } = format;
    if (!isRead(format, writes)) {
      yield {
        range: document.rangeOf(path(position, 'reads')),
        message: `${release} writes version ${writes} of ${name}, but does not read it`,
        advice: `Add ${writes} to \`reads\`.`,
        related: [manifestPlace(document, path(position, 'writes'), `Version ${writes} is written here.`)],
      };
    }
    const beside = besideUnread(formatAt, writes, position, manifest.window);
    if (beside !== undefined) {
      yield {
        range: document.rangeOf(path(position, 'writes')),
        message: `${versionAt(beside)} fails on data of ${release}: it does not read version ${writes} of ${name}`,
        details: `Both may run at the same time. ${versionAt(beside)} reads ${versionsRead(formatAt(beside))}.`,
        advice: `Let ${release} read version ${writes} and write the old version. Write version ${writes} ${manifest.window === 1 ? 'one release' : `${manifest.window} releases`} later.`,
        related: [manifestPlace(document, path(beside, 'writes'), `${versionAt(beside)} does not read it.`)],
      };
    }
    const unread = new Set([...written].filter((each) => !isRead(format, each)));
    const sources = unread.size === 0 ? [] : sourcesWithWindow(graph, position, manifest.window);
    for (const writer of sources) {
      const version = formatAt(writer)?.writes;
      if (version === undefined || !unread.delete(version)) continue;
      const readsPath = path(position, 'reads');
      const runsBeside = position - writer <= manifest.window;
      yield {
        range: statedValue(document, readsPath) ?? document.rangeOf(path(position, 'writes')),
        message: `${release} fails on data of ${versionAt(writer)}: it does not read version ${version} of ${name}`,
        details: `${runsBeside ? 'Both may run at the same time' : `Installations can upgrade from ${versionAt(writer)} directly`}. ${release} reads ${versionsRead(format)}.`,
        advice: runsBeside
          ? `Keep version ${version} in \`reads\`.`
          : `Keep version ${version} in \`reads\`, or add a required stop at a release that rewrites the data.`,
        related: [manifestPlace(document, path(writer, 'writes'), `Version ${version} is written here.`)],
      };
    }
    written.add(writes);
  }
}

/** The newest earlier release of the window that does not read a version that a release writes. */
function besideUnread(
  formatAt: (position: number) => Format | undefined,
  written: number,
  position: number,
  window: number,
): number | undefined {
  for (let other = position - 1; other >= Math.max(0, position - window); other--) {
    const format = formatAt(other);
    if (format && !isRead(format, written)) return other;
  }
  return undefined;
}

/** The earlier releases that run at the same time as a release, right before it, or that upgrade to it directly, newest first. */
function sourcesWithWindow(graph: ReleaseGraph, position: number, window: number): readonly number[] {
  const beside = Array.from({ length: Math.min(position, Math.max(1, window)) }, (_, index) => position - 1 - index);
  return [...new Set([...beside, ...graph.sourcesAt(position)])].sort((a, b) => b - a);
}

/** `only version 1`, `only versions 1 and 2`, `no version`. */
function versionsRead(format: Format | undefined): string {
  const versions = format ? (format.reads ?? [format.writes]) : [];
  return versions.length === 0 ? 'no version' : `only ${versions.length === 1 ? 'version' : 'versions'} ${listed(versions.map(String))}`;
}
