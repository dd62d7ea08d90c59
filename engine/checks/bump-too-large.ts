import { type RequiredBump, requiredBump } from '../compatibility/bump/required-bump';
import { isHigher } from '../compatibility/bump/bump-level';
import type { Manifest } from '../manifest/schema';
import { releaseGraph } from '../versions/graph';
import type { ReleaseNode } from '../versions/releases';
import type { Check, ProjectContext } from './check';
import { manifestPlace, releasePath, usableManifest } from './support/manifest-places';

export const check: Check = {
  id: 'bump-too-large',
  hazards: ['M3'],
  group: 'manifest',
  severity: 'hint',
  summary: 'The version of a release announces a break or something new that its changes do not hold.',
  *project(context) {
    const usable = usableManifest(context);
    if (!usable) return;
    const { document, manifest } = usable;
    let before: ReleaseNode | undefined;
    for (const node of releaseGraph(manifest).nodes) {
      const isPreRelease = before?.semver.compareMain(node.semver) === 0;
      before = node;
      if (manifest.releases[node.index]?.yanked !== undefined || isPreRelease) continue;
      const bump = requiredBump(context, node.version);
      if (!bump || !isHigher(bump.actual, bump.needed) || bump.older.semver.major === 0) continue;
      if (!isDescribed(context, manifest, node, bump) || isWarranted(bump)) continue;
      const announced = bump.actual === 'major' ? 'that something breaks' : 'something new';
      const found = bump.actual === 'major' ? 'nothing that breaks' : 'nothing new';
      yield {
        range: document.rangeOf(releasePath(document, node.index, 'version')),
        message: `Some stay behind for no reason: ${node.version} announces ${announced}, and its APIs, features, requirements and migrations hold ${found}. As far as they tell, ${bump.version} would do.`,
        related: [
          manifestPlace(document, releasePath(document, bump.older.index, 'version'), `It is compared with ${bump.older.version}.`),
        ],
      };
    }
  },
};

/** True when the manifest says enough of both releases to judge: of their APIs, of which all could be compared, or of features. */
function isDescribed({ apis = [] }: ProjectContext, { releases }: Manifest, node: ReleaseNode, { older }: RequiredBump): boolean {
  const [was, now] = [releases[older.index], releases[node.index]];
  if (!was || !now) return false;
  const unknown = apis.some(({ newer, problem }) => problem && newer.index >= older.index && newer.index <= node.index);
  const both = (key: 'apis' | 'features') => Object.keys(was[key]).length > 0 && Object.keys(now[key]).length > 0;
  const areCompared = Object.keys(now.apis).every((api) => !(api in was.apis) || apis.some((each) => each.api === api));
  return !unknown && areCompared && (both('apis') || both('features'));
}

/** What is taken away from the schema, or changes that may break somebody, are reason enough for a careful author. */
function isWarranted({ actual, reasons }: RequiredBump): boolean {
  return actual === 'major' && reasons.some(({ kind }) => kind === 'contract');
}
