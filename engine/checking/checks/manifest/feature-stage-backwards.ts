import type { Check } from '../check';
import { featureFindings } from '../support/feature-places';
import { replaceInManifest } from '../support/manifest-places';

export const check: Check = {
  id: 'feature-stage-backwards',
  hazards: ['M5'],
  severity: 'warning',
  summary: 'Moves a stable or deprecated feature back to preview.',
  *project(context) {
    yield* featureFindings(context, ['stage-backwards'], ({ suggestion }, range, { document }) => ({
      fixes: suggestion === 'stable' ? [replaceInManifest(document, range, suggestion)] : [],
    }));
  },
};
