import type { Check } from './check';
import { comparedReleases, isAboutNotice, isMajorBump, relatedPlace } from './support/api-changes';

export const check: Check = {
  id: 'api-breaking-change',
  hazards: ['M8'],
  group: 'clients',
  severity: 'error',
  summary: 'Clients of an earlier release break at this one, because an API changed in a way that they cannot follow.',
  *project(context) {
    for (const comparison of comparedReleases(context)) {
      const { api, kind, older, newer, stability, changes } = comparison;
      if (kind === 'json-schema' || newer.file === undefined) continue;
      const isAllowed = stability !== 'stable' || isMajorBump(comparison);
      for (const change of changes) {
        const { impact, message, place, before } = change;
        if (isAboutNotice(change) || (impact !== 'breaking' && (impact !== 'risky' || isAllowed))) continue;
        const [verb, advice] =
          impact === 'risky'
            ? ['may break', '']
            : isAllowed
              ? ['break', stability === 'stable' ? ' The new major version says so.' : ` The API is ${stability}.`]
              : ['break', ' Keep what they use beside the new, or make the release a new major version.'];
        yield {
          ...place,
          severity: impact === 'risky' ? 'warning' : isAllowed ? 'info' : 'error',
          message: `Clients of ${api} that work with ${older.release} ${verb} at ${newer.release}: ${message}${advice}`,
          related: relatedPlace(before, `This is how it was in ${older.release}.`),
        };
      }
    }
  },
};
