import { remembered } from '../core/remember';
import { ApiValidator } from './api-validator';
import { featureMatrixOf } from '../checking/compatibility/feature-matrix';
import type { Reason } from '../checking/compatibility/reason';
import { SchemaValidator } from './schema-validator';
import type { WindowEvidence } from '../checking/compatibility/window/window';
import { outcomeOf, type Outcome } from '../core/problem';
import type { UpgradeSources } from '../inputs/sources';
import { releaseGraph } from '../inputs/releases/graph';
import { lookAtTarget, type Installation, type OpenedTarget } from './installation';
import { VersionTracker } from '../running/journal/version-tracker';

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
  /** Comparing the APIs of a manifest takes long. */
  readonly #apiValidatorOf = remembered(
    ({ manifest, manifestPath }: UpgradeSources) => new ApiValidator(manifest, manifestPath, this.installation.host.files),
  );

  constructor(private readonly installation: Installation) {}

  /** Whether the target can go to a release from the one that it is at. Changes nothing. */
  check(release: string, options?: CompatibilityOptions): Promise<Outcome<Compatibility>> {
    return outcomeOf(() =>
      lookAtTarget(this.installation, (opened) =>
        this.compare(opened, new VersionTracker(opened.journal).currentRelease, release, options),
      ),
    );
  }

  /**
   * Looks at every release between the two, because the target passes through all of them.
   * @param current null when nothing is installed
   */
  async compare(
    { sources, journal }: Pick<OpenedTarget, 'sources' | 'journal'>,
    current: string | null,
    target: string,
    { today, breaks }: CompatibilityOptions = {},
  ): Promise<Compatibility> {
    const { manifest } = sources;
    const versions = releaseGraph(manifest).nodes.map((node) => node.version);
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
    const used = current === null ? [target] : passes;
    const apis = await this.#apiValidatorOf(sources).validateApis(current, used, today);
    const reasons = [
      ...featureMatrixOf(manifest).checkFeatures(current, used, today),
      ...apis.reasons,
      ...new SchemaValidator(sources, journal).validateSchemas(passes, current === null ? undefined : breaks),
    ];
    return { compatible: reasons.length === 0, reasons, notes: apis.notes };
  }
}
