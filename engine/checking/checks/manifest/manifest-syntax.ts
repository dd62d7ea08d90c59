import type { Check } from '../check';
import { replaceInManifest } from '../support/manifest-places';
import { problemTexts } from '../support/problem-texts';

export const check: Check = {
  id: 'manifest-syntax',
  hazards: [],
  severity: 'error',
  summary: 'Contains a part that cannot be read, so no upgrade can be planned.',
  *project({ manifest: document }) {
    for (const { message, remedy, range, replacement } of document?.problems ?? []) {
      yield {
        range,
        ...problemTexts(message),
        advice: remedy,
        fixes: document && replacement !== undefined ? [replaceInManifest(document, range, replacement)] : [],
      };
    }
  },
};
