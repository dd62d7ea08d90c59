import { currentRelease, type JournalState } from './journal/journal-state';

/** Knows which release a target is at: its journal says so, nothing else does. */
export class VersionTracker {
  /** Null for a target that reached no release. */
  currentRelease(journal: JournalState): string | null {
    return currentRelease(journal);
  }

  /** Every release that the target reached and did not leave, oldest first. */
  history(journal: JournalState): readonly { readonly release: string; readonly reachedAt: string }[] {
    return journal.releases.map(({ release, reachedAt }) => ({ release, reachedAt }));
  }
}
