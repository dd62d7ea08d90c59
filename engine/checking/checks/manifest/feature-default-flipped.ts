import type { Check } from '../check';
import { featureFindings } from '../support/feature-places';
import { releasePath, replaceInManifest } from '../support/manifest-places';

export const check: Check = {
  id: 'feature-default-flipped',
  hazards: ['M5'],
  severity: 'warning',
  summary: 'Turns a feature off by default without a major version bump.',
  *project(context) {
    yield* featureFindings(context, ['default-flipped'], ({ index, feature }, _, { document }) => {
      const range = document.rangeOf(releasePath(document, index, 'features', feature, 'default'));
      return { range, fixes: [replaceInManifest(document, range, 'true')] };
    });
  },
};
