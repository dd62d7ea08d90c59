import { expect, it } from 'vitest';
import { check } from './release-from-unmatched';
import { manifestCheck } from '../testing/manifest-check';

const { findingsIn, reports } = manifestCheck(check);

it('reports a from that is not a range or matches no release', async () => {
  const findings = await reports(`releases:
  - version: 1.0.0
    from: <1.0.0
  - version: 1.1.0
    from: ">=1.0.0 <1.1.0"
  - version: 2.0.0
    from: ^1.5.0
    #     ^^^^^^ release-from-unmatched
  - version: 2.1.0
    from: 2.1.x
    #     ^^^^^ release-from-unmatched
  - version: 3.0.0
    from: "from 2.0"
    #     ^^^^^^^^^^ release-from-unmatched
`);
  expect(findings[0]?.message).toBe('No upgrade leads to 2.0.0: no release matches "^1.5.0"');
  expect(findings[2]?.message).toBe('No upgrade leads to 3.0.0: "from 2.0" is not a version range');
});

it('leaves a long range out of the headline', async () => {
  const findings = await findingsIn(
    'releases:\n  - { version: 1.0.0 }\n  - { version: 2.0.0, from: ">=1.1.0 <1.2.0 || >=1.3.0 <1.4.0 || >=1.5.0 <1.6.0" }\n',
  );
  expect(findings.map(({ message }) => message)).toEqual(['No upgrade leads to 2.0.0: no release matches `from`']);
});
