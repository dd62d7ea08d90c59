// Written from the folder by `npm run registry`.
import type { CheckRoom } from '../../check';
import { check as downFails } from './down-fails';
import { check as downIncomplete } from './down-incomplete';
import { check as downKeepsWrites } from './down-keeps-writes';
import { check as downLosesRows } from './down-loses-rows';
import { check as missingDown } from './missing-down';
import { check as unsafeDown } from './unsafe-down';

export const room: CheckRoom = {
  group: 'rollback',
  checks: [downFails, downIncomplete, downKeepsWrites, downLosesRows, missingDown, unsafeDown],
};
