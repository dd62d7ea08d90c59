// Written from the folder by `npm run registry`.
import type { CheckRoom } from '../check';
import { check as apiBreakingChange } from './api-breaking-change';
import { check as apiRemovedWithoutDeprecation } from './api-removed-without-deprecation';

export const room: CheckRoom<unknown> = { group: 'clients', checks: [apiBreakingChange, apiRemovedWithoutDeprecation] };
