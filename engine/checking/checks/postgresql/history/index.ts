// Written from the folder by `npm run registry`.
import type { CheckRoom } from '../../check';
import { check as assumedSchema } from './assumed-schema';
import { check as baselineFails } from './baseline-fails';

export const room: CheckRoom = { group: 'history', checks: [assumedSchema, baselineFails] };
