import type { Check } from './check';
import { featureFindings } from './support/feature-places';

export const check: Check = {
  id: 'deprecation-without-replacement',
  hazards: ['M7'],
  group: 'manifest',
  severity: 'hint',
  summary: 'A feature is deprecated, and nobody learns what to use instead.',
  *project(context) {
    yield* featureFindings(context, ['no-replacement']);
  },
};
