import type { Check } from '../check';
import { problemTexts } from '../support/problem-texts';

export const check: Check = {
  id: 'migration-version-duplicate',
  hazards: ['M14', 'P52'],
  severity: 'error',
  summary: 'Gives two migrations the same version, so their order is undefined and one of them may never run.',
  *project({ directory, settlement }) {
    for (const { kind, file, range, message, related = [] } of directory?.problems ?? []) {
      if (kind !== 'duplicate-version') continue;
      // The one that databases have run stays; the new one is at fault, whatever their names.
      const [other] = related;
      const isOlder = other !== undefined && settlement.files.has(file) && !settlement.files.has(other.file);
      const texts = { ...problemTexts(message), advice: 'Give the newer migration another version.' };
      yield isOlder ? { ...other, ...texts, related: [{ ...other, file }] } : { file, range, ...texts, related };
    }
  },
};
