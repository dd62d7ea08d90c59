import { failure, success, type Outcome, type Problem } from '../../core/problem';
import type { Manifest } from '../manifest/schema';
import { coveredBy, covers, readReleases, without, type Interval, type ReleaseNode, type UnusableRelease } from './releases';
import { parseRange, parseVersion } from '../../core/versions';
import { Channels } from './channels';
import { Downgrades, type DowngradeFloor, type DowngradeObstacle, type DowngradeOptions, type DowngradePath } from './downgrade';
import {
  backwards,
  forwards,
  listed,
  notInChannel,
  notOffered,
  noWayBack,
  sentence,
  unknownChannel,
  unknownRelease,
  unreadable,
} from './graph-problems';
import { CoverCount, MinimumByRank } from './rank-trees';

type Risk = Manifest['risks'][number];

/** Whether one may upgrade from one release straight to another. `blocked`: only when all that is against it is accepted by name. */
export interface Edge {
  readonly kind: 'none' | 'open' | 'blocked';
  readonly risks: readonly Risk[];
  /** Why the release at its end must not be taken any more; undefined for one that was not yanked. */
  readonly yanked?: string;
}

export interface ReleasePath {
  /** The releases at which the way stops, first to last, ending with the goal; without the start. Health checks run at these. */
  readonly releases: readonly string[];
  /** Every release whose migrations run on the way, in the manifest's order. */
  readonly passes: readonly string[];
  /** Sentences for people: accepted risks and yanked releases, releases that are passed without a stop. */
  readonly warnings: readonly string[];
}

export interface PathOptions {
  /** Names of risks and versions of yanked releases that a person accepted. They are taken only where there is no way without. */
  readonly accept?: readonly string[];
  /** Only releases that this channel offers are destination or stops on the way. Default: all releases are. */
  readonly channel?: string;
}

export interface StrandedOptions {
  /** Only releases of this channel count, and its newest one is the goal. */
  readonly channel?: string;
  /** True: yanked releases may be stops on the way. */
  readonly overYanked?: boolean;
}

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

