import type { Manifest } from '../manifest/schema';
import type { Channels } from './channels';
import { coveredBy, covers, type Interval, readReleases, type ReleaseNode, type UnusableRelease, without } from './releases';
import { parseRange, parseVersion } from '../../core/versions';

export type Risk = Manifest['risks'][number];

/** A risk with the ranks of the releases that it concerns. */
export interface ActiveRisk {
  readonly risk: Risk;
  readonly from: readonly Interval[];
  readonly to: readonly Interval[];
}

/**
 * Which release may be upgraded straight to which. A position is a place in `nodes`, a rank one among the sorted versions. Edges are
 * intervals of ranks and never listed one by one.
 */
export class Edges {
  readonly nodes: readonly ReleaseNode[];
  readonly unusable: readonly UnusableRelease[];
  /** Position to rank. */
  readonly ranks: readonly number[];
  /** For each release the ranks that it may be reached from. */
  readonly incoming: readonly (readonly Interval[])[];
  readonly isStop: readonly boolean[];
  /** For each release the first position that is not before a stop. */
  readonly floors: readonly number[];
  /** For each release why it was yanked. */
  readonly yanked: readonly (string | undefined)[];
  readonly risks: readonly ActiveRisk[];
  readonly #positions = new Map<string, number>();
  /** Rank to position. */
  readonly #order: readonly number[];
  #risksTo: readonly (readonly ActiveRisk[])[] | undefined;

  constructor(manifest: Manifest) {
    const { nodes, unusable, order, sorted } = readReleases(manifest);
    this.nodes = nodes;
    this.unusable = unusable;
    for (const [position, node] of nodes.entries()) {
      this.#positions.set(node.semver.version, position);
      if (!this.#positions.has(node.version)) this.#positions.set(node.version, position);
    }
    this.#order = order;
    const ranks: number[] = [];
    for (const [rank, position] of order.entries()) ranks[position] = rank;
    this.ranks = ranks;

    this.incoming = nodes.map((node, position) => {
      const text = manifest.releases[node.index]?.from;
      if (text === undefined) return position === 0 ? [] : [{ low: ranks[position - 1]!, high: ranks[position - 1]! }];
      const range = parseRange(text);
      return range ? coveredBy(range, sorted) : [];
    });

    const stops = new Set(manifest.stops.map((stop) => this.position(stop)));
    this.isStop = nodes.map((_, position) => stops.has(position));
    let floor = 0;
    this.floors = this.isStop.map((isStop, position) => {
      const before = floor;
      if (isStop) floor = position;
      return before;
    });

    this.yanked = nodes.map(({ index }) => manifest.releases[index]?.yanked);

    const everything: Interval[] = nodes.length === 0 ? [] : [{ low: 0, high: nodes.length - 1 }];
    this.risks = manifest.risks.map((risk) => {
      const from = parseRange(risk.from);
      const to = parseRange(risk.to);
      const fixed = risk.fixedIn === undefined ? undefined : parseVersion(risk.fixedIn);
      const fixedRange = fixed && parseRange(`>=${fixed.version}`);
      const harmless = fixedRange ? coveredBy(fixedRange, sorted) : [];
      return {
        risk,
        from: from ? coveredBy(from, sorted) : everything,
        to: without(to ? coveredBy(to, sorted) : everything, harmless),
      };
    });
  }

  /** By its text or by equal version. */
  position(version: string): number | undefined {
    return this.#positions.get(version) ?? this.#positions.get(parseVersion(version)?.version ?? version);
  }

  versionAt(position: number): string {
    return this.nodes[position]!.version;
  }

  /** The versions of a run of positions, both ends included. */
  versions(first: number, last: number): string[] {
    return this.nodes.slice(first, last + 1).map((node) => node.version);
  }

  /** Whether there is an edge, with risks or without. */
  mayPrecede(a: number, b: number): boolean {
    return a < b && a >= this.floors[b]! && covers(this.incoming[b]!, this.ranks[a]!);
  }

  risksAt(a: number, b: number): Risk[] {
    const applies = ({ from, to }: ActiveRisk): boolean => covers(to, this.ranks[b]!) && covers(from, this.ranks[a]!);
    return this.risks.filter(applies).map(({ risk }) => risk);
  }

  /** The risks of upgrading to a release; worked out for all of them when the first is asked for. */
  risksTo(position: number): readonly ActiveRisk[] {
    this.#risksTo ??= this.#risksByRank();
    return this.#risksTo[this.ranks[position]!]!;
  }

  /** The positions that a release may be reached from directly, ascending. */
  sourcesAt(position: number): number[] {
    const floor = this.floors[position] ?? 0;
    const found: number[] = [];
    for (const { low, high } of this.incoming[position] ?? []) {
      for (let rank = low; rank <= high; rank++) {
        const source = this.#order[rank]!;
        if (source >= floor && source < position) found.push(source);
      }
    }
    return found.sort((a, b) => a - b);
  }

  #risksByRank(): readonly (readonly ActiveRisk[])[] {
    const byRank: ActiveRisk[][] = this.nodes.map(() => []);
    for (const risk of this.risks) {
      for (const { low, high } of risk.to) for (let rank = low; rank <= high; rank++) byRank[rank]!.push(risk);
    }
    return byRank;
  }
}

/** The last release that a channel offers, or that there is without one, and that was not yanked. */
export function newestOffered({ nodes, yanked }: Edges, channels: Channels, channel: string | undefined): ReleaseNode | undefined {
  return nodes.findLast((_, position) => yanked[position] === undefined && channels.offers(channel, position));
}
