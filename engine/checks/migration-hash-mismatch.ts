import { hashOf } from '../upgrade/sources';
import type { Check } from './check';
import { placedReferences, replaceInManifest, usableManifest } from './support/manifest-places';

export const check: Check = {
  id: 'migration-hash-mismatch',
  hazards: ['M12'],
  group: 'history',
  severity: 'error',
  summary: 'A migration is not what it was when its release was published.',
  *project(context) {
    for (const { kind, file, range, message, related } of context.directory?.problems ?? []) {
      if (kind === 'checksum') yield { file, range, message, related: related ?? [] };
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
        message: `Targets that ran ${id} before and targets that run it now come out different: it was changed after ${release} was published. Undo the change, and write what it was for as a new migration.`,
        related:
          migration && !reference.transform
            ? [{ file: migration.up.file, range: { start: 0, end: 0 }, message: 'The script that was changed.' }]
            : [],
        fixes: [
          { ...replaceInManifest(document, range, hash), title: `Take ${id} as it is now: nobody ran the old one`, preferred: false },
        ],
      };
    }
  },
};