/** The releases of a manifest and the ways between them. See `releaseGraph` for the rules. */
export interface ReleaseGraph {
  readonly nodes: readonly ReleaseNode[];
  /** Releases without a comparable version of their own; no way leads over them. */
  readonly unusable: readonly UnusableRelease[];
  /** The last release of the list that was not yanked; the last one where all were. */
  readonly newest: ReleaseNode | undefined;
  /** The last release that a channel offers and that was not yanked. */
  newestIn(channel: string): ReleaseNode | undefined;
  /** Whether a release can be taken from a channel: it names that one, a more stable one, or none at all. */
  isOffered(version: string, channel: string): boolean;
  /** By its text or by equal version. */
  find(version: string): ReleaseNode | undefined;
  edge(from: string, to: string): Edge;
  /** The releases that one may come from directly, risks or not, oldest first. */
  sourcesOf(version: string): readonly string[];
  /** The same in places of `nodes`. */
  sourcesAt(position: number): readonly number[];
  /**
   * The way with the fewest stops; `from` is null where nothing is installed. Fails with `release-unknown`, `no-path`,
   * `path-blocked` (risks and yanked releases that nobody accepted) or `usage` (an unknown channel), saying why and what to do.
   */
  path(from: string | null, to: string, options?: PathOptions): Outcome<ReleasePath>;
  /** Releases, not yanked, that no earlier release can be upgraded to. */
  unreachable(): readonly UnreachableRelease[];
  /** Releases from which there is no way to the newest one, even when all risks are accepted. Yanked ones may be left, not taken. */
  stranded(options?: StrandedOptions): readonly ReleaseNode[];
  /** Releases that can be reached, whose `from` covers releases before a stop as well. */
  passedStops(): readonly PassedStop[];
  /** The way back. Fails with `release-unknown`, `no-path` (an upgrade, in truth) or `rollback-impossible` with every obstacle. */
  downgradePath(from: string, to: string, options?: DowngradeOptions): Outcome<DowngradePath>;
  /** Everything that stands in the way back from one release to an earlier one; empty for unknown releases. */
  downgradeObstacles(from: string, to: string, options?: DowngradeOptions): readonly DowngradeObstacle[];
  /** The oldest release that one can go back to; undefined for an unknown release. */
  downgradeFloor(version: string, options?: DowngradeOptions): DowngradeFloor | undefined;
  /** The release and those that may still run beside it, oldest first; empty for an unknown release. */
  releasesInWindow(version: string): readonly string[];
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
export function releaseGraph(manifest: Manifest): ReleaseGraph {
  let graph = graphs.get(manifest);
  if (!graph) graphs.set(manifest, (graph = new IntervalGraph(manifest)));
  return graph;
}

/** Several checks and the planner ask for the graph of the same manifest, which nobody changes. */
const graphs = new WeakMap<Manifest, ReleaseGraph>();

interface ActiveRisk {
  readonly risk: Risk;
  readonly from: readonly Interval[];
  readonly to: readonly Interval[];
}

class IntervalGraph implements ReleaseGraph {
  readonly nodes: readonly ReleaseNode[];
  readonly unusable: readonly UnusableRelease[];
  readonly #positions = new Map<string, number>();
  /** Position in the list to position among the sorted versions. */
  readonly #ranks: number[];
  /** Position among the sorted versions to position in the list. */
  readonly #order: readonly number[];
  /** For each release the versions it may be reached from. */
  readonly #incoming: readonly (readonly Interval[])[];
  /** For each release the first position that is not before a stop. */
  readonly #floors: number[] = [];
  readonly #isStop: boolean[];
  readonly #risks: readonly ActiveRisk[];
  /** For each rank the risks of going there; made when the first way is looked for. */
  #risksTo: readonly (readonly ActiveRisk[])[] | undefined;
  /** For each release why it was yanked. */
  readonly #yanked: readonly (string | undefined)[];
  readonly #channels: Channels;
  readonly #downgrades: Downgrades;

