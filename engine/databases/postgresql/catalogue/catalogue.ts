import type { Catalogue } from '../../database';
import { describeDifferences } from './describe-differences';
import { schemaDifferences, schemaDrift } from './differences';
import { dumpedFacts, exactFacts, invalidIndexes } from './cosmetic';
import { readRowRecord } from './row-record';
import { areComparable, captureState, readSchemaState } from './fingerprint';

export const catalogue: Catalogue = {
  readSchema: readSchemaState,
  differences: (expected, actual) =>
    areComparable(expected.fingerprint, actual.fingerprint) ? schemaDifferences(expected, actual) : undefined,
  drift: (expected, actual) => (areComparable(expected.fingerprint, actual.fingerprint) ? schemaDrift(expected, actual) : undefined),
  describe: describeDifferences,
  captureState,
  readRows: readRowRecord,
  areComparable,
  copiedFacts: ({ facts }, exactness) => (exactness === 'exact' ? exactFacts(facts) : dumpedFacts(facts)),
  leftOutOfDump: ({ facts }) => invalidIndexes(facts),
};
