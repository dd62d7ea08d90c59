import type { Check } from '../check';
import { featureFindings } from '../support/feature-places';

export const check: Check = {
  id: 'deprecation-without-replacement',
  hazards: ['M7'],
  severity: 'hint',
  summary: 'Deprecates a feature without naming a replacement.',
  *project(context) {
    yield* featureFindings(context, ['no-replacement']);
  },
};
