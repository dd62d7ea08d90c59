import type { TextRange } from '../../../core/text';
import { featureMatrixOf } from '../../compatibility/feature-matrix';
import { featureProblems, type FeatureProblem } from '../../compatibility/features/feature-problems';
import type { Requirement } from '../../compatibility/features/requirements';
import type { ManifestPath } from '../../../inputs/manifest/document';
import type { Manifest } from '../../../inputs/manifest/schema';
import type { FindingDraft } from '../check';
import type { ProjectContext } from '../../context/context';
import { entryOf, manifestPlace, placedReferences, releasePath, type UsableManifest, usableManifest } from './manifest-places';

/** What the manifest says of a feature in a release, given by its place in `manifest.releases`; the version where it says nothing. */
export function featurePath({ document, manifest }: UsableManifest, index: number, feature: string): ManifestPath {
  const entry = manifest.releases[index]?.features[feature];
  if (entry === undefined) return releasePath(document, index, 'version');
  return releasePath(document, index, 'features', feature, ...(typeof entry === 'string' ? [] : ['stage']));
}

function featureRange(usable: UsableManifest, index: number, feature: string): TextRange {
  return usable.document.rangeOf(featurePath(usable, index, feature));
}

/** The place of a need in the list of a feature. */
function needRange({ document }: UsableManifest, index: number, feature: string, need: string): TextRange {
  const list = releasePath(document, index, 'features', feature, 'needs');
  return document.rangeOf([...list, entryOf(document, list, 0, 'name', need)]);
}

/** The findings for some kinds of problems, at the feature and with the older release as a related place. */
export function* featureFindings(
  context: ProjectContext,
  kinds: readonly FeatureProblem['kind'][],
  more: (problem: FeatureProblem, range: TextRange, usable: UsableManifest) => Partial<FindingDraft> = () => ({}),
): Iterable<FindingDraft> {
  const usable = usableManifest(context);
  if (!usable) return;
  for (const problem of problemsOf(usable.manifest, context.today)) {
    if (!kinds.includes(problem.kind)) continue;
    const { feature, index, older, need, message, remedy } = problem;
    const range = need === undefined ? featureRange(usable, index, feature) : needRange(usable, index, feature, need);
    yield {
      range,
      message: headlineOf(problem),
      details: message,
      advice: remedy,
      related: older ? [manifestPlace(usable.document, featurePath(usable, older.index, feature), `${older.version} lists it here.`)] : [],
      ...more(problem, range, usable),
    };
  }
}

function headlineOf({ kind, feature, release, need = '', suggestion = '' }: FeatureProblem): string {
  switch (kind) {
    case 'removed':
      return `${release} removes ${feature} without deprecating it first`;
    case 'removed-early':
      return `${release} removes ${feature} earlier than promised`;
    case 'stage-backwards':
      return `${release} moves ${feature} back from ${suggestion} to preview`;
    case 'default-flipped':
      return `${release} turns ${feature} off by default without a major version bump`;
    case 'need-unmet':
      return `${feature} in ${release} needs ${need}, which ${release} does not have`;
    case 'need-in-preview':
      return `${feature} is stable in ${release}, but needs ${need}, which is a preview`;
    case 'no-replacement':
      return `${release} deprecates ${feature} without naming a replacement`;
  }
}

const known = new WeakMap<Manifest, { today: string | undefined; problems: readonly FeatureProblem[] }>();

/** Several checks look at the same problems. */
function problemsOf(manifest: Manifest, today: string | undefined): readonly FeatureProblem[] {
  const before = known.get(manifest);
  if (before && before.today === today) return before.problems;
  const problems = featureProblems(featureMatrixOf(manifest), today);
  known.set(manifest, { today, problems });
  return problems;
}

/** Where the manifest says a requirement. */
export function requirementPath(usable: UsableManifest, { by, of, index, name }: Requirement): ManifestPath {
  const { document } = usable;
  if (by === 'feature') return releasePath(document, index, 'features', of, 'requires', name);
  if (by === 'release') return releasePath(document, index, 'requires', name);
  const placed = [...placedReferences(usable)].find((each) => each.releaseIndex === index && each.id === of);
  return placed ? [...placed.path.slice(0, -1), 'requires', name] : releasePath(document, index, 'version');
}
