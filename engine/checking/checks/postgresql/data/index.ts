// Written from the folder by `npm run registry`.
import type { CheckRoom } from '../../check';
import { check as cascadeDrops } from './cascade-drops';
import { check as defaultNotApplied } from './default-not-applied';
import { check as dropColumnTakesAlong } from './drop-column-takes-along';
import { check as enumChange } from './enum-change';
import { check as failsOnSomeRows } from './fails-on-some-rows';
import { check as replicaIdentity } from './replica-identity';
import { check as sequenceNotAdvanced } from './sequence-not-advanced';
import { check as truncate } from './truncate';
import { check as typeNarrowing } from './type-narrowing';
import { check as unboundedWrite } from './unbounded-write';

export const room: CheckRoom = {
  group: 'data',
  checks: [
    cascadeDrops,
    defaultNotApplied,
    dropColumnTakesAlong,
    enumChange,
    failsOnSomeRows,
    replicaIdentity,
    sequenceNotAdvanced,
    truncate,
    typeNarrowing,
    unboundedWrite,
  ],
};
