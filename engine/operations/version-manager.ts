import { CompatibilityChecker } from './compatibility-checker';
import type { ApiFiles } from './api-validator';
import type { Problem } from '../core/problem';
import type { JournalState } from '../running/journal/journal-state';
import type { UpgradeSources } from '../inputs/sources';
import type { AnnouncedRelease, ReleaseFeed } from '../inputs/releases/feeds/release-feed';
import { UpdateManager, type BlockedUpdate, type Update, type UpdateOptions } from '../inputs/releases/update-manager';
import { VersionTracker } from '../running/version-tracker';

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

export interface VersionOptions extends UpdateOptions {
  /** Where newer releases are announced. */
  readonly feed?: ReleaseFeed;
  readonly signal?: AbortSignal;
  /** The day for which the sunset dates of features and APIs are judged, `YYYY-MM-DD`; without it they are not. */
  readonly today?: string;
}

/** Answers which release is installed, which ones there are, and which of them may be taken. */
export class VersionManager {
  readonly versionTracker = new VersionTracker();
  readonly compatibilityChecker: CompatibilityChecker;

  constructor(
    private readonly sources: UpgradeSources,
    private readonly journal: JournalState,
    files: ApiFiles,
  ) {
    this.compatibilityChecker = new CompatibilityChecker(sources, journal, files);
  }

  /** @throws ProblemError `usage` for a channel that the manifest does not know */
  async manageVersion({ feed, signal, today, ...options }: VersionOptions = {}): Promise<VersionOverview> {
    const current = this.versionTracker.currentRelease(this.journal);
    const read = await feed?.releases(signal);
    const known: readonly AnnouncedRelease[] = read?.ok ? read.value : [];
    const updates = new UpdateManager(this.sources.manifest, known);
    for (const { obstacle, ...update } of updates.checkUpdates(current, options)) {
      const { reasons } = await this.compatibilityChecker.check(current, update.release, { today });
      const all = [...(obstacle === undefined ? [] : [obstacle]), ...reasons.map((reason) => reason.message)];
      const { release, announced } = update;
      if (all.length === 0) updates.queueUpdate(update);
      else updates.block({ release, reasons: all, announced });
    }
    for (const blocked of updates.checkAnnounced(current, options)) updates.block(blocked);
    return {
      current,
      channel: options.channel,
      updates: updates.queue,
      blocked: updates.blocked,
      feed: feed && read && { address: feed.address, releases: known.length, problem: read.ok ? undefined : read.problem },
    };
  }
}
