import { withStop } from '../../core/wording';
import { failure, success, type Outcome, type Problem } from '../../core/problem';
import type { Manifest } from '../manifest/schema';
import type { Channels } from './channels';
import { type Edges, newestOffered, type Risk } from './edges';
import { backwards, listed, notInChannel, notOffered, unknownChannel, unknownRelease, unreadable } from './graph-problems';
import { explore, search } from './path-search';

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

/** Finds the ways from release to release, and says why there is none. */
export class UpgradePaths {
  constructor(
    private readonly manifest: Manifest,
    private readonly edges: Edges,
    private readonly channels: Channels,
  ) {}

  /** See `ReleaseGraph.path`. */
  find(from: string | null, to: string, options: PathOptions = {}): Outcome<ReleasePath> {
    const { edges, channels } = this;
    const goal = edges.position(to);
    if (goal === undefined) return failure(unknownRelease(to, 'is not a release of the manifest', edges.nodes));
    const { channel } = options;
    if (channel !== undefined && !channels.has(channel)) return failure(unknownChannel(channel, channels.names));
    const start = from === null ? -1 : edges.position(from);
    if (start === undefined) return failure(unknownRelease(from ?? '', 'is installed but is not a release of the manifest', edges.nodes));
    if (start === goal) return success({ releases: [], passes: [], warnings: [] });
    if (start > goal) return failure(backwards(edges.versionAt(start), edges.versionAt(goal)));

    const accept = new Set(options.accept);
    const isOffered = (position: number): boolean => channels.offers(channel, position);
    const isAccepted = (position: number): boolean => accept.has(edges.versionAt(position));
    if (!isOffered(goal)) {
      const { version, index } = edges.nodes[goal]!;
      const named = this.manifest.releases[index]?.channels ?? [];
      return failure(notOffered(version, named, channel ?? '', newestOffered(edges, channels, channel)?.version));
    }
    if (edges.yanked[goal] !== undefined && !isAccepted(goal)) return failure(blockedPath(edges, start, [goal], goal, accept));
    if (start < 0) return success(describePath(edges, start, [goal], goal));

    const all = (): boolean => true;
    const notYanked = (position: number): boolean => position === goal || edges.yanked[position] === undefined;
    const mayTake = (position: number): boolean => isOffered(position) && (notYanked(position) || isAccepted(position));
    const found =
      search(
        edges,
        start,
        goal,
        () => false,
        (position) => isOffered(position) && notYanked(position),
      ) ?? search(edges, start, goal, (risk) => accept.has(risk.name), mayTake);
    if (found) return success(describePath(edges, start, found, goal));
    const blocked = search(edges, start, goal, all, mayTake) ?? search(edges, start, goal, all, isOffered);
    if (blocked) return failure(blockedPath(edges, start, blocked, goal, accept));
    const elsewhere = channel === undefined ? undefined : search(edges, start, goal, all, all);
    const missing = elsewhere?.find((position) => !isOffered(position));
    if (missing === undefined) return failure(noPath(this.manifest, edges, start, goal));
    const [first = '', last = '', over = ''] = [start, goal, missing].map((position) => edges.versionAt(position));
    return failure(notInChannel({ from: first, to: last, over, channel: channel ?? '' }));
  }
}

