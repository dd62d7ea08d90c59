import type { Check } from '../check';
import { apiInManifest } from '../support/api-changes';
import { problemTexts, sentence } from '../support/problem-texts';

export const check: Check = {
  id: 'api-invalid',
  hazards: [],
  severity: 'error',
  summary: 'Names an API description that cannot be read or compared, so changes to that API are not checked.',
  *project(context) {
    const seen = new Set<string>();
    for (const { api, newer, problem, place } of [...(context.apis ?? [])].reverse()) {
      if (!problem || seen.has(`${api} ${problem.message}`)) continue;
      seen.add(`${api} ${problem.message}`);
      const named = apiInManifest(context, api, newer);
      const at = place ?? named;
      if (!at) continue;
      const isTool = problem.code === 'api-tool-missing';
      const { message, details } = problemTexts(problem.message);
      const unchecked = `Changes to the API ${api} in ${newer.release} are not checked.`;
      yield {
        ...at,
        severity: isTool ? 'warning' : 'error',
        message,
        details: [details, problem.cause && sentence(problem.cause), unchecked].filter(Boolean).join(' '),
        advice: problem.remedy,
        related: place && named ? [{ ...named, message: `${newer.release} names the description here.` }] : [],
      };
    }
  },
};
