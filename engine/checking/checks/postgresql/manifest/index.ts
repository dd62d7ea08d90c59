// Written from the folder by `npm run registry`.
import type { CheckRoom } from '../../check';
import { check as queryFails } from './query-fails';

export const room: CheckRoom = { group: 'manifest', checks: [queryFails] };
