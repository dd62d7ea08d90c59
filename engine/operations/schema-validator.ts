import type { JournalState } from '../running/journal/journal-state';
import type { UpgradeSources } from '../inputs/sources';
import type { Reason } from '../checking/compatibility/reason';
import type { QueryBreak, WindowEvidence } from '../checking/compatibility/window/window';

/** Looks at the migrations between two releases: all there, none edited since it was applied, and in an order of phases that works. */
export class SchemaValidator {
  constructor(
    private readonly sources: UpgradeSources,
    private readonly journal: JournalState,
  ) {}

  /**
   * @param passes the releases whose migrations would run
   * @param breaks queries of releases in the window that a migration breaks, by migration id, where that was tried
   */
  validateSchemas(passes: readonly string[], breaks?: WindowEvidence['breaks']): Reason[] {
    const isPassed = new Set(passes);
    const ahead = this.sources.migrations.filter(({ release }) => isPassed.has(release));
    return [
      ...this.#applied(),
      ...passes.flatMap((release) => this.#phases(release)),
      ...ahead.flatMap(({ id, release }) => brokenQueries(id, release, breaks?.get(id) ?? [])),
    ];
  }

  #applied(): Reason[] {
    return this.journal.migrations.flatMap((stored): Reason[] => {
      const source = this.sources.migrations.find((migration) => migration.id === stored.id);
      if (!source) {
        return [
          {
            code: 'migration-missing',
            message: `Migration ${stored.id} of release ${stored.release} is applied, but the manifest does not list it.`,
            remedy: 'Add it to the manifest again.',
          },
        ];
      }
      if (stored.hash === source.hash || stored.state === 'partial') return [];
      return [
        {
          code: 'migration-edited',
          message: `Migration ${stored.id} of release ${stored.release} was changed after it was applied.`,
          remedy: 'Revert the script, and make the change in a new migration.',
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
        message: `Release ${release} expands with ${expand.id} and contracts with ${contract.id}, which removes what earlier releases in the window still need.`,
        remedy: `Move ${contract.id} to a release after the window.`,
      });
    }
    const firstContract = phased.findIndex((migration) => migration.phase === 'contract');
    const late = firstContract < 0 ? undefined : phased.slice(firstContract).find((migration) => migration.phase === 'migrate');
    if (late) {
      reasons.push({
        code: 'phase-order',
        message: `In release ${release}, ${late.id} moves data after ${phased[firstContract]?.id ?? ''} has removed data.`,
        remedy: 'List the contract migrations last.',
      });
    }
    return reasons;
  }
}

/** One reason for all queries of a release that a migration breaks. */
function brokenQueries(migration: string, release: string, breaks: readonly QueryBreak[]): Reason[] {
  const refused = breaks.filter(({ kind }) => kind !== 'shape');
  return [...new Set(refused.map((each) => each.release))].map((older) => {
    const names = [...new Set(refused.filter((each) => each.release === older).map(({ query }) => query.name))];
    const rest = names.length > 3 ? ` and ${names.length - 3} more` : '';
    return {
      code: 'query-broken',
      message: `Migration ${migration} of release ${release} breaks queries that ${older} still sends: ${names.slice(0, 3).join(', ')}${rest}.`,
      remedy: `Stop ${older} before the upgrade, or move ${migration} to a release after the window.`,
    };
  });
}
