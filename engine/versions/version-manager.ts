import { CompatibilityChecker } from '../compatibility/compatibility-checker';
import type { ApiFiles } from '../compatibility/api-validator';
import type { JournalState } from '../journal/journal-state';
import type { UpgradeSources } from '../upgrade/sources';
import { UpdateManager, type BlockedUpdate, type Update } from './update-manager';
import { VersionTracker } from './version-tracker';

/** Where a target is and where it could go. */
export interface VersionOverview {
  /** Null for a target that reached no release. */
  readonly current: string | null;
  /** Releases that can be taken, oldest first. */
  readonly updates: readonly Update[];
  /** Releases that cannot, with every reason. */
  readonly blocked: readonly BlockedUpdate[];
}

/** Answers which release is installed, which ones there are, and which of them may be taken. */
export class VersionManager {
  readonly versionTracker = new VersionTracker();
  readonly compatibilityChecker: CompatibilityChecker;
  readonly updateManager: UpdateManager;

  constructor(
    sources: UpgradeSources,
    private readonly journal: JournalState,
    files: ApiFiles,
  ) {
    this.compatibilityChecker = new CompatibilityChecker(sources, journal, files);
    this.updateManager = new UpdateManager(sources.manifest);
  }

  /** @param accept names of risks that a person accepted */
  async manageVersion(accept: readonly string[] = []): Promise<VersionOverview> {
    const current = this.versionTracker.currentRelease(this.journal);
    for (const { obstacle, ...update } of this.updateManager.checkUpdates(current, accept)) {
      const { reasons } = await this.compatibilityChecker.check(current, update.release);
      const all = obstacle === undefined ? reasons.map((reason) => reason.message) : [obstacle, ...reasons.map((reason) => reason.message)];
      if (all.length === 0) this.updateManager.queueUpdate(update);
      else this.updateManager.block({ release: update.release, reasons: all });
    }
    return { current, updates: this.updateManager.queue, blocked: this.updateManager.blocked };
  }
}
