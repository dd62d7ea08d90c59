// Written from the folder by `npm run registry`.
import type { CheckRoom } from '../check';
import { check as dataSchemaIncompatible } from './data-schema-incompatible';

export const room: CheckRoom<unknown> = { group: 'data', checks: [dataSchemaIncompatible] };
