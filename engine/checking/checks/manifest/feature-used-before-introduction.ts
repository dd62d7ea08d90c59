import { listedBriefly } from '../../../core/wording';
import { type FeatureMatrix, featureMatrixOf } from '../../compatibility/feature-matrix';
import type { ManifestPath } from '../../../inputs/manifest/document';
import { suggest } from '../../../inputs/manifest/suggest';
import { releaseGraph } from '../../../inputs/releases/graph';
import type { Check, FindingDraft } from '../check';
import { featurePath } from '../support/feature-places';
import {
  manifestPlace,
  type PlacedReference,
  placedReferences,
  replaceInManifest,
  type UsableManifest,
  usableManifest,
} from '../support/manifest-places';

export const check: Check = {
  id: 'feature-used-before-introduction',
  hazards: ['M6', 'M24'],
  severity: 'error',
  summary: 'Lists a migration for a missing feature, or a contract step for a feature that only some running releases have.',
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
      message: `${id} is for the feature ${feature}, which ${release} does not have yet`,
      details: `${later.version} is the first release that has it.`,
      advice: `Move the migration to ${later.version}, or list the feature from ${release} on, for example as a preview.`,
      related: [manifestPlace(document, featurePath(usable, later.index, feature), `${later.version} introduces ${feature}.`)],
    };
  }
  const candidates = matrix.features.filter((name) =>
    matrix.releases.some(({ index, version }) => index <= releaseIndex && matrix.has(name, version)),
  );
  const meant = suggest(feature, candidates);
  return {
    range,
    message: `${id} is for the feature ${feature}, which no release up to ${release} has`,
    advice: meant === undefined ? `Add ${feature} to the features of ${release}, or correct the name.` : `Did you mean ${meant}?`,
    fixes: meant === undefined ? [] : [replaceInManifest(document, range, meant)],
  };
}

/**
 * A contract migration removes either what a release without the feature needs, so the feature must be on everywhere, or what a
 * release with the feature needs, so the feature must be removed everywhere.
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
  const differs =
    choosing.length > 0
      ? `${feature} is optional in ${listedBriefly(choosing)}`
      : `${listedBriefly(without)} ${without.length === 1 ? 'lacks' : 'lack'} ${feature}, ${listedBriefly(withIt)} ${withIt.length === 1 ? 'has' : 'have'} it`;
  const other = choosing[0] ?? (without.includes(release) ? withIt[0] : without[0]);
  const index = matrix.releases.find(({ version }) => version === other)?.index;
  yield {
    range: document.rangeOf(path),
    hazards: ['M24'],
    severity: 'warning',
    message: `${id} may break a running release: ${differs}`,
    details: `All of these releases may run together with ${release}, and the contract step removes what some of them need.`,
    advice: `Move ${id} to a release in whose window every release has ${feature} on, or every release has it removed.`,
    related: index === undefined ? [] : [manifestPlace(document, featurePath(usable, index, feature), `Compare with ${other ?? ''}.`)],
  };
}
