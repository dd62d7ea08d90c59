import type { JournalState } from '../running/journal/journal-state';
import type { UpgradeSources } from '../inputs/sources';
import { releaseGraph } from '../inputs/releases/graph';
import { ApiValidator, type ApiFiles } from './api-validator';
import { FeatureMatrix } from '../checking/compatibility/feature-matrix';
import type { Reason } from '../checking/compatibility/reason';
import { SchemaValidator } from './schema-validator';
import type { WindowEvidence } from '../checking/compatibility/window/window';

export interface Compatibility {
  readonly compatible: boolean;
  /** Why not; empty when compatible. */
  readonly reasons: readonly Reason[];
  /** What one has to know, and that was announced: breaks in a new major version, removals after a deprecation. */
  readonly notes: readonly Reason[];
}

interface CompatibilityOptions {
  /** The day for which sunset dates are judged, `YYYY-MM-DD`; without it they are not. */
  readonly today?: string;
  /** Queries of releases in the window that a migration breaks, by migration id, where that was tried. */
  readonly breaks?: WindowEvidence['breaks'];
}

/** Says whether a release can be taken from another one, and can say no. */
export class CompatibilityChecker {
  readonly featureMatrix: FeatureMatrix;
  readonly apiValidator: ApiValidator;
  readonly schemaValidator: SchemaValidator;

  constructor(
    private readonly sources: UpgradeSources,
    journal: JournalState,
    files: ApiFiles,
  ) {
    this.featureMatrix = new FeatureMatrix(sources.manifest);
    this.apiValidator = new ApiValidator(sources.manifest, sources.manifestPath, files);
    this.schemaValidator = new SchemaValidator(sources, journal);
  }

  /**
   * Looks at every release between the two, because the target passes through all of them.
   * @param current null when nothing is installed
   */
  async check(current: string | null, target: string, { today, breaks }: CompatibilityOptions = {}): Promise<Compatibility> {
    const versions = releaseGraph(this.sources.manifest).nodes.map((node) => node.version);
    const unknown = [current, target].find((version) => version !== null && !versions.includes(version));
    if (unknown !== undefined && unknown !== null) {
      const reason: Reason = {
        code: 'release-unknown',
        message: `The manifest has no release ${unknown}.`,
        remedy: 'Choose a release of the manifest.',
      };
      return { compatible: false, reasons: [reason], notes: [] };
    }
    const passes = versions.slice(current === null ? 0 : versions.indexOf(current) + 1, versions.indexOf(target) + 1);
    const apis = await this.apiValidator.validateApis(current, current === null ? [target] : passes, today);
    const reasons = [
      ...this.featureMatrix.checkFeatures(current, current === null ? [target] : passes, today),
      ...apis.reasons,
      ...this.schemaValidator.validateSchemas(passes, current === null ? undefined : breaks),
    ];
    return { compatible: reasons.length === 0, reasons, notes: apis.notes };
  }
}
