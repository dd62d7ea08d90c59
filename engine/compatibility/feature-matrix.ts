import { featureOf, type FeatureStage, featureStages, type Manifest } from '../manifest/schema';
import type { Reason } from './reason';

/** The features of a system by release, and the rules of how their stages may follow each other. */
export class FeatureMatrix {
  constructor(private readonly manifest: Manifest) {}

  /** The stage of a feature in a release; undefined where the release does not have it. */
  stage(feature: string, release: string): FeatureStage | undefined {
    const entry = this.manifest.releases.find((candidate) => candidate.version === release)?.features[feature];
    return entry && featureOf(entry).stage;
  }

  get features(): readonly string[] {
    return [...new Set(this.manifest.releases.flatMap((release) => Object.keys(release.features)))].sort();
  }

  /**
   * What breaks for a user of a feature on the way through `passes`: a stable feature that goes without having been
   * deprecated in a release before, and a stage that goes back, e.g. from stable to preview.
   */
  checkFeatures(current: string, passes: readonly string[]): Reason[] {
    return this.features.flatMap((feature) => {
      const reasons: Reason[] = [];
      let before = this.stage(feature, current);
      for (const release of passes) {
        const now = this.stage(feature, release);
        const reason = before === undefined ? undefined : judge(feature, release, before, now);
        if (reason) reasons.push(reason);
        before = now;
      }
      return reasons;
    });
  }
}

function judge(feature: string, release: string, before: FeatureStage, now: FeatureStage | undefined): Reason | undefined {
  const gone = now === undefined || now === 'removed';
  if (gone && before === 'stable') {
    return {
      code: 'feature-removed',
      message: `Release ${release} removes the feature ${feature}, which no release before it deprecated.`,
      remedy: `Mark ${feature} as deprecated in one release and remove it in a later one.`,
    };
  }
  if (!gone && before === 'removed') return undefined;
  if (!gone && featureStages.indexOf(now) < featureStages.indexOf(before) && !(before === 'deprecated' && now === 'stable')) {
    return {
      code: 'feature-stage',
      message: `Release ${release} takes the feature ${feature} back from ${before} to ${now}.`,
      remedy: 'Stages go from preview over stable and deprecated to removed.',
    };
  }
  return undefined;
}
