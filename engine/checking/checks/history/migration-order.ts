import type { Check } from '../check';
import { manifestPlace, placedReferences, usableManifest, type PlacedReference } from '../support/manifest-places';
import { problemTexts } from '../support/problem-texts';

export const check: Check = {
  id: 'migration-order',
  hazards: ['M13', 'P52'],
  severity: 'warning',
  summary: 'Runs migrations in another order than the directory, so databases can end up different.',
  *project(context) {
    for (const { kind, file, range, message, related } of context.directory?.problems ?? []) {
      if (kind === 'order') yield { file, range, ...problemTexts(message), related: related ?? [] };
    }
    const usable = usableManifest(context);
    if (!usable || !context.directory || context.directory.layout === 'loose') return;
    const ordered = context.directory.migrations.filter((migration) => !migration.repeatable);
    const places = new Map(ordered.map((migration, place) => [migration.id, place]));
    const seen = new Set<string>();
    let before: PlacedReference | undefined;
    for (const reference of placedReferences(usable)) {
      const place = places.get(reference.id);
      if (place === undefined || seen.has(reference.id)) continue;
      seen.add(reference.id);
      if (before && place < places.get(before.id)!) {
        yield {
          range: usable.document.rangeOf(reference.path),
          message: `${reference.id} runs after ${before.id} here, but before it in the directory`,
          details: `Databases that ran the migrations in the order of the directory (${context.directory.layout}) can end up different.`,
          advice: `List ${reference.id} before ${before.id}, or give it a later version.`,
          related: [manifestPlace(usable.document, before.path, `${before.id} runs first.`)],
        };
      }
      before = reference;
    }
  },
};
