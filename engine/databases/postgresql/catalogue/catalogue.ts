import type { Catalogue } from '../../database';
import { describeDifferences } from './describe-differences';
import { schemaDifferences } from './differences';
import { areComparable, readSchemaState } from './fingerprint';

export const catalogue: Catalogue = {
  readSchema: readSchemaState,
  differences: (expected, actual) =>
    areComparable(expected.fingerprint, actual.fingerprint) ? schemaDifferences(expected, actual) : undefined,
  describe: describeDifferences,
};
