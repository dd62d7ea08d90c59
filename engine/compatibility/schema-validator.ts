import type { JournalState } from '../journal/journal-state';
import type { UpgradeSources } from '../upgrade/sources';
import type { Reason } from './reason';

/** Looks at the migrations between two releases: all there, none edited since it was applied, and in an order of phases that works. */
export class SchemaValidator {
  constructor(
    private readonly sources: UpgradeSources,
    private readonly journal: JournalState,
  ) {}

  /** @param passes the releases whose migrations would run */
  validateSchemas(passes: readonly string[]): Reason[] {
    return [...this.#applied(), ...passes.flatMap((release) => this.#phases(release))];
  }

  #applied(): Reason[] {
    return this.journal.migrations.flatMap((stored): Reason[] => {
      const source = this.sources.migrations.find((migration) => migration.id === stored.id);
      if (!source) {
        return [
          {
            code: 'migration-missing',
            message: `The migration ${stored.id} of release ${stored.release} is applied, but the manifest does not list it.`,
            remedy: 'Put it back into the manifest.',
          },
        ];
      }
      if (stored.hash === source.hash || stored.state === 'partial') return [];
      return [
        {
          code: 'migration-edited',
          message: `The migration ${stored.id} of release ${stored.release} was changed after it was applied.`,
          remedy: 'Undo the change, and write what it was for as a new migration.',
        },
      ];
    });
  }

  /**
   * Old and new releases run side by side while an upgrade goes on, so what is added and what is removed for it must not be in
   * one release; and inside a release data is moved before anything is removed.
   */
  #phases(release: string): Reason[] {
    const phased = this.sources.migrations.filter((migration) => migration.release === release && migration.phase !== undefined);
    const expand = phased.find((migration) => migration.phase === 'expand');
    const contract = phased.find((migration) => migration.phase === 'contract');
    const reasons: Reason[] = [];
    if (expand && contract && this.sources.manifest.window > 0) {
      reasons.push({
        code: 'phase-order',
        message: `Release ${release} expands with ${expand.id} and contracts with ${contract.id}, so the releases that still run beside it lose what they need.`,
        remedy: `Move ${contract.id} to a release after the window.`,
      });
    }
    const firstContract = phased.findIndex((migration) => migration.phase === 'contract');
    const late = firstContract < 0 ? undefined : phased.slice(firstContract).find((migration) => migration.phase === 'migrate');
    if (late) {
      reasons.push({
        code: 'phase-order',
        message: `In release ${release} ${late.id} moves data after ${phased[firstContract]?.id ?? ''} has removed some.`,
        remedy: 'List the contract migrations last.',
      });
    }
    return reasons;
  }
}
