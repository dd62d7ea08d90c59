// Written from the folder by `npm run registry`.
import type { CheckRoom } from '../check';
import { room as advice } from '../advice/index';
import { room as clients } from '../clients/index';
import { room as data } from '../data/index';
import { room as history } from '../history/index';
import { room as manifest } from '../manifest/index';
import { room as syntax } from '../syntax/index';

export const rooms: readonly CheckRoom<unknown>[] = [advice, clients, data, history, manifest, syntax];
