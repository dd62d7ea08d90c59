import { requirementsIn, supportedBy, titleOf } from '../../compatibility/features/requirements';
import { isWithin, lowestOnlyIn, readRange, spoken } from '../../compatibility/features/version-ranges';
import { announcesBreak } from '../../compatibility/bump-level';
import { featureMatrixOf } from '../../compatibility/feature-matrix';
import { parseVersion } from '../../../core/versions';
import type { Check } from '../check';
import { requirementPath } from '../support/feature-places';
import { manifestPlace, usableManifest } from '../support/manifest-places';

export const check: Check = {
  id: 'requirement-narrowed',
  hazards: ['M21'],
  severity: 'warning',
  summary: 'Drops a version of a runtime that the previous release supports.',
  *project(context) {
    const usable = usableManifest(context);
    if (!usable) return;
    const { document, manifest } = usable;
    const { releases } = featureMatrixOf(manifest);
    for (const [place, { version, index }] of releases.entries()) {
      const older = releases[place - 1];
      const versions = [older && parseVersion(older.version), parseVersion(version)] as const;
      if (!older || !versions[0] || !versions[1] || announcesBreak(versions[0], versions[1])) continue;
      const [was, release] = [manifest.releases[older.index], manifest.releases[index]];
      for (const requirement of release ? requirementsIn(release, index) : []) {
        const { name, by, of } = requirement;
        if (by === 'feature' || was?.requires[name] === requirement.range) continue;
        const before = supportedBy(manifest, older.index, name);
        const now = readRange(requirement.range);
        if (!before || !now || isWithin(before, now)) continue;
        const lost = lowestOnlyIn(before, now);
        const what = lost === undefined ? `some ${titleOf(name)} versions` : `${titleOf(name)} ${spoken(lost)}`;
        const who = by === 'migration' ? `Migration ${of}` : version;
        const source = (was ? requirementsIn(was, older.index) : []).find((each) => each.name === name && each.by !== 'feature');
        yield {
          range: document.rangeOf(requirementPath(usable, requirement)),
          message: `Installations of ${older.version} on ${what} cannot upgrade to ${version}`,
          details: `${who} requires ${requirement.range}, but the version number announces no breaking change.`,
          advice: `Continue to support ${what}, or make the release a new major version.`,
          related: source ? [manifestPlace(document, requirementPath(usable, source), `The requirement of ${older.version}.`)] : [],
        };
      }
    }
  },
};
