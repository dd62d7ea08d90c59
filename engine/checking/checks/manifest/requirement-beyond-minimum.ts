import { capitalised } from '../../../core/wording';
import { requirementsOf, supportedBy } from '../../compatibility/features/requirements';
import { haveCommon, lowestOf, readRange } from '../../compatibility/features/version-ranges';
import type { RelatedPlace } from '../../../core/finding';
import type { Check, FindingDraft } from '../check';
import type { ProjectContext } from '../../context/context';
import { requirementPath } from '../support/feature-places';
import { manifestPlace, replaceInManifest, statedValue, type UsableManifest, usableManifest } from '../support/manifest-places';
import { firstFitting } from '../support/headline';

export const check: Check = {
  id: 'requirement-beyond-minimum',
  hazards: ['M21'],
  severity: 'warning',
  summary: 'Supports other PostgreSQL versions than those for which the scripts are checked.',
  *project(context) {
    const usable = usableManifest(context);
    if (!usable) return;
    yield* newerThanMinimum(usable, context);
    yield* olderThanMinimum(usable, context);
  },
};

/** A requirement that no server of the oldest version meets, although no earlier release dropped it. */
function* newerThanMinimum(usable: UsableManifest, { minimum }: ProjectContext): Iterable<FindingDraft> {
  const { document, manifest } = usable;
  const oldest = readRange(`${minimum}.x`);
  if (!oldest) return;
  let isSupportedBefore = false;
  for (const requirement of requirementsOf(manifest)) {
    const { name, by, of, index, release } = requirement;
    const range = name === 'postgresql' && by !== 'feature' ? readRange(requirement.range) : undefined;
    if (!range) continue;
    if (haveCommon(range, oldest)) {
      isSupportedBefore ||= by === 'release';
      continue;
    }
    const own = manifest.releases[index]?.requires['postgresql'];
    const releaseRange = own === undefined ? undefined : readRange(own);
    const allows = releaseRange ? haveCommon(releaseRange, oldest) : !isSupportedBefore;
    // A release may drop the oldest server, which is another check's matter; its migrations then go along.
    if (by === 'release' ? isSupportedBefore : !allows) continue;
    const who = by === 'migration' ? `migration ${of}` : release;
    const promise =
      by === 'migration' && own !== undefined ? `${release} supports PostgreSQL ${minimum}` : `\`migrations.minimum\` is ${minimum}`;
    yield {
      range: document.rangeOf(requirementPath(usable, requirement)),
      message: firstFitting([
        `Installations on PostgreSQL ${minimum} cannot upgrade: ${who} requires ${requirement.range}`,
        `Installations on PostgreSQL ${minimum} cannot upgrade to ${release}`,
      ]),
      details: `${capitalised(promise)}.`,
      advice:
        by === 'migration'
          ? `Add the requirement to ${release}, so that the upgrade is refused before it starts.`
          : 'Raise `migrations.minimum`, or lower the requirement.',
      related: minimumPlace(usable, minimum),
    };
  }
}

/** The oldest server that some release claims to support, when the scripts are only checked for newer ones. */
function* olderThanMinimum(usable: UsableManifest, { minimum }: ProjectContext): Iterable<FindingDraft> {
  const { document, manifest } = usable;
  const claims = requirementsOf(manifest).flatMap((requirement) => {
    if (requirement.name !== 'postgresql' || requirement.by !== 'release') return [];
    const lowest = supportedBy(manifest, requirement.index, 'postgresql');
    const major = lowest && lowestOf(lowest)?.major;
    return major !== undefined && major < minimum ? [{ requirement, major }] : [];
  });
  const oldest = Math.min(...claims.map(({ major }) => major));
  const claim = claims.find(({ major }) => major === oldest);
  if (!claim) return;
  const { requirement } = claim;
  const stated = statedValue(document, ['migrations', 'minimum']);
  yield {
    range: document.rangeOf(requirementPath(usable, requirement)),
    message: `Scripts are not checked for PostgreSQL ${oldest}, which ${requirement.release} supports`,
    details: `${requirement.release} requires "${requirement.range}", but the scripts are checked for PostgreSQL ${minimum} and newer.`,
    advice: `Set \`migrations.minimum\` to "${oldest}", or require a newer server.`,
    related: minimumPlace(usable, minimum),
    fixes: stated ? [{ ...replaceInManifest(document, stated, `"${oldest}"`), title: `Set migrations.minimum to "${oldest}"` }] : [],
  };
}

function minimumPlace({ document }: UsableManifest, minimum: number): RelatedPlace[] {
  const path = ['migrations', 'minimum'];
  return statedValue(document, path) ? [manifestPlace(document, path, `Sets PostgreSQL ${minimum} as the oldest server.`)] : [];
}
