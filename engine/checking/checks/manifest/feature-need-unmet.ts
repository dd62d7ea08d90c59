import type { Check } from '../check';
import { featureFindings } from '../support/feature-places';
import { replaceInManifest } from '../support/manifest-places';

export const check: Check = {
  id: 'feature-need-unmet',
  hazards: ['M5'],
  severity: 'error',
  summary: 'Offers a feature without another feature that it needs.',
  *project(context) {
    yield* featureFindings(
      context,
      ['need-unmet', 'need-in-preview'],
      ({ kind, suggestion, feature, index }, range, { document, manifest }) => {
        const release = manifest.releases[index];
        const isThere = suggestion !== undefined && suggestion !== feature && release?.features[suggestion] !== undefined;
        return {
          severity: kind === 'need-in-preview' ? 'warning' : undefined,
          fixes: isThere ? [replaceInManifest(document, range, suggestion)] : [],
        };
      },
    );
  },
};
