import { requirementsOf } from '../../compatibility/features/requirements';
import { parseRange } from '../../../core/versions';
import type { Check } from '../check';
import { requirementPath } from '../support/feature-places';
import { usableManifest } from '../support/manifest-places';
import { firstFitting } from '../support/headline';

export const check: Check = {
  id: 'requirement-invalid',
  hazards: [],
  severity: 'error',
  summary: 'Has a requirement that is not a version range, so no version satisfies it.',
  *project(context) {
    const usable = usableManifest(context);
    if (!usable) return;
    for (const requirement of requirementsOf(usable.manifest)) {
      const { name, range, release, by, of } = requirement;
      if (parseRange(range)) continue;
      const who = by === 'release' ? release : `${of} in ${release}`;
      yield {
        range: usable.document.rangeOf(requirementPath(usable, requirement)),
        message: firstFitting([
          `No ${name} version meets the requirement of ${who}: "${range}" is not a version range`,
          `No ${name} version meets this requirement: "${range}" is not a version range`,
          `No ${name} version meets this requirement, which is not a version range`,
        ]),
        advice: 'Write a range such as ">=15".',
      };
    }
  },
};
