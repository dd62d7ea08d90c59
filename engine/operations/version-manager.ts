import { outcomeOf, type Outcome, type Problem } from '../core/problem';
import { parentFolder } from '../core/paths';
import { openFeed } from '../inputs/releases/feeds/open-feed';
import type { FeedAccess } from '../core/feed-access';
import type { ReleaseFeed } from '../inputs/releases/feeds/release-feed';
import { UpdateManager, type BlockedUpdate, type Update, type UpdateOptions } from '../inputs/releases/update-manager';
import { VersionTracker } from '../running/journal/version-tracker';
import { CompatibilityChecker } from './compatibility-checker';
import { lookAtTarget, type Installation, type OpenedTarget } from './installation';

export type { BlockedUpdate, Update };

/** Where a target is and where it could go. */
export interface VersionOverview {
  /** Null for a target that reached no release. */
  readonly current: string | null;
  /** The channel that was asked for. */
  readonly channel?: string;
  /** Releases that can be taken, oldest first. */
  readonly updates: readonly Update[];
  /** Releases that cannot, with every reason; those that only the feed knows come last. */
  readonly blocked: readonly BlockedUpdate[];
  /** The feed that was read, with what it announces in all, or why it could not be read; then the rest comes from the manifest alone. */
  readonly feed?: { readonly address: string; readonly releases: number; readonly problem?: Problem };
}

export interface VersionsRequest extends UpdateOptions {
  /** The network and the programs that the manifest's feed is read with. Without it, only the manifest is looked at. */
  readonly feeds?: FeedAccess;
}

export interface OverviewOptions extends UpdateOptions {
  /** Where newer releases are announced. */
  readonly feed?: ReleaseFeed;
  /** The day for which the sunset dates of features and APIs are judged, `YYYY-MM-DD`; without it they are not. */
  readonly today?: string;
}

/** Answers which release is installed, which ones there are, and which of them may be taken. */
export class VersionManager {
  readonly compatibilityChecker: CompatibilityChecker;

  constructor(private readonly installation: Installation) {
    this.compatibilityChecker = new CompatibilityChecker(installation);
  }

  /**
   * The releases that the target could go to, and why not to the others. Changes nothing. Fails with `usage` for a channel that
   * the manifest does not know.
   */
  versions({ feeds, ...options }: VersionsRequest = {}): Promise<Outcome<VersionOverview>> {
    const { host, manifestPath } = this.installation;
    return outcomeOf(() =>
      lookAtTarget(this.installation, (opened) => {
        const address = opened.sources.manifest.feed;
        const feed = feeds && address !== undefined ? openFeed(address, parentFolder(manifestPath), feeds) : undefined;
        return this.overview(opened, { ...options, feed, today: host.clock.now().toISOString().slice(0, 10) });
      }),
    );
  }

  /** @throws ProblemError `usage` for a channel that the manifest does not know */
  async overview(
    opened: Pick<OpenedTarget, 'sources' | 'journal'>,
    { feed, today, ...options }: OverviewOptions = {},
  ): Promise<VersionOverview> {
    const current = new VersionTracker(opened.journal).currentRelease;
    const read = await feed?.releases(this.installation.signal);
    const announced = read?.ok ? read.value : [];
    const updates = new UpdateManager(opened.sources.manifest, announced);
    for (const { obstacle, ...update } of updates.checkUpdates(current, options)) {
      const { reasons } = await this.compatibilityChecker.compare(opened, current, update.release, { today });
      const all = [...(obstacle === undefined ? [] : [obstacle]), ...reasons.map((reason) => reason.message)];
      if (all.length === 0) updates.queueUpdate(update);
      else updates.block({ release: update.release, reasons: all, announced: update.announced });
    }
    for (const blocked of updates.checkAnnounced(current, options)) updates.block(blocked);
    return {
      current,
      channel: options.channel,
      updates: updates.queue,
      blocked: updates.blocked,
      feed: feed && read && { address: feed.address, releases: announced.length, problem: read.ok ? undefined : read.problem },
    };
  }
}
