import { postgresql as database } from '../../../databases/postgresql/index';
import type { SqlNode } from '../../../databases/postgresql/sql/statement';
import type { ProductChecks } from '../product-checks';
import { rooms } from './rooms';
import { fitsServer } from './support/fitting-fixes';
import { observedLocks } from './support/observed-locks';

/** The checks of PostgreSQL's migrations. */
export const postgresqlChecks: ProductChecks<SqlNode> = { database, rooms, observedLocks, fitsServer };
