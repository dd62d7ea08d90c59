import type { JournalState } from './journal-state';

/** Knows which release a target is at: its journal says so, nothing else does. */
export class VersionTracker {
  constructor(private readonly journal: JournalState) {}

  /** Null for a target that reached no release. */
  get currentRelease(): string | null {
    return this.journal.releases.at(-1)?.release ?? null;
  }

  /** What a backup of the target is a backup of. It is not one of a release while migrations of the next are there, wholly or in part. */
  get content(): string | null {
    const { releases, migrations } = this.journal;
    const last = releases.at(-1);
    const more = migrations.findLast(
      ({ release, ordinal, state }) => state === 'partial' || (ordinal > (last?.ordinal ?? 0) && release !== last?.release),
    );
    return more ? `${last?.release ?? 'empty'} with parts of ${more.release}` : this.currentRelease;
  }
}
