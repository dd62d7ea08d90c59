// Written from the folder by `npm run registry`.
import type { CheckRoom } from '../../check';
import { check as needsPsql } from './needs-psql';

export const room: CheckRoom = { group: 'syntax', checks: [needsPsql] };
