import type { Check } from './check';

export const check: Check = {
  id: 'byte-order-mark',
  hazards: ['M12'],
  group: 'syntax',
  severity: 'error',
  summary: 'A script begins with a byte-order mark, which its migration tool does not leave out.',
  *project({ directory }) {
    for (const { kind, file, range, message } of directory?.problems ?? []) if (kind === 'byte-order-mark') yield { file, range, message };
  },
};
