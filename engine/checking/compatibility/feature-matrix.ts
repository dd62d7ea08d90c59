import { featureOf, type FeatureStage, type Manifest } from '../../inputs/manifest/schema';
import { releaseGraph } from '../../inputs/releases/graph';
import { featureProblems } from './features/feature-problems';
import type { Reason } from './reason';

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

/** The features of a system by release, and the rules of how their stages may follow each other. */
export class FeatureMatrix {
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

const matrices = new WeakMap<Manifest, FeatureMatrix>();

/** The matrix of a manifest, which nobody changes; made once. */
export function featureMatrixOf(manifest: Manifest): FeatureMatrix {
  let matrix = matrices.get(manifest);
  if (!matrix) matrices.set(manifest, (matrix = new FeatureMatrix(manifest)));
  return matrix;
}

/** Problems that only the author of a manifest has to hear about have no code. */
const reasonCodes: Readonly<Record<string, Reason['code']>> = {
  removed: 'feature-removed',
  'removed-early': 'feature-removed',
  'stage-backwards': 'feature-stage',
  'need-unmet': 'feature-need',
};

function stateOf({ stage, default: stated, needs, requires, replacement, sunset }: ReturnType<typeof featureOf>): FeatureState {
  const isOn = stage !== 'removed' && (stated ?? stage !== 'preview');
  return { stage, isOn, needs, requires, replacement, sunset };
}
