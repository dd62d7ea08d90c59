import type { Check } from './check';

export const check: Check = {
  id: 'migration-version-duplicate',
  hazards: ['M14', 'P52'],
  group: 'history',
  severity: 'error',
  summary: 'Two migrations have the same version, so their order is open and one of them may never run.',
  *project({ directory }) {
    for (const { kind, file, range, message, related } of directory?.problems ?? []) {
      if (kind === 'duplicate-version') yield { file, range, message, related: related ?? [] };
    }
  },
};
