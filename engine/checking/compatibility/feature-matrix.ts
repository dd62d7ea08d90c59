import type { Manifest } from '../../inputs/manifest/schema';
import { featureProblems } from './features/feature-problems';
import { FeatureStates } from './features/feature-states';
import type { Reason } from './reason';
import { remembered } from '../../core/remember';

/** The features of a system by release, and the rules of how their stages may follow each other. */
export class FeatureMatrix extends FeatureStates {
  /**
   * What breaks for a user of a feature on the way through `passes`: one that goes without or before its notice, a stage that goes
   * back, a default that is off of a sudden, and a need that a release does not meet.
   * @param current null when nothing is installed: then nobody uses anything yet
   */
  checkFeatures(current: string | null, passes: readonly string[], today?: string): Reason[] {
    const isPassed = new Set(passes);
    const hasUsers = current !== null;
    return featureProblems(this, today)
      .filter(({ kind, release }) => isPassed.has(release) && reasonCodes[kind] !== undefined && (hasUsers || kind === 'need-unmet'))
      .map(({ kind, message, remedy }) => ({ code: reasonCodes[kind] ?? 'feature-stage', message, remedy }));
  }
}

/** The matrix of a manifest; made once. */
export const featureMatrixOf = remembered((manifest: Manifest) => new FeatureMatrix(manifest));

/** Problems that only the author of a manifest has to hear about have no code. */
const reasonCodes: Readonly<Record<string, Reason['code']>> = {
  removed: 'feature-removed',
  'removed-early': 'feature-removed',
  'stage-backwards': 'feature-stage',
  'need-unmet': 'feature-need',
};
