import { sentences } from '../../../core/wording';
import type { Check } from '../check';
import { apiInManifest, comparedReleases, isAboutNotice, isMajorBump, relatedPlace } from '../support/api-changes';

export const check: Check = {
  id: 'api-removed-without-deprecation',
  hazards: ['M7', 'M8'],
  severity: 'error',
  summary: 'Removes an API, or a part of it, that no earlier release marked as deprecated for long enough.',
  *project(context) {
    for (const comparison of comparedReleases(context)) {
      const { api, kind, older, newer, stability, changes } = comparison;
      if (kind === 'json-schema' && newer.file !== undefined) continue;
      const isAllowed = stability !== 'stable' || isMajorBump(comparison);
      for (const change of changes) {
        const { announced, impact, message, details, before } = change;
        const isHarmful = impact === 'breaking' || impact === 'risky';
        if (!isAboutNotice(change) || !isHarmful || announced === true) continue;
        const isWhole = newer.file === undefined;
        const place = isWhole ? apiInManifest(context, api, newer) : change.place;
        const earlier = isWhole ? apiInManifest(context, api, older) : before;
        if (!place) continue;
        const isRemoval = announced === false;
        const clients = `clients of ${api} built for ${older.release}`;
        yield {
          ...place,
          hazards: isRemoval && !isAllowed ? ['M7', 'M8'] : ['M7'],
          severity: stability !== 'stable' ? 'info' : isAllowed || impact === 'risky' ? 'warning' : 'error',
          message,
          details: sentences(
            isRemoval
              ? `${newer.release} ${impact === 'breaking' ? 'breaks' : 'may break'} ${clients} without notice.`
              : `C${clients.slice(1)} cannot rely on the notice in ${newer.release}.`,
            details,
          ),
          advice: isRemoval ? 'Mark it as deprecated in one release, and remove it in a later one.' : undefined,
          related: relatedPlace(earlier, `Described here in ${older.release}.`),
        };
      }
    }
  },
};
