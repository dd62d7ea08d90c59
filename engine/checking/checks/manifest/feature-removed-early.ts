import type { Check } from '../check';
import { featureFindings } from '../support/feature-places';

export const check: Check = {
  id: 'feature-removed-early',
  hazards: ['M7'],
  severity: 'warning',
  summary: 'Removes a deprecated feature earlier than the manifest promises.',
  *project(context) {
    yield* featureFindings(context, ['removed-early']);
  },
};
