import { featureOf, type FeatureStage, type Manifest } from '../../../inputs/manifest/schema';
import { releaseGraph } from '../../../inputs/releases/graph';

/** What a release says of a feature that it has. */
export interface FeatureState {
  readonly stage: FeatureStage;
  /** Whether it is on where nobody chose. */
  readonly isOn: boolean;
  readonly needs: readonly string[];
  readonly requires: Readonly<Record<string, string>>;
  readonly replacement: string | undefined;
  /** `YYYY-MM-DD` */
  readonly sunset: string | undefined;
}

/** A release in which features are told. */
export interface MatrixRelease {
  readonly version: string;
  /** Place in `manifest.releases`. */
  readonly index: number;
}

/** What each release of a manifest says of each feature. */
export class FeatureStates {
  /** In the manifest's order, without those that were yanked or have no version that can be compared. */
  readonly releases: readonly MatrixRelease[];
  /** In alphabetical order. */
  readonly features: readonly string[];
  readonly #indexes: ReadonlyMap<string, number>;

  constructor(readonly manifest: Manifest) {
    this.releases = releaseGraph(manifest)
      .nodes.filter(({ index }) => manifest.releases[index]?.yanked === undefined)
      .map(({ version, index }) => ({ version, index }));
    this.features = [...new Set(manifest.releases.flatMap((release) => Object.keys(release.features)))].sort();
    this.#indexes = new Map(manifest.releases.map(({ version }, index) => [version, index]));
  }

  /** What a release says of a feature; undefined where the release does not name it. */
  state(feature: string, release: string): FeatureState | undefined {
    const entry = this.manifest.releases[this.#indexes.get(release) ?? -1]?.features[feature];
    return entry && stateOf(featureOf(entry));
  }

  /** The stage of a feature in a release; undefined where the release does not name it. */
  stage(feature: string, release: string): FeatureStage | undefined {
    return this.state(feature, release)?.stage;
  }

  /** True when one can use the feature in that release. */
  has(feature: string, release: string): boolean {
    const stage = this.stage(feature, release);
    return stage !== undefined && stage !== 'removed';
  }
}

function stateOf({ stage, default: stated, needs, requires, replacement, sunset }: ReturnType<typeof featureOf>): FeatureState {
  const isOn = stage !== 'removed' && (stated ?? stage !== 'preview');
  return { stage, isOn, needs, requires, replacement, sunset };
}
