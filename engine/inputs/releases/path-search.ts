import type { ActiveRisk, Edges, Risk } from './edges';
import { MinimumByRank } from './rank-trees';
import { without } from './releases';

/** The positions of a way over stops that may be taken, or undefined when there is none. Fewest stops, then the newest ones. */
export function search(
  edges: Edges,
  start: number,
  goal: number,
  isAccepted: (risk: Risk) => boolean,
  mayTake: (position: number) => boolean,
): number[] | undefined {
  const refused = new Set(edges.risks.filter(({ risk }) => !isAccepted(risk)));
  const predecessors = explore(edges, start, goal, refused, mayTake);
  if (predecessors[goal] === undefined) return undefined;
  const way: number[] = [];
  for (let at = goal; at !== start; at = predecessors[at]!) way.push(at);
  return way.reverse();
}

/**
 * For each position that can be reached from the start the one before it on the best way: fewest stops, then the newest ones.
 * @param refused risks that must not be taken
 */
export function explore(
  edges: Edges,
  start: number,
  goal: number,
  refused: ReadonlySet<ActiveRisk>,
  mayTake: (position: number) => boolean,
): (number | undefined)[] {
  const count = edges.nodes.length;
  const tree = new MinimumByRank(count);
  const predecessors: (number | undefined)[] = [];
  let removedBelow = start;
  const reach = (position: number, distance: number): void => tree.set(edges.ranks[position]!, distance * (count + 1) + (count - position));
  reach(start, 0);
  for (let position = start + 1; position <= goal; position++) {
    for (; removedBelow < edges.floors[position]!; removedBelow++) tree.set(edges.ranks[removedBelow]!, Infinity);
    if (!mayTake(position)) continue;
    const risks = edges.risksTo(position);
    const holes = risks.length === 0 || refused.size === 0 ? [] : risks.filter((risk) => refused.has(risk)).flatMap(({ from }) => from);
    const best = tree.minimum(without(edges.incoming[position]!, holes));
    if (best === Infinity) continue;
    predecessors[position] = count - (best % (count + 1));
    reach(position, Math.floor(best / (count + 1)) + 1);
  }
  return predecessors;
}
