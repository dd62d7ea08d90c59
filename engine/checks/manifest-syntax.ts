import type { Check } from './check';
import { replaceInManifest } from './support/manifest-places';

export const check: Check = {
  id: 'manifest-syntax',
  hazards: [],
  group: 'manifest',
  severity: 'error',
  summary: 'A part of the manifest cannot be read, so no upgrade can be planned with it.',
  *project({ manifest: document }) {
    for (const { message, remedy, range, replacement } of document?.problems ?? []) {
      yield {
        range,
        message: `${message} ${remedy}`,
        fixes: document && replacement !== undefined ? [replaceInManifest(document, range, replacement)] : [],
      };
    }
  },
};
