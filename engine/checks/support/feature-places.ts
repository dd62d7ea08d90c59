import type { TextRange } from '../../core/text';
import { featureMatrixOf } from '../../compatibility/feature-matrix';
import { featureProblems, type FeatureProblem } from '../../compatibility/features/feature-problems';
import type { Requirement } from '../../compatibility/features/requirements';
import type { ManifestPath } from '../../manifest/document';
import type { Manifest } from '../../manifest/schema';
import type { FindingDraft, ProjectContext } from '../check';
import { entryOf, manifestPlace, placedReferences, releasePath, type UsableManifest, usableManifest } from './manifest-places';

/** What the manifest says of a feature in a release, given by its place in `manifest.releases`; the version where it says nothing. */
export function featurePath({ document, manifest }: UsableManifest, index: number, feature: string): ManifestPath {
  const entry = manifest.releases[index]?.features[feature];
  if (entry === undefined) return releasePath(document, index, 'version');
  return releasePath(document, index, 'features', feature, ...(typeof entry === 'string' ? [] : ['stage']));
}

export function featureRange(usable: UsableManifest, index: number, feature: string): TextRange {
  return usable.document.rangeOf(featurePath(usable, index, feature));
}

/** The place of a need in the list of a feature. */
export function needRange({ document }: UsableManifest, index: number, feature: string, need: string): TextRange {
  const list = releasePath(document, index, 'features', feature, 'needs');
  return document.rangeOf([...list, entryOf(document, list, 0, 'name', need)]);
}

/** The findings for some kinds of problems, at the feature and with the older release beside it. */
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
      message: `${message} ${remedy}`,
      related: older
        ? [manifestPlace(usable.document, featurePath(usable, older.index, feature), `This is how it is in ${older.version}.`)]
        : [],
      ...more(problem, range, usable),
    };
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
