import { expect, it } from 'vitest';
import { check } from './release-version-duplicate';
import { manifestCheck } from '../testing/manifest-check';

const { reports } = manifestCheck(check);

it('reports the second release of a version, also when only build metadata differs', async () => {
  const [finding] = await reports(`releases:
  - version: 1.0.0
  - version: 1.0.0
    #        ^^^^^ release-version-duplicate
  - version: 1.0.0+linux
    #        ^^^^^^^^^^^ release-version-duplicate
  - version: 1.0.1
`);
  expect(finding?.message).toBe('Migrations of this release never run: 1.0.0 is already listed above');
  expect(finding?.related).toHaveLength(1);
});
