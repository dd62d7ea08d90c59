import type { Edges } from './edges';
import { CoverCount, MinimumByRank } from './rank-trees';
import { type ReleaseNode, without } from './releases';

export interface UnreachableRelease {
  readonly release: ReleaseNode;
  /** `stop`: what it may come from lies before a stop. `later`: comes after it in the list. `nothing`: no release, or no range. */
  readonly reason: 'nothing' | 'later' | 'stop';
  /** The stop that is in the way. */
  readonly stop?: string;
}

/** A release whose `from` covers a release that no way leads from, because a stop lies between. */
export interface PassedStop {
  readonly release: ReleaseNode;
  readonly stop: ReleaseNode;
  /** The oldest release that `from` covers. */
  readonly oldest: ReleaseNode;
  /** True when `from` covers every release from the stop on, so that a range from the stop on means the same. */
  readonly coversRest: boolean;
}

/** Releases, not yanked, that no earlier release can be upgraded to. */
export function unreachable(edges: Edges): UnreachableRelease[] {
  const tree = new MinimumByRank(edges.nodes.length);
  const everything = new MinimumByRank(edges.nodes.length);
  for (const position of edges.nodes.keys()) everything.set(edges.ranks[position]!, position);
  const found: UnreachableRelease[] = [];
  for (const [position, release] of edges.nodes.entries()) {
    if (position > 0 && edges.yanked[position] === undefined) {
      const newestSource = -tree.minimum(edges.incoming[position]!);
      const floor = edges.floors[position]!;
      if (newestSource < floor || newestSource === -Infinity) {
        const ranges = without(edges.incoming[position]!, [{ low: edges.ranks[position]!, high: edges.ranks[position]! }]);
        if (newestSource >= 0) found.push({ release, reason: 'stop', stop: edges.nodes[floor]!.version });
        else found.push({ release, reason: everything.minimum(ranges) === Infinity ? 'nothing' : 'later' });
      }
    }
    // The minimum of negated positions is the newest source so far.
    tree.set(edges.ranks[position]!, -position);
  }
  return found;
}

/**
 * Releases from which there is no way to the last position, even when all risks are accepted; -1 has none.
 * @param isOffered whether a position counts
 * @param overYanked true: yanked releases may be stops on the way
 */
export function stranded(edges: Edges, last: number, isOffered: (position: number) => boolean, overYanked: boolean): ReleaseNode[] {
  const goals = new CoverCount(edges.nodes.length);
  let open: number[] = [];
  const found: ReleaseNode[] = [];
  for (let position = last; position >= 0; position--) {
    const reachesNewest = position === last || goals.at(edges.ranks[position]!) > 0;
    if (!reachesNewest && isOffered(position)) found.push(edges.nodes[position]!);
    if (edges.isStop[position]) {
      // Nothing before a stop goes straight to what is after it.
      for (const goal of open) goals.add(edges.incoming[goal]!, -1);
      open = [];
    }
    const mayBeTaken = position === last || (isOffered(position) && (overYanked || edges.yanked[position] === undefined));
    if (reachesNewest && mayBeTaken) {
      goals.add(edges.incoming[position]!, 1);
      open.push(position);
    }
  }
  return found.reverse();
}

/** Releases that can be reached, whose `from` covers releases before a stop as well. */
export function passedStops(edges: Edges): PassedStop[] {
  const oldest = new MinimumByRank(edges.nodes.length);
  for (const position of edges.nodes.keys()) oldest.set(edges.ranks[position]!, position);
  const found: PassedStop[] = [];
  for (const [position, release] of edges.nodes.entries()) {
    const floor = edges.floors[position]!;
    const first = oldest.minimum(edges.incoming[position]!);
    if (!edges.isStop[floor] || first >= floor) continue;
    const sources = edges.sourcesAt(position).length;
    if (sources === 0) continue;
    found.push({ release, stop: edges.nodes[floor]!, oldest: edges.nodes[first]!, coversRest: sources === position - floor });
  }
  return found;
}
