import type { JournalState } from './journal-state';

/** Knows which release a target is at: its journal says so, nothing else does. */
export class VersionTracker {
  constructor(private readonly journal: JournalState) {}

  /** Null for a target that reached no release. */
  get currentRelease(): string | null {
    return this.journal.releases.at(-1)?.release ?? null;
  }
}
