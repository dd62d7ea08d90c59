import { sentences } from '../../../core/wording';
import type { Check } from '../check';
import { comparedReleases, isAboutNotice, isMajorBump, relatedPlace } from '../support/api-changes';

export const check: Check = {
  id: 'api-breaking-change',
  hazards: ['M8'],
  severity: 'error',
  summary: 'Changes an API so that clients of an earlier release break.',
  *project(context) {
    for (const comparison of comparedReleases(context)) {
      const { api, kind, older, newer, stability, changes } = comparison;
      if (kind === 'json-schema' || newer.file === undefined) continue;
      const isAllowed = stability !== 'stable' || isMajorBump(comparison);
      for (const change of changes) {
        const { impact, message, details, place, before } = change;
        if (isAboutNotice(change) || (impact !== 'breaking' && (impact !== 'risky' || isAllowed))) continue;
        const isRisky = impact === 'risky';
        const clients = `${newer.release} ${isRisky ? 'may break' : 'breaks'} clients of ${api} built for ${older.release}`;
        const allowedBy =
          isRisky || !isAllowed ? '' : `, which ${stability === 'stable' ? 'its version number' : `a ${stability} API`} allows`;
        yield {
          ...place,
          severity: isRisky ? 'warning' : isAllowed ? 'info' : 'error',
          message,
          details: sentences(`${clients}${allowedBy}.`, details),
          advice: isRisky || isAllowed ? undefined : 'Keep the old form as well, or release a new major version.',
          related: relatedPlace(before, `Described here in ${older.release}.`),
        };
      }
    }
  },
};
