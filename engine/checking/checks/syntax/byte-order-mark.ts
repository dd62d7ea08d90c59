import type { Check } from '../check';

export const check: Check = {
  id: 'byte-order-mark',
  hazards: ['M12'],
  severity: 'error',
  summary: 'Starts with a byte order mark, which the migration tool does not skip.',
  *project({ directory }) {
    for (const { kind, file, range, message } of directory?.problems ?? []) {
      if (kind !== 'byte-order-mark') continue;
      yield { file, range, message, advice: 'Save the file as UTF-8 without a byte order mark.' };
    }
  },
};