  constructor(private readonly manifest: Manifest) {
    const { nodes, unusable, order, sorted } = readReleases(manifest);
    this.nodes = nodes;
    this.unusable = unusable;
    for (const [position, node] of nodes.entries()) {
      this.#positions.set(node.semver.version, position);
      if (!this.#positions.has(node.version)) this.#positions.set(node.version, position);
    }
    this.#order = order;
    this.#ranks = [];
    for (const [rank, position] of order.entries()) this.#ranks[position] = rank;

    this.#incoming = nodes.map((node, position) => {
      const text = manifest.releases[node.index]?.from;
      if (text === undefined) return position === 0 ? [] : [{ low: this.#ranks[position - 1]!, high: this.#ranks[position - 1]! }];
      const range = parseRange(text);
      return range ? coveredBy(range, sorted) : [];
    });

    const stops = new Set(manifest.stops.map((stop) => this.#position(stop)));
    this.#isStop = nodes.map((_, position) => stops.has(position));
    let floor = 0;
    for (const position of nodes.keys()) {
      this.#floors.push(floor);
      if (this.#isStop[position]) floor = position;
    }

    this.#yanked = nodes.map(({ index }) => manifest.releases[index]?.yanked);
    this.#channels = new Channels(manifest, nodes);
    this.#downgrades = new Downgrades(manifest, nodes, (version) => this.#position(version));

    const everything: Interval[] = nodes.length === 0 ? [] : [{ low: 0, high: nodes.length - 1 }];
    this.#risks = manifest.risks.map((risk) => {
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

  get newest(): ReleaseNode | undefined {
    return this.nodes.findLast((_, position) => this.#yanked[position] === undefined) ?? this.nodes.at(-1);
  }

  newestIn(channel: string): ReleaseNode | undefined {
    return this.nodes.findLast((_, position) => this.#yanked[position] === undefined && this.#channels.offers(channel, position));
  }

  isOffered(version: string, channel: string): boolean {
    const position = this.#position(version);
    return position !== undefined && this.#channels.offers(channel, position);
  }

  find(version: string): ReleaseNode | undefined {
    const position = this.#position(version);
    return position === undefined ? undefined : this.nodes[position];
  }

  edge(from: string, to: string): Edge {
    const a = this.#position(from);
    const b = this.#position(to);
    if (a === undefined || b === undefined || !this.#mayPrecede(a, b)) return { kind: 'none', risks: [] };
    const risks = this.#risksAt(a, b);
    const yanked = this.#yanked[b];
    return { kind: risks.length === 0 && yanked === undefined ? 'open' : 'blocked', risks, ...(yanked !== undefined && { yanked }) };
  }

  sourcesOf(version: string): string[] {
    const position = this.#position(version);
    return position === undefined ? [] : this.sourcesAt(position).map((source) => this.nodes[source]!.version);
  }

  sourcesAt(position: number): number[] {
    const floor = this.#floors[position] ?? 0;
    const found: number[] = [];
    for (const { low, high } of this.#incoming[position] ?? []) {
      for (let rank = low; rank <= high; rank++) {
        const source = this.#order[rank]!;
        if (source >= floor && source < position) found.push(source);
      }
    }
    return found.sort((a, b) => a - b);
  }

  path(from: string | null, to: string, options: PathOptions = {}): Outcome<ReleasePath> {
    const goal = this.#position(to);
    if (goal === undefined) return failure(unknownRelease(to, 'is not a release of the manifest', this.nodes));
    const { channel } = options;
    if (channel !== undefined && !this.#channels.has(channel)) return failure(unknownChannel(channel, this.#channels.names));
    const start = from === null ? -1 : this.#position(from);
    if (start === undefined) return failure(unknownRelease(from ?? '', 'is installed but is not a release of the manifest', this.nodes));
    if (start === goal) return success({ releases: [], passes: [], warnings: [] });
    if (start > goal) return failure(backwards(this.nodes[start]!.version, this.nodes[goal]!.version));

    const accept = new Set(options.accept);
    const isOffered = (position: number): boolean => channel === undefined || this.#channels.offers(channel, position);
    const isAccepted = (position: number): boolean => accept.has(this.nodes[position]!.version);
    if (!isOffered(goal)) {
      const { version, index } = this.nodes[goal]!;
      const named = this.manifest.releases[index]?.channels ?? [];
      return failure(notOffered(version, named, channel ?? '', this.newestIn(channel ?? '')?.version));
    }
    if (this.#yanked[goal] !== undefined && !isAccepted(goal)) return failure(this.#blocked(start, [goal], goal, accept));
    if (start < 0) return success(this.#describe(start, [goal], goal));

    const notYanked = (position: number): boolean => position === goal || this.#yanked[position] === undefined;
    const found =
      this.#search(
        start,
        goal,
        () => false,
        (position) => isOffered(position) && notYanked(position),
      ) ??
      this.#search(
        start,
        goal,
        (risk) => accept.has(risk.name),
        (position) => isOffered(position) && (notYanked(position) || isAccepted(position)),
      );
    if (found) return success(this.#describe(start, found, goal));
    const all = (): boolean => true;
    const blocked =
      this.#search(start, goal, all, (position) => isOffered(position) && (notYanked(position) || isAccepted(position))) ??
      this.#search(start, goal, all, isOffered);
    if (blocked) return failure(this.#blocked(start, blocked, goal, accept));
    const elsewhere = channel === undefined ? undefined : this.#search(start, goal, all, all);
    const missing = elsewhere?.find((position) => !isOffered(position));
    if (missing === undefined) return failure(this.#noPath(start, goal));
    const [first = '', last = '', over = ''] = [start, goal, missing].map((position) => this.nodes[position]!.version);
    return failure(notInChannel({ from: first, to: last, over, channel: channel ?? '' }));
  }

  unreachable(): UnreachableRelease[] {
    const tree = new MinimumByRank(this.nodes.length);
    const everything = new MinimumByRank(this.nodes.length);
    for (const position of this.nodes.keys()) everything.set(this.#ranks[position]!, position);
    const found: UnreachableRelease[] = [];
    for (const [position, release] of this.nodes.entries()) {
      if (position > 0 && this.#yanked[position] === undefined) {
        const newestSource = -tree.minimum(this.#incoming[position]!);
        const floor = this.#floors[position]!;
        if (newestSource < floor || newestSource === -Infinity) {
          const ranges = without(this.#incoming[position]!, [{ low: this.#ranks[position]!, high: this.#ranks[position]! }]);
          if (newestSource >= 0) found.push({ release, reason: 'stop', stop: this.nodes[floor]!.version });
          else found.push({ release, reason: everything.minimum(ranges) === Infinity ? 'nothing' : 'later' });
        }
      }
      // The minimum of negated positions is the newest source so far.
      tree.set(this.#ranks[position]!, -position);
    }
    return found;
  }

  stranded({ channel, overYanked = false }: StrandedOptions = {}): ReleaseNode[] {
    const isOffered = (position: number): boolean => channel === undefined || this.#channels.offers(channel, position);
    const newest = channel === undefined ? this.newest : this.newestIn(channel);
    const last = newest ? this.nodes.indexOf(newest) : -1;
    const goals = new CoverCount(this.nodes.length);
    let open: number[] = [];
    const found: ReleaseNode[] = [];
    for (let position = last; position >= 0; position--) {
      const reachesNewest = position === last || goals.at(this.#ranks[position]!) > 0;
      if (!reachesNewest && isOffered(position)) found.push(this.nodes[position]!);
      if (this.#isStop[position]) {
        // Nothing before a stop goes straight to what is after it.
        for (const goal of open) goals.add(this.#incoming[goal]!, -1);
        open = [];
      }
      const mayBeTaken = position === last || (isOffered(position) && (overYanked || this.#yanked[position] === undefined));
      if (reachesNewest && mayBeTaken) {
        goals.add(this.#incoming[position]!, 1);
        open.push(position);
      }
    }
    return found.reverse();
  }

  passedStops(): PassedStop[] {
    const oldest = new MinimumByRank(this.nodes.length);
    for (const position of this.nodes.keys()) oldest.set(this.#ranks[position]!, position);
    const found: PassedStop[] = [];
    for (const [position, release] of this.nodes.entries()) {
      const floor = this.#floors[position]!;
      const first = oldest.minimum(this.#incoming[position]!);
      if (!this.#isStop[floor] || first >= floor) continue;
      const sources = this.sourcesAt(position).length;
      if (sources === 0) continue;
      found.push({ release, stop: this.nodes[floor]!, oldest: this.nodes[first]!, coversRest: sources === position - floor });
    }
    return found;
  }

  downgradePath(from: string, to: string, options: DowngradeOptions = {}): Outcome<DowngradePath> {
    const goal = this.#position(to);
    if (goal === undefined) return failure(unknownRelease(to, 'is not a release of the manifest', this.nodes));
    const start = this.#position(from);
    if (start === undefined) return failure(unknownRelease(from, 'is installed but is not a release of the manifest', this.nodes));
    if (start < goal) {
      return failure(forwards(from, to));
    }
    const obstacles = this.#downgrades.obstacles(start, goal, options);
    if (obstacles.length > 0) {
      return failure(noWayBack(from, to, obstacles));
    }
    return success({ leaves: this.#versions(goal + 1, start).reverse(), how: this.#downgrades.how(start, goal) });
  }

  downgradeObstacles(from: string, to: string, options: DowngradeOptions = {}): DowngradeObstacle[] {
    const [start, goal] = [this.#position(from), this.#position(to)];
    return start === undefined || goal === undefined ? [] : this.#downgrades.obstacles(start, goal, options);
  }

  downgradeFloor(version: string, options: DowngradeOptions = {}): DowngradeFloor | undefined {
    const position = this.#position(version);
    if (position === undefined) return undefined;
    const floor = this.#downgrades.floor(position, options);
    const obstacles = floor === 0 ? [] : this.#downgrades.obstacles(position, floor - 1, options);
    return { release: this.nodes[floor]!.version, obstacles };
  }

  releasesInWindow(version: string): string[] {
    const position = this.#position(version);
    return position === undefined ? [] : this.#versions(Math.max(0, position - this.manifest.window), position);
  }

  #position(version: string): number | undefined {
    return this.#positions.get(version) ?? this.#positions.get(parseVersion(version)?.version ?? version);
  }

  #versions(first: number, last: number): string[] {
    return this.nodes.slice(first, last + 1).map((node) => node.version);
  }

  #mayPrecede(a: number, b: number): boolean {
    return a < b && a >= this.#floors[b]! && covers(this.#incoming[b]!, this.#ranks[a]!);
  }

  #risksAt(a: number, b: number): Risk[] {
    const applies = ({ from, to }: ActiveRisk): boolean => covers(to, this.#ranks[b]!) && covers(from, this.#ranks[a]!);
    return this.#risks.filter(applies).map(({ risk }) => risk);
  }

  /** The positions of a way over stops that may be taken, or undefined when there is none. Fewest stops, then the newest ones. */
  #search(start: number, goal: number, isAccepted: (risk: Risk) => boolean, mayTake: (position: number) => boolean): number[] | undefined {
    const refused = new Set(this.#risks.filter(({ risk }) => !isAccepted(risk)));
    const predecessors = this.#explore(start, goal, refused, mayTake);
    if (predecessors[goal] === undefined) return undefined;
    const way: number[] = [];
    for (let at = goal; at !== start; at = predecessors[at]!) way.push(at);
    return way.reverse();
  }

  #explore(start: number, goal: number, refused: ReadonlySet<ActiveRisk>, mayTake: (position: number) => boolean): (number | undefined)[] {
    const count = this.nodes.length;
    const tree = new MinimumByRank(count);
    const predecessors: (number | undefined)[] = [];
    const distances: number[] = [];
    const risksTo = this.#risksByRank();
    let removedBelow = start;
    const reach = (position: number, distance: number): void => {
      distances[position] = distance;
      tree.set(this.#ranks[position]!, distance * (count + 1) + (count - position));
    };
    reach(start, 0);
    for (let position = start + 1; position <= goal; position++) {
      for (; removedBelow < this.#floors[position]!; removedBelow++) tree.set(this.#ranks[removedBelow]!, Infinity);
      if (!mayTake(position)) continue;
      const risks = risksTo[this.#ranks[position]!]!;
      const holes = risks.length === 0 || refused.size === 0 ? [] : risks.filter((risk) => refused.has(risk)).flatMap(({ from }) => from);
      const best = tree.minimum(without(this.#incoming[position]!, holes));
      if (best === Infinity) continue;
      predecessors[position] = count - (best % (count + 1));
      reach(position, Math.floor(best / (count + 1)) + 1);
    }
    return predecessors;
  }

  #risksByRank(): readonly (readonly ActiveRisk[])[] {
    if (this.#risksTo) return this.#risksTo;
    const byRank: ActiveRisk[][] = this.nodes.map(() => []);
    for (const risk of this.#risks) {
      for (const { low, high } of risk.to) for (let rank = low; rank <= high; rank++) byRank[rank]!.push(risk);
    }
    return (this.#risksTo = byRank);
  }

  #describe(start: number, way: readonly number[], goal: number): ReleasePath {
    const warnings: string[] = [];
    let previous = start;
    for (const position of way) {
      const yanked = this.#yanked[position];
      if (previous >= 0) {
        for (const risk of this.#risksAt(previous, position)) warnings.push(`Accepted risk ${risk.name}: ${sentence(risk.message)}`);
      }
      if (yanked !== undefined) warnings.push(`${this.nodes[position]!.version} is used although it was yanked: ${sentence(yanked)}`);
      const skipped = previous < 0 ? [] : this.#versions(previous + 1, position - 1);
      if (skipped.length > 0) {
        warnings.push(
          `${listed(skipped)} ${skipped.length === 1 ? 'is' : 'are'} passed without stopping: migrations run, health checks do not.`,
        );
      }
      previous = position;
    }
    return { releases: way.map((position) => this.nodes[position]!.version), passes: this.#versions(start + 1, goal), warnings };
  }

  /** The risks and yanked releases on a path that were not accepted. */
  #blocked(start: number, way: readonly number[], goal: number, accept: ReadonlySet<string>): Problem {
    const risks = new Map<string, Risk>();
    const yanked: number[] = [];
    let previous = start;
    for (const position of way) {
      if (previous >= 0) for (const risk of this.#risksAt(previous, position)) if (!accept.has(risk.name)) risks.set(risk.name, risk);
      if (this.#yanked[position] !== undefined && !accept.has(this.nodes[position]!.version)) yanked.push(position);
      previous = position;
    }
    const versions = yanked.map((position) => this.nodes[position]!.version);
    const reasons = [
      ...yanked.map((position) => `${this.nodes[position]!.version} was yanked: ${sentence(this.#yanked[position]!)}`),
      ...[...risks.values()].map((risk) => `${risk.name}: ${sentence(risk.message)}${unreadable(risk)}`),
    ];
    const fixed = [...risks.values()].flatMap((risk) => (risk.fixedIn === undefined ? [] : [`${risk.name} is fixed in ${risk.fixedIn}`]));
    const kinds = [...(yanked.length > 0 ? ['a yanked release'] : []), ...(risks.size > 0 ? ['a known risk'] : [])];
    const others = [
      ...(fixed.length > 0 ? [`or choose a later release (${fixed.join(', ')})`] : []),
      ...(yanked.includes(goal) ? ['or choose another release'] : []),
    ];
    const name = start < 0 ? 'an empty target' : this.nodes[start]!.version;
    return {
      code: 'path-blocked',
      message: `The upgrade path from ${name} to ${this.nodes[goal]!.version} is blocked by ${kinds.join(' and ')}. ${reasons.join(' ')}`,
      remedy: `${[`Accept ${listed([...versions, ...risks.keys()])} by name`, ...others].join(', ')}.`,
    };
  }

  #noPath(start: number, goal: number): Problem {
    const reached = this.#explore(start, goal, new Set(), () => true);
    let far = start;
    for (let position = start + 1; position < goal; position++) if (reached[position] !== undefined) far = position;
    let obstacle = goal;
    for (let position = goal - 1; position > far; position--) if (this.#isStop[position]) obstacle = position;
    const name = this.nodes[obstacle]!.version;
    const range = this.manifest.releases[this.nodes[obstacle]!.index]?.from;
    const origin = range === undefined ? (this.nodes[obstacle - 1]?.version ?? 'nothing') : `"${range}"`;
    const stop = obstacle === goal ? '' : ', a required stop,';
    const asFar = far === start ? 'no later release can be reached' : `the last release that can be reached is ${this.nodes[far]!.version}`;
    return {
      code: 'no-path',
      message: `There is no upgrade path from ${this.nodes[start]!.version} to ${this.nodes[goal]!.version}: ${asFar}, and ${name}${stop} accepts upgrades only from ${origin}.`,
      remedy: `Widen \`from\` of release ${name}, or add the missing release before it.`,
    };
  }
}
