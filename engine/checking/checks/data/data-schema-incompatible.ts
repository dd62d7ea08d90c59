import type { Severity } from '../../../core/finding';
import { listed, sentences } from '../../../core/wording';
import type { ApiChange } from '../../compatibility/apis/api-format';
import type { Check, FindingDraft } from '../check';
import { comparedReleases, relatedPlace } from '../support/api-changes';

export const check: Check = {
  id: 'data-schema-incompatible',
  hazards: ['M9'],
  severity: 'error',
  summary: 'Changes the schema of data in a way that breaks the compatibility that the manifest promises.',
  *project(context) {
    // The same change against several releases is one finding that names them all.
    const found = new Map<string, { readonly draft: FindingDraft; readonly releases: string[]; readonly promise: string }>();
    for (const { api, kind, older, newer, stability, compatibility, changes } of comparedReleases(context)) {
      if (kind !== 'json-schema' || newer.file === undefined) continue;
      for (const change of changes) {
        const severity = severityOf(change, stability);
        if (!severity) continue;
        const { id, message, details, place, before } = change;
        const related = relatedPlace(before, `Described here in ${older.release}.`);
        const key = JSON.stringify([api, newer.release, id, message, details, place]);
        const known = found.get(key);
        known?.releases.push(older.release);
        const draft: FindingDraft = known
          ? { ...known.draft, related: [...(known.draft.related ?? []), ...related] }
          : { ...place, severity, message, details, related };
        const promise = `${newer.release} promises ${compatibility} compatibility of ${api} with`;
        found.set(key, { draft, releases: known?.releases ?? [older.release], promise });
      }
    }
    for (const { draft, releases, promise } of found.values()) {
      yield { ...draft, details: sentences(draft.details, `${promise} ${listed(releases)}.`) };
    }
  },
};

/** Undefined for what keeps the promise. Undescribed properties in existing data rarely differ from what a later release describes. */
function severityOf({ id, impact }: ApiChange, stability: string): Severity | undefined {
  if (impact !== 'breaking' && impact !== 'risky') return undefined;
  if (stability !== 'stable' || /^property-(added-to|removed-from)-open-model$/.test(id)) return 'info';
  return impact === 'breaking' ? 'error' : 'warning';
}
