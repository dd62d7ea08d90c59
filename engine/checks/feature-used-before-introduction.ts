import { listed } from '../core/wording';
import { type FeatureMatrix, featureMatrixOf } from '../compatibility/feature-matrix';
import type { ManifestPath } from '../manifest/document';
import { suggest } from '../manifest/suggest';
import { releaseGraph } from '../versions/graph';
import type { Check, FindingDraft } from './check';
import { featurePath } from './support/feature-places';
import {
  manifestPlace,
  type PlacedReference,
  placedReferences,
  replaceInManifest,
  type UsableManifest,
  usableManifest,
} from './support/manifest-places';

export const check: Check = {
  id: 'feature-used-before-introduction',
  hazards: ['M6', 'M24'],
  group: 'manifest',
  severity: 'error',
  summary: 'A migration is for a feature that no release has yet, or removes what is needed while the feature is not the same everywhere.',
  *project(context) {
    const usable = usableManifest(context);
    if (!usable) return;
    const matrix = featureMatrixOf(usable.manifest);
    for (const placed of placedReferences(usable)) {
      const { reference, releaseIndex } = placed;
      if (typeof reference === 'string' || reference.feature === undefined) continue;
      const { feature } = reference;
      const path: ManifestPath = [...placed.path.slice(0, -1), 'feature'];
      const isThere = matrix.releases.some(({ index, version }) => index <= releaseIndex && matrix.has(feature, version));
      if (!isThere) yield { ...notIntroduced(usable, matrix, placed, feature, path), hazards: ['M6'] };
      else if (reference.phase === 'contract') yield* contractedTooEarly(usable, matrix, placed, feature, path);
    }
  },
};

function notIntroduced(
  usable: UsableManifest,
  matrix: FeatureMatrix,
  placed: PlacedReference,
  feature: string,
  path: ManifestPath,
): FindingDraft {
  const { document } = usable;
  const { id, release, releaseIndex } = placed;
  const range = document.rangeOf(path);
  const later = matrix.releases.find(({ index, version }) => index > releaseIndex && matrix.has(feature, version));
  if (later) {
    return {
      range,
      message: `${id} runs with ${release} for nobody: it is for ${feature}, which comes only with ${later.version}. Move the migration there, or list the feature from ${release} on, as a preview for instance.`,
      related: [manifestPlace(document, featurePath(usable, later.index, feature), `${feature} comes with ${later.version}.`)],
    };
  }
  const candidates = matrix.features.filter((name) =>
    matrix.releases.some(({ index, version }) => index <= releaseIndex && matrix.has(name, version)),
  );
  const meant = suggest(feature, candidates);
  const advice = meant === undefined ? `List ${feature} among the features of ${release}, or correct the name.` : `Did you mean ${meant}?`;
  return {
    range,
    message: `Nobody can tell what ${id} is for: no release up to ${release} has a feature ${feature}. ${advice}`,
    fixes: meant === undefined ? [] : [replaceInManifest(document, range, meant)],
  };
}

/**
 * What a contract migration takes away is what one needs without the feature, so it must be on everywhere, or what one needs with
 * it, so it must be gone everywhere.
 */
function* contractedTooEarly(
  usable: UsableManifest,
  matrix: FeatureMatrix,
  { id, release }: PlacedReference,
  feature: string,
  path: ManifestPath,
): Iterable<FindingDraft> {
  const { document } = usable;
  const isListed = new Set(matrix.releases.map(({ version }) => version));
  const running = [...new Set([...releaseGraph(usable.manifest).releasesInWindow(release), release])].filter((each) => isListed.has(each));
  const withIt = running.filter((each) => matrix.state(feature, each)?.isOn === true);
  const choosing = running.filter((each) => matrix.has(feature, each) && matrix.state(feature, each)?.isOn === false);
  const without = running.filter((each) => !matrix.has(feature, each));
  if (choosing.length === 0 && (withIt.length === 0 || without.length === 0)) return;
  const state =
    choosing.length > 0
      ? `in ${listed(choosing)} one may use it or not`
      : `${listed(without)} ${without.length === 1 ? 'works' : 'work'} without it and ${listed(withIt)} with it`;
  const other = choosing[0] ?? (without.includes(release) ? withIt[0] : without[0]);
  const index = matrix.releases.find(({ version }) => version === other)?.index;
  yield {
    range: document.rangeOf(path),
    hazards: ['M24'],
    severity: 'warning',
    message: `${id} takes away what a part of the running system needs: it removes something because of ${feature}, but ${state}, and all of them may run when ${release} does. Remove it in a release in whose window ${feature} is on everywhere, or gone everywhere.`,
    related:
      index === undefined ? [] : [manifestPlace(document, featurePath(usable, index, feature), `This is how it is in ${other ?? ''}.`)],
  };
}
