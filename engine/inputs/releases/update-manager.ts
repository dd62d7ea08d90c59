import { ProblemError } from '../../core/problem';
import type { Manifest } from '../manifest/schema';
import type { AnnouncedRelease } from './feeds/release-feed';
import { releaseGraph } from './graph';
import { parseVersion } from '../../core/versions';

/** A release that the target could go to. */
export interface Update {
  readonly release: string;
  /** Where the way stops, first to last, ending with the release; empty when there is no way. */
  readonly path: readonly string[];
  /** What the feed tells of it. */
  readonly announced?: AnnouncedRelease;
}

/** An update that cannot be taken, and why. */
export interface BlockedUpdate {
  readonly release: string;
  readonly reasons: readonly string[];
  readonly announced?: AnnouncedRelease;
}

export interface UpdateOptions {
  /** Names of risks and versions of yanked releases that a person accepted. */
  readonly accept?: readonly string[];
  /** Only what this channel offers can be taken. */
  readonly channel?: string;
}

/** Finds the releases that come after the current one, in a manifest and in its feed, and keeps the queue of those that can be taken. */
export class UpdateManager {
  readonly #queue: Update[] = [];
  readonly #blocked: BlockedUpdate[] = [];
  /** The manifest, with what the feed says of its releases: what was yanked since must not be taken either. */
  readonly #manifest: Manifest;

  constructor(
    manifest: Manifest,
    private readonly announced: readonly AnnouncedRelease[] = [],
  ) {
    const yanked = new Map(announced.map((release) => [release.version, release.yanked]));
    const isNews = manifest.releases.some((release) => release.yanked === undefined && yanked.get(release.version) !== undefined);
    const told = manifest.releases.map((release) => ({ ...release, yanked: release.yanked ?? yanked.get(release.version) }));
    this.#manifest = isNews ? { ...manifest, releases: told } : manifest;
  }

  /**
   * The releases of the manifest after the current one, oldest first, each with its way or with the reason why there is none.
   * @throws ProblemError `usage` for a channel that the manifest does not know
   */
  checkUpdates(current: string | null, options: UpdateOptions = {}): readonly (Update & { readonly obstacle?: string })[] {
    const graph = releaseGraph(this.#manifest);
    const versions = graph.nodes.map((node) => node.version);
    const known = current === null ? undefined : graph.find(current)?.version;
    const first = current === null ? 0 : known === undefined ? versions.length : versions.indexOf(known) + 1;
    return versions.slice(first).map((release) => {
      const path = graph.path(current, release, options);
      if (!path.ok && path.problem.code === 'usage') throw new ProblemError(path.problem);
      const announced = this.announced.find((each) => graph.find(each.version)?.version === release);
      const found = { release, path: path.ok ? path.value.releases : [], announced };
      return path.ok ? found : { ...found, obstacle: path.problem.message };
    });
  }

  /**
   * What the feed announces and the manifest does not list, oldest first: releases after the current one, or after the newest of
   * the manifest where nothing is installed. None of them can be taken with the files that are here.
   */
  checkAnnounced(current: string | null, { channel }: UpdateOptions = {}): readonly BlockedUpdate[] {
    const graph = releaseGraph(this.#manifest);
    const start = parseVersion(current ?? graph.nodes.at(-1)?.version ?? '');
    const isOffered = ({ channels }: AnnouncedRelease): boolean =>
      channel === undefined || channels === undefined || offeredFrom(this.#manifest, channel).some((name) => channels.includes(name));
    return this.announced
      .filter((release) => !graph.find(release.version) && isOffered(release))
      .map((release) => ({ release, version: parseVersion(release.version) }))
      .filter(({ version }) => version !== undefined && (!start || version.compare(start) > 0))
      .sort((a, b) => a.version!.compare(b.version!))
      .map(({ release }) => {
        const yanked = release.yanked === undefined ? [] : [`${release.version} was yanked: ${release.yanked}`];
        const missing = `${release.version} is announced, but this manifest does not list it: update the project first.`;
        return { release: release.version, reasons: [...yanked, missing], announced: release };
      });
  }

  queueUpdate(update: Update): void {
    this.#queue.push(update);
  }

  block(update: BlockedUpdate): void {
    this.#blocked.push(update);
  }

  get queue(): readonly Update[] {
    return this.#queue;
  }

  get blocked(): readonly BlockedUpdate[] {
    return this.#blocked;
  }
}

/** The channel and those that are more stable. */
function offeredFrom({ channels }: Manifest, channel: string): readonly string[] {
  return channels.slice(Math.max(0, channels.indexOf(channel)));
}
