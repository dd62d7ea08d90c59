import type { Check } from './check';
import { apiInManifest, comparedReleases, isAboutNotice, isMajorBump, relatedPlace } from './support/api-changes';

export const check: Check = {
  id: 'api-removed-without-deprecation',
  hazards: ['M7', 'M8'],
  group: 'clients',
  severity: 'error',
  summary: 'An API or a part of it is gone that no earlier release had announced as deprecated.',
  *project(context) {
    for (const comparison of comparedReleases(context)) {
      const { api, kind, older, newer, stability, changes } = comparison;
      if (kind === 'json-schema' && newer.file !== undefined) continue;
      const isAllowed = stability !== 'stable' || isMajorBump(comparison);
      for (const change of changes) {
        const { announced, impact, message, before } = change;
        const isHarmful = impact === 'breaking' || impact === 'risky';
        if (!isAboutNotice(change) || !isHarmful || announced === true) continue;
        const isWhole = newer.file === undefined;
        const place = isWhole ? apiInManifest(context, api, newer) : change.place;
        const earlier = isWhole ? apiInManifest(context, api, older) : before;
        if (!place) continue;
        const isRemoval = announced === false;
        const notice = isRemoval
          ? ` ${older.release} did not say that it would go: mark it as deprecated in one release and remove it in a later one.`
          : '';
        yield {
          ...place,
          hazards: isRemoval && !isAllowed ? ['M7', 'M8'] : ['M7'],
          severity: stability !== 'stable' ? 'info' : isAllowed || impact === 'risky' ? 'warning' : 'error',
          message: isRemoval
            ? `Clients of ${api} that work with ${older.release} break without notice at ${newer.release}: ${message}${notice}`
            : `Clients of ${api} cannot rely on what ${newer.release} announces: ${message}`,
          related: relatedPlace(earlier, `${older.release} still has it.`),
        };
      }
    }
  },
};
