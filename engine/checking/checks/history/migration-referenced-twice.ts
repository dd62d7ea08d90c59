import type { Check } from '../check';
import { manifestPlace, placedReferences, usableManifest, type PlacedReference } from '../support/manifest-places';

export const check: Check = {
  id: 'migration-referenced-twice',
  hazards: ['M12'],
  severity: 'error',
  summary: 'Lists a migration twice, although it runs only once.',
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
        message: `${reference.id} does not run here: it already runs in ${first.release}`,
        advice: 'Remove one of the two entries. To run the statements again, write a new migration.',
        related: [manifestPlace(usable.document, first.path, `${first.release} lists it first.`)],
      };
    }
  },
};
