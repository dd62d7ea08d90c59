import type { Check } from './check';
import { apiInManifest } from './support/api-changes';

export const check: Check = {
  id: 'api-invalid',
  hazards: [],
  group: 'manifest',
  severity: 'error',
  summary: 'The description of an API cannot be used, so nothing that depends on it is checked.',
  *project(context) {
    const seen = new Set<string>();
    for (const { api, newer, problem, place } of [...(context.apis ?? [])].reverse()) {
      if (!problem || seen.has(`${api} ${problem.message}`)) continue;
      seen.add(`${api} ${problem.message}`);
      const named = apiInManifest(context, api, newer);
      const at = place ?? named;
      if (!at) continue;
      const isTool = problem.code === 'api-tool-missing';
      const cause = problem.cause === undefined ? '' : ` (${problem.cause.replace(/\.$/, '')})`;
      yield {
        ...at,
        severity: isTool ? 'warning' : 'error',
        message: `Nobody is told when ${api} of ${newer.release} breaks its clients. ${problem.message.replace(/\.$/, '')}${cause}. ${problem.remedy}`,
        related: place && named ? [{ ...named, message: `${newer.release} names it here.` }] : [],
      };
    }
  },
};
