import type { JournalState } from '../journal/journal-state';
import type { UpgradeSources } from '../upgrade/sources';
import { releaseGraph } from '../versions/graph';
import { ApiValidator, type ApiFiles } from './api-validator';
import { FeatureMatrix } from './feature-matrix';
import type { Reason } from './reason';
import { SchemaValidator } from './schema-validator';

export interface Compatibility {
  readonly compatible: boolean;
  /** Why not; empty when compatible. */
  readonly reasons: readonly Reason[];
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
  async check(current: string | null, target: string): Promise<Compatibility> {
    const versions = releaseGraph(this.sources.manifest).nodes.map((node) => node.version);
    const unknown = [current, target].find((version) => version !== null && !versions.includes(version));
    if (unknown !== undefined && unknown !== null) {
      const reason: Reason = {
        code: 'release-unknown',
        message: `The manifest lists no release ${unknown}.`,
        remedy: 'Name a release of the manifest.',
      };
      return { compatible: false, reasons: [reason] };
    }
    const passes = versions.slice(current === null ? 0 : versions.indexOf(current) + 1, versions.indexOf(target) + 1);
    const reasons = [
      ...(current === null ? [] : this.featureMatrix.checkFeatures(current, passes)),
      ...(await this.apiValidator.validateApis(current, current === null ? [target] : passes)),
      ...this.schemaValidator.validateSchemas(passes),
    ];
    return { compatible: reasons.length === 0, reasons };
  }
}
