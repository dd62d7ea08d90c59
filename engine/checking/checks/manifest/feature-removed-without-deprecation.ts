import type { Check } from '../check';
import { featureFindings } from '../support/feature-places';

export const check: Check = {
  id: 'feature-removed-without-deprecation',
  hazards: ['M5', 'M7'],
  severity: 'error',
  summary: 'Removes a feature that no earlier release marked as deprecated.',
  *project(context) {
    yield* featureFindings(context, ['removed']);
  },
};
