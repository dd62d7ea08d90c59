// Written from the folder by `npm run registry`.
import type { CheckRoom } from '../../check';
import { check as breaksRunningRelease } from './breaks-running-release';
import { check as cachedPlanChanges } from './cached-plan-changes';
import { check as defaultRemoved } from './default-removed';
import { check as dropColumn } from './drop-column';
import { check as dropNotNull } from './drop-not-null';
import { check as dropTable } from './drop-table';
import { check as rename } from './rename';
import { check as setSchema } from './set-schema';
import { check as tightenedColumn } from './tightened-column';

export const room: CheckRoom = {
  group: 'clients',
  checks: [breaksRunningRelease, cachedPlanChanges, defaultRemoved, dropColumn, dropNotNull, dropTable, rename, setSchema, tightenedColumn],
};
