import { hashOf } from '../../../inputs/sources';
import type { Check } from '../check';
import { placedReferences, replaceInManifest, usableManifest } from '../support/manifest-places';
import { problemTexts } from '../support/problem-texts';

export const check: Check = {
  id: 'migration-hash-mismatch',
  hazards: ['M12'],
  severity: 'error',
  summary: 'Changes a migration after its release was published.',
  *project(context) {
    for (const { kind, file, range, message, related } of context.directory?.problems ?? []) {
      if (kind === 'checksum') yield { file, range, ...problemTexts(message), related: related ?? [] };
    }
    const usable = usableManifest(context);
    if (!usable) return;
    const { document } = usable;
    const migrations = new Map(context.directory?.migrations.map((migration) => [migration.id, migration]));
    for (const { reference, id, release, path } of placedReferences(usable)) {
      if (typeof reference === 'string' || reference.hash === undefined) continue;
      const migration = migrations.get(id);
      const hash = reference.transform ? hashOf(reference.transform) : migration && hashOf(migration.up);
      if (hash === undefined || hash === reference.hash) continue;
      const range = document.rangeOf([...path.slice(0, -1), 'hash']);
      yield {
        range,
        message: `${id} was changed after ${release} was published`,
        details: 'Targets that ran the published script and targets that run the changed one end up different.',
        advice: 'Undo the change and write a new migration.',
        related:
          migration && !reference.transform
            ? [{ file: migration.up.file, range: { start: 0, end: 0 }, message: 'This script was changed.' }]
            : [],
        fixes: [
          {
            ...replaceInManifest(document, range, hash),
            title: `Accept the changed ${id}: no target has run the old one`,
            preferred: false,
          },
        ],
      };
    }
  },
};
