import { type RequiredBump, requiredBump } from '../../bump/required-bump';
import { isHigher } from '../../compatibility/bump-level';
import type { Manifest } from '../../../inputs/manifest/schema';
import { releaseGraph } from '../../../inputs/releases/graph';
import type { ReleaseNode } from '../../../inputs/releases/releases';
import type { Check } from '../check';
import type { ProjectContext } from '../../context/context';
import { manifestPlace, releasePath, usableManifest } from '../support/manifest-places';

export const check: Check = {
  id: 'bump-too-large',
  hazards: ['M3'],
  severity: 'hint',
  summary: 'Raises the major or minor version without a breaking change or an addition that requires it.',
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
      const { version: older } = bump.older;
      const missing = bump.actual === 'major' ? `no change since ${older} is breaking` : `nothing is new since ${older}`;
      yield {
        range: document.rangeOf(releasePath(document, node.index, 'version')),
        message: `${node.version} raises the ${bump.actual} version, but ${missing}`,
        details: 'This compares the APIs, features, requirements, formats and migrations that the manifest lists.',
        advice: `Release it as ${bump.version}, unless a change that the manifest does not list requires ${node.version}.`,
        related: [manifestPlace(document, releasePath(document, bump.older.index, 'version'), `Compared with ${older}.`)],
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
