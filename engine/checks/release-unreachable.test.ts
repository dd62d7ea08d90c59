import { expect, it } from 'vitest';
import { check } from './release-unreachable';
import { manifestText } from './testing/manifest-fixture';
import { expectMarkers } from './testing/sql-fixture';

it('reports a release that may only come from later ones or from before a stop', async () => {
  const findings = await expectMarkers(
    {
      'upgrade.yaml': manifestText(`releases:
  - version: 1.0.0
  - version: 1.1.0
    from: ^2.0.0
    #     ^^^^^^ release-unreachable
  - version: 2.0.0
  - version: 2.1.0
    from: ^1.0.0
    #     ^^^^^^ release-unreachable
  - version: 2.2.0
    from: ">=1.0.0"
stops: [2.0.0]
`),
    },
    check,
  );
  expect(findings[1]?.message).toMatch(/lie before required stop 2\.0\.0$/);
  expect(findings[1]?.related).toHaveLength(1);
});
