// Written from the folder by `npm run registry`.
import type { CheckRoom } from '../check';
import { room as advice } from './advice/index';
import { room as clients } from './clients/index';
import { room as data } from './data/index';
import { room as execution } from './execution/index';
import { room as history } from './history/index';
import { room as locks } from './locks/index';
import { room as manifest } from './manifest/index';
import { room as rollback } from './rollback/index';
import { room as syntax } from './syntax/index';

export const rooms: readonly CheckRoom[] = [advice, clients, data, execution, history, locks, manifest, rollback, syntax];
