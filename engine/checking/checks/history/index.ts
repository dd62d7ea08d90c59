// Written from the folder by `npm run registry`.
import type { CheckRoom } from '../check';
import { check as layoutProblem } from './layout-problem';
import { check as migrationFileMissing } from './migration-file-missing';
import { check as migrationHashMismatch } from './migration-hash-mismatch';
import { check as migrationNotReferenced } from './migration-not-referenced';
import { check as migrationOrder } from './migration-order';
import { check as migrationOutOfOrder } from './migration-out-of-order';
import { check as migrationReferencedTwice } from './migration-referenced-twice';
import { check as migrationVersionDuplicate } from './migration-version-duplicate';
import { check as otherDatabase } from './other-database';
import { check as settledMigrationChanged } from './settled-migration-changed';

export const room: CheckRoom<unknown> = {
  group: 'history',
  checks: [
    layoutProblem,
    migrationFileMissing,
    migrationHashMismatch,
    migrationNotReferenced,
    migrationOrder,
    migrationOutOfOrder,
    migrationReferencedTwice,
    migrationVersionDuplicate,
    otherDatabase,
    settledMigrationChanged,
  ],
};
