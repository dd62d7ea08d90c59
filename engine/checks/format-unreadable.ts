import { releaseGraph, type ReleaseGraph } from '../versions/graph';
import { isRead } from '../versions/downgrade';
import type { Release } from '../manifest/schema';
import type { Check, FindingDraft } from './check';
import { manifestPlace, releasePath, statedValue, usableManifest, type UsableManifest } from './support/manifest-places';

export const check: Check = {
  id: 'format-unreadable',
  hazards: ['M25'],
  group: 'manifest',
  severity: 'error',
  summary: 'Stored data is written in a version that a release beside or after it does not read.',
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
    const { writes, reads } = format;
    if (!isRead(format, writes)) {
      yield {
        range: document.rangeOf(path(position, 'reads')),
        message: `${release} cannot read what it writes itself: it writes version ${writes} of ${name} and reads ${listed(reads ?? [])}.`,
        related: [manifestPlace(document, path(position, 'writes'), `Version ${writes} is written here.`)],
      };
    }
    const beside = besideUnread(formatAt, writes, position, manifest.window);
    if (beside !== undefined) {
      yield {
        range: document.rangeOf(path(position, 'writes')),
        message: `While ${versionAt(beside)} still runs beside ${release}, it fails on version ${writes} of ${name}: it reads only ${listed(readBy(formatAt(beside)))}. Let ${release} read version ${writes} and write the old one, and write the new one ${manifest.window === 1 ? 'a release' : `${manifest.window} releases`} later.`,
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
        message: `${release} cannot read data that is there: ${versionAt(writer)}, ${runsBeside ? 'which runs beside it or before it' : 'from which one may come directly'}, writes version ${version} of ${name}, and ${release} reads only ${listed(readBy(format))}.`,
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

/** The earlier releases that run beside a release, right before it, or that one may come from directly, newest first. */
function sourcesWithWindow(graph: ReleaseGraph, position: number, window: number): readonly number[] {
  const beside = Array.from({ length: Math.min(position, Math.max(1, window)) }, (_, index) => position - 1 - index);
  return [...new Set([...beside, ...graph.sourcesAt(position)])].sort((a, b) => b - a);
}

function readBy(format: Format | undefined): readonly number[] {
  return format ? (format.reads ?? [format.writes]) : [];
}

function listed(versions: readonly number[]): string {
  return versions.length === 0 ? 'none' : versions.join(', ');
}
