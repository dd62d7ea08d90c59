import type { Severity } from '../../../core/finding';
import type { BumpReason, RequiredBump } from '../../bump/required-bump';
import { requiredBump } from '../../bump/required-bump';
import { isHigher } from '../../compatibility/bump-level';
import { releaseGraph } from '../../../inputs/releases/graph';
import type { ReleaseNode } from '../../../inputs/releases/releases';
import type { Check, FindingDraft } from '../check';
import { manifestPlace, releasePath, replaceInManifest, type UsableManifest, usableManifest } from '../support/manifest-places';

export const check: Check = {
  id: 'bump-too-small',
  hazards: ['M2', 'M4'],
  severity: 'warning',
  summary: 'Raises the version less than the changes in the release require.',
  *project(context) {
    const usable = usableManifest(context);
    if (!usable) return;
    const { document, manifest } = usable;
    const { nodes } = releaseGraph(manifest);
    let reported: ReleaseNode | undefined;
    for (const node of nodes) {
      if (manifest.releases[node.index]?.yanked !== undefined) continue;
      const bump = requiredBump(context, node.version);
      if (!bump || bump.isEnough) continue;
      // The first pre-release of a version says it for all that follow.
      const isSaid = reported?.semver.compareMain(node.semver) === 0;
      reported = node;
      if (isSaid) continue;
      const tellers = bump.reasons.filter(({ level }) => isHigher(level, levelTold(bump)));
      const range = document.rangeOf(releasePath(document, node.index, 'version'));
      const isBefore1 = bump.older.semver.major === 0 && node.semver.major === 0;
      yield {
        range,
        hazards: isBefore1 ? ['M2', 'M4'] : ['M2'],
        severity: severityOf(tellers),
        ...textsOf(node, bump, tellers, isBefore1),
        related: [
          ...tellers.slice(0, mostRelated).map((reason) => ({ ...reason.place, message: reason.message })),
          manifestPlace(document, releasePath(document, bump.older.index, 'version'), `Compared with ${bump.older.version}.`),
        ],
        fixes: isFree(usable, nodes, node, bump.version) ? [replaceInManifest(document, range, bump.version)] : [],
      };
    }
  },
};

const mostRelated = 8;
const mostNamed = 3;

/** The highest level of change that the version announces. */
function levelTold({ actual, level, needed }: RequiredBump): RequiredBump['level'] {
  // Before 1.0.0 each number announces the next higher level.
  if (level === needed) return actual;
  return actual === 'patch' ? 'minor' : 'major';
}

function severityOf(reasons: readonly BumpReason[]): Severity {
  if (reasons.some(({ kind, level }) => kind === 'api' && level === 'major')) return 'error';
  return reasons.every(({ kind }) => kind === 'migration' || kind === 'contract') ? 'info' : 'warning';
}

function textsOf(
  { version }: ReleaseNode,
  { level, needed, ...bump }: RequiredBump,
  reasons: readonly BumpReason[],
  isBefore1: boolean,
): Pick<FindingDraft, 'message' | 'details' | 'advice'> {
  const changes = level === 'major' ? 'breaking changes' : 'more than fixes';
  const others = reasons.length - mostNamed;
  const details = [
    ...reasons.slice(0, mostNamed).map((reason) => reason.message),
    ...(others > 0 ? [`There ${others === 1 ? 'is one more reason' : `are ${others} more reasons`}.`] : []),
    ...(isBefore1 ? [`Before 1.0.0, the ${needed} number announces ${level === 'major' ? changes : 'additions'}.`] : []),
  ];
  return {
    message: `${version} contains ${changes} and needs a ${needed} version bump`,
    details: details.join(' '),
    advice: `Release it as ${bump.version} or later, or undo the changes.`,
  };
}

/** Only the last release can get another version, when nothing names it and the new one is above all others. */
function isFree({ manifest }: UsableManifest, nodes: readonly ReleaseNode[], node: ReleaseNode, version: string): boolean {
  if (node.index !== manifest.releases.length - 1) return false;
  const names = [
    ...manifest.stops,
    ...manifest.releases.map(({ downgrade }) => downgrade),
    ...manifest.risks.map(({ fixedIn }) => fixedIn),
  ];
  return !names.includes(node.version) && nodes.every((other) => other === node || other.semver.compare(version) < 0);
}
