import type { Check } from './check';
import { featureFindings } from './support/feature-places';

export const check: Check = {
  id: 'feature-removed-without-deprecation',
  hazards: ['M5', 'M7'],
  group: 'manifest',
  severity: 'error',
  summary: 'A feature is gone that no release before had marked as deprecated.',
  *project(context) {
    yield* featureFindings(context, ['removed']);
  },
};
