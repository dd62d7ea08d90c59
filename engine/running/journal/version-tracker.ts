import { currentRelease, type JournalState } from './journal-state';

/** Knows which release a target is at: its journal says so, nothing else does. */
export class VersionTracker {
  /** Null for a target that reached no release. */
  currentRelease(journal: JournalState): string | null {
    return currentRelease(journal);
  }
}