/** The path, with what a person has to know of it. */
function describePath(edges: Edges, start: number, way: readonly number[], goal: number): ReleasePath {
  const warnings: string[] = [];
  let previous = start;
  for (const position of way) {
    const yanked = edges.yanked[position];
    if (previous >= 0) {
      for (const risk of edges.risksAt(previous, position)) warnings.push(`Accepted risk ${risk.name}: ${withStop(risk.message)}`);
    }
    if (yanked !== undefined) warnings.push(`${edges.versionAt(position)} is used although it was yanked: ${withStop(yanked)}`);
    const skipped = previous < 0 ? [] : edges.versions(previous + 1, position - 1);
    if (skipped.length > 0) {
      warnings.push(
        `${listed(skipped)} ${skipped.length === 1 ? 'is' : 'are'} passed without stopping: migrations run, health checks do not.`,
      );
    }
    previous = position;
  }
  for (let position = Math.max(start, 0) + 1; position <= goal; position++) {
    const [before, after] = [edges.nodes[position - 1]!, edges.nodes[position]!];
    if (after.semver.compare(before.semver) > 0) continue;
    warnings.push(
      `${after.version} is listed after ${before.version}, a higher version: its migrations run after those of ${before.version}. ` +
        `If it is a fix for releases before ${before.version} and no target has reached ${before.version}, list it first.`,
    );
  }
  return { releases: way.map((position) => edges.versionAt(position)), passes: edges.versions(start + 1, goal), warnings };
}

/** The risks and yanked releases on a path that were not accepted. */
function blockedPath(edges: Edges, start: number, way: readonly number[], goal: number, accept: ReadonlySet<string>): Problem {
  const risks = new Map<string, Risk>();
  const yanked: number[] = [];
  let previous = start;
  for (const position of way) {
    if (previous >= 0) for (const risk of edges.risksAt(previous, position)) if (!accept.has(risk.name)) risks.set(risk.name, risk);
    if (edges.yanked[position] !== undefined && !accept.has(edges.versionAt(position))) yanked.push(position);
    previous = position;
  }
  const versions = yanked.map((position) => edges.versionAt(position));
  const reasons = [
    ...yanked.map((position) => `${edges.versionAt(position)} was yanked: ${withStop(edges.yanked[position]!)}`),
    ...[...risks.values()].map((risk) => `${risk.name}: ${withStop(risk.message)}${unreadable(risk)}`),
  ];
  const fixed = [...risks.values()].flatMap((risk) => (risk.fixedIn === undefined ? [] : [`${risk.name} is fixed in ${risk.fixedIn}`]));
  const kinds = [...(yanked.length > 0 ? ['a yanked release'] : []), ...(risks.size > 0 ? ['a known risk'] : [])];
  const others = [
    ...(fixed.length > 0 ? [`or choose a later release (${fixed.join(', ')})`] : []),
    ...(yanked.includes(goal) ? ['or choose another release'] : []),
  ];
  const name = start < 0 ? 'an empty target' : edges.versionAt(start);
  const names = [...versions, ...risks.keys()];
  const options = names.map((each) => `--accept ${each}`).join(' ');
  return {
    code: 'path-blocked',
    message: `The upgrade path from ${name} to ${edges.versionAt(goal)} is blocked by ${kinds.join(' and ')}. ${reasons.join(' ')}`,
    remedy: `${[`Accept ${listed(names)} by name (${options})`, ...others].join(', ')}.`,
  };
}

/** Where the ways from the start end, and what keeps them from going on. */
function noPath(manifest: Manifest, edges: Edges, start: number, goal: number): Problem {
  const reached = explore(edges, start, goal, new Set(), () => true);
  let far = start;
  for (let position = start + 1; position < goal; position++) if (reached[position] !== undefined) far = position;
  let obstacle = goal;
  for (let position = goal - 1; position > far; position--) if (edges.isStop[position]) obstacle = position;
  const name = edges.versionAt(obstacle);
  const range = manifest.releases[edges.nodes[obstacle]!.index]?.from;
  const origin = range === undefined ? (edges.nodes[obstacle - 1]?.version ?? 'nothing') : `"${range}"`;
  const stop = obstacle === goal ? '' : ', a required stop,';
  const asFar = far === start ? 'no later release can be reached' : `the last release that can be reached is ${edges.versionAt(far)}`;
  return {
    code: 'no-path',
    message: `There is no upgrade path from ${edges.versionAt(start)} to ${edges.versionAt(goal)}: ${asFar}, and ${name}${stop} accepts upgrades only from ${origin}.`,
    remedy: `Widen \`from\` of release ${name}, or add the missing release before it.`,
  };
}
