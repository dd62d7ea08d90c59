import type { Check } from './check';

export const check: Check = {
  id: 'migration-version-duplicate',
  hazards: ['M14', 'P52'],
  group: 'history',
  severity: 'error',
  summary: 'Two migrations have the same version, so their order is open and one of them may never run.',
  *project({ directory, settlement }) {
    for (const { kind, file, range, message, related = [] } of directory?.problems ?? []) {
      if (kind !== 'duplicate-version') continue;
      // The one that databases have run stays; the new one is at fault, whatever their names.
      const [other] = related;
      const isOlder = other !== undefined && settlement.files.has(file) && !settlement.files.has(other.file);
      yield isOlder ? { ...other, message, related: [{ ...other, file }] } : { file, range, message, related };
    }
  },
};
