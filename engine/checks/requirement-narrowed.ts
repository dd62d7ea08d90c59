import { requirementsOf, supportedBy, titleOf } from '../compatibility/features/requirements';
import { isWithin, lowestOnlyIn, readRange, spoken } from '../compatibility/features/version-ranges';
import { announcesBreak } from '../compatibility/bump/bump-level';
import { FeatureMatrix } from '../compatibility/feature-matrix';
import { parseVersion } from '../versions/releases';
import type { Check } from './check';
import { requirementPath } from './support/feature-places';
import { manifestPlace, usableManifest } from './support/manifest-places';

export const check: Check = {
  id: 'requirement-narrowed',
  hazards: ['M21'],
  group: 'manifest',
  severity: 'warning',
  summary: 'A release drops a version of a runtime that the release before it supports.',
  *project(context) {
    const usable = usableManifest(context);
    if (!usable) return;
    const { document, manifest } = usable;
    const { releases } = new FeatureMatrix(manifest);
    const requirements = requirementsOf(manifest);
    for (const [place, { version, index }] of releases.entries()) {
      const older = releases[place - 1];
      const versions = [older && parseVersion(older.version), parseVersion(version)] as const;
      if (!older || !versions[0] || !versions[1] || announcesBreak(versions[0], versions[1])) continue;
      for (const requirement of requirements) {
        if (requirement.index !== index || requirement.by === 'feature') continue;
        const { name, by, of } = requirement;
        const before = supportedBy(manifest, older.index, name);
        const now = readRange(requirement.range);
        if (!before || !now || isWithin(before, now)) continue;
        const lost = lowestOnlyIn(before, now);
        const what = lost === undefined ? `some versions of ${titleOf(name)}` : `${titleOf(name)} ${spoken(lost)}`;
        const who = by === 'migration' ? `its migration ${of} requires ${requirement.range}` : `it requires ${requirement.range}`;
        const source = requirements.find((each) => each.index === older.index && each.name === name && each.by !== 'feature');
        yield {
          range: document.rangeOf(requirementPath(usable, requirement)),
          message: `Systems on ${what} run ${older.version} and cannot take ${version}, though its version says that nothing breaks: ${who}. Go on supporting it, or make the release a new major version.`,
          related: source ? [manifestPlace(document, requirementPath(usable, source), `${older.version} requires less.`)] : [],
        };
      }
    }
  },
};
