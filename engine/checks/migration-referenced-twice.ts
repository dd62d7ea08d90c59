import type { Check } from './check';
import { manifestPlace, placedReferences, usableManifest, type PlacedReference } from './support/manifest-places';

export const check: Check = {
  id: 'migration-referenced-twice',
  hazards: ['M12'],
  group: 'history',
  severity: 'error',
  summary: 'A migration is listed twice, but can run only once.',
  *project(context) {
    const usable = usableManifest(context);
    if (!usable) return;
    const firsts = new Map<string, PlacedReference>();
    for (const reference of placedReferences(usable)) {
      const first = firsts.get(reference.id);
      if (!first) {
        firsts.set(reference.id, reference);
        continue;
      }
      yield {
        range: usable.document.rangeOf(reference.path),
        message: `${reference.id} does not run here: it has run with ${first.release} already, and runs only once.`,
        related: [manifestPlace(usable.document, first.path, `Listed first in ${first.release}.`)],
      };
    }
  },
};
