import { expect, it } from 'vitest';
import { check } from './release-version-order';
import { manifestCheck } from '../testing/manifest-check';

const { reports } = manifestCheck(check);

it('reports a release that is listed after a higher version', async () => {
  const [finding] = await reports(`releases:
  - version: 1.0.0
  - version: 2.0.0
  - version: 1.5.0
    #        ^^^^^ release-version-order
  - version: 3.0.0-rc.1
  - version: 3.0.0
`);
  expect(finding?.message).toBe('Migrations of 1.5.0 run after those of 2.0.0, which is listed first');
  expect(finding?.related[0]?.message).toBe('Lists 2.0.0 first.');
});
