import type { Check } from './check';
import { featureFindings } from './support/feature-places';

export const check: Check = {
  id: 'feature-removed-early',
  hazards: ['M7'],
  group: 'manifest',
  severity: 'warning',
  summary: 'A deprecated feature is removed sooner than the manifest promises.',
  *project(context) {
    yield* featureFindings(context, ['removed-early']);
  },
};
