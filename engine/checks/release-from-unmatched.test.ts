import { expect, it } from 'vitest';
import { check } from './release-from-unmatched';
import { manifestText } from './testing/manifest-fixture';
import { expectMarkers } from './testing/sql-fixture';

it('reports ranges that are none and ranges without a release', async () => {
  const findings = await expectMarkers(
    {
      'upgrade.yaml': manifestText(`releases:
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
`),
    },
    check,
  );
  expect(findings[2]?.message).toMatch(/^No upgrade leads to \S+: ".*" is not a version range$/);
});
