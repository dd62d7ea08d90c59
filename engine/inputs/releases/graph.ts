import type { Outcome } from '../../core/problem';
import type { VersionRange } from '../../core/versions';
import type { Manifest } from '../manifest/schema';
import { Channels } from './channels';
import { Downgrades, type DowngradeFloor, type DowngradeObstacle, type DowngradeOptions } from './downgrade';
import { Edges, newestOffered, type Risk } from './edges';
import { type PassedStop, passedStops, stranded, unreachable, type UnreachableRelease } from './reachability';
import { coveredBy, readReleases, type ReleaseNode, type UnusableRelease } from './releases';
import { type PathOptions, type ReleasePath, UpgradePaths } from './upgrade-paths';
import { remembered } from '../../core/remember';

/** Whether one may upgrade from one release straight to another. `blocked`: only when all that is against it is accepted by name. */
export interface Edge {
  readonly kind: 'none' | 'open' | 'blocked';
  readonly risks: readonly Risk[];
  /** Why the release at its end must not be taken any more; undefined for one that was not yanked. */
  readonly yanked?: string;
}

interface StrandedOptions {
  /** Only releases of this channel count, and its newest one is the goal. */
  readonly channel?: string;
  /** True: yanked releases may be stops on the way. */
  readonly overYanked?: boolean;
}

/**
 * Builds the graph of a manifest's releases.
 *
 * The list's order is the order of upgrades; versions only decide what ranges cover. An edge a -> b means: one may go from a
 * straight to b, and the runner executes the migrations of every release after a up to b, in the list's order. Skipping
 * a release therefore skips its health checks and its application, never its migrations.
 * - `from` of b names the releases that b may be reached from; without it, the release before b in the list.
 * - An edge never passes over a stop: a way over a stop has an edge that ends there.
 * - A risk blocks the edges from its `from` to its `to`, unless b is `fixedIn` or later, or the risk is accepted by name. A range
 *   that cannot be read may be any: such a risk blocks from, or to, every release.
 * - No way ends or stops at a yanked release unless that is accepted by its version; a target at one may leave it.
 * - In a channel, ways end and stop only at releases that the channel offers.
 * - Where nothing is installed, any release can be installed at once: its migrations and those of all releases before it run.
 *
 * Building takes n log n, a path (n + ranges) log n; edges are intervals of the sorted versions and never listed one by one.
 */
export const releaseGraph = remembered((manifest: Manifest) => new ReleaseGraph(manifest));

/** The releases of a manifest and the ways between them. See `releaseGraph` for the rules. */
export class ReleaseGraph {
  readonly nodes: readonly ReleaseNode[];
  /** Releases without a comparable version of their own; no way leads over them. */
  readonly unusable: readonly UnusableRelease[];
  readonly #edges: Edges;
  readonly #channels: Channels;
  readonly #paths: UpgradePaths;
  readonly #downgrades: Downgrades;

  constructor(private readonly manifest: Manifest) {
    this.#edges = new Edges(manifest);
    const { nodes, unusable } = this.#edges;
    this.nodes = nodes;
    this.unusable = unusable;
    this.#channels = new Channels(manifest, nodes);
    this.#paths = new UpgradePaths(manifest, this.#edges, this.#channels);
    this.#downgrades = new Downgrades(manifest, nodes, (version) => this.#edges.position(version));
  }

  /** The last release of the list that was not yanked; the last one where all were. */
  get newest(): ReleaseNode | undefined {
    return newestOffered(this.#edges, this.#channels, undefined) ?? this.nodes.at(-1);
  }

  /** The last release that a channel offers and that was not yanked. */
  newestIn(channel: string): ReleaseNode | undefined {
    return newestOffered(this.#edges, this.#channels, channel);
  }

  /** Whether a release can be taken from a channel: it names that one, a more stable one, or none at all. */
  isOffered(version: string, channel: string): boolean {
    const position = this.#edges.position(version);
    return position !== undefined && this.#channels.offers(channel, position);
  }

  /** By its text or by equal version. */
  find(version: string): ReleaseNode | undefined {
    const position = this.#edges.position(version);
    return position === undefined ? undefined : this.nodes[position];
  }

  edge(from: string, to: string): Edge {
    const a = this.#edges.position(from);
    const b = this.#edges.position(to);
    if (a === undefined || b === undefined || !this.#edges.mayPrecede(a, b)) return { kind: 'none', risks: [] };
    const risks = this.#edges.risksAt(a, b);
    const yanked = this.#edges.yanked[b];
    return { kind: risks.length === 0 && yanked === undefined ? 'open' : 'blocked', risks, yanked };
  }

  /** The releases that one may come from directly, risks or not, oldest first. */
  sourcesOf(version: string): string[] {
    const position = this.#edges.position(version);
    return position === undefined ? [] : this.#edges.sourcesAt(position).map((source) => this.#edges.versionAt(source));
  }

  /** The same in places of `nodes`. */
  sourcesAt(position: number): number[] {
    return this.#edges.sourcesAt(position);
  }

  /**
   * The way with the fewest stops; `from` is null where nothing is installed. Fails with `release-unknown`, `no-path`,
   * `path-blocked` (risks and yanked releases that nobody accepted) or `usage` (an unknown channel), saying why and what to do.
   */
  path(from: string | null, to: string, options?: PathOptions): Outcome<ReleasePath> {
    return this.#paths.find(from, to, options);
  }

  /** The releases that a range covers, by ascending version. */
  coveredBy(range: VersionRange): string[] {
    const { order, sorted } = readReleases(this.manifest);
    const positions = coveredBy(range, sorted).flatMap(({ low, high }) => order.slice(low, high + 1));
    return positions.map((position) => this.#edges.versionAt(position));
  }

  /** Releases, not yanked, that no earlier release can be upgraded to. */
  unreachable(): UnreachableRelease[] {
    return unreachable(this.#edges);
  }

  /** Releases from which there is no way to the newest one, even when all risks are accepted. Yanked ones may be left, not taken. */
  stranded({ channel, overYanked = false }: StrandedOptions = {}): ReleaseNode[] {
    const newest = channel === undefined ? this.newest : this.newestIn(channel);
    const last = newest ? this.nodes.indexOf(newest) : -1;
    return stranded(this.#edges, last, (position) => this.#channels.offers(channel, position), overYanked);
  }

  /** Releases that can be reached, whose `from` covers releases before a stop as well. */
  passedStops(): PassedStop[] {
    return passedStops(this.#edges);
  }

  /** Everything that stands in the way back from one release to an earlier one; empty for unknown releases. */
  downgradeObstacles(from: string, to: string, options: DowngradeOptions = {}): DowngradeObstacle[] {
    const [start, goal] = [this.#edges.position(from), this.#edges.position(to)];
    return start === undefined || goal === undefined ? [] : this.#downgrades.obstacles(start, goal, options);
  }

  /** The oldest release that one can go back to; undefined for an unknown release. */
  downgradeFloor(version: string, options: DowngradeOptions = {}): DowngradeFloor | undefined {
    const position = this.#edges.position(version);
    if (position === undefined) return undefined;
    const floor = this.#downgrades.floor(position, options);
    const obstacles = floor === 0 ? [] : this.#downgrades.obstacles(position, floor - 1, options);
    return { release: this.#edges.versionAt(floor), obstacles };
  }

  /** The release and those that may still run beside it, oldest first; empty for an unknown release. */
  releasesInWindow(version: string): string[] {
    const position = this.#edges.position(version);
    return position === undefined ? [] : this.#edges.versions(Math.max(0, position - this.manifest.window), position);
  }
}
