import { expect, it } from 'vitest';
import { check } from './stop-passed-over';
import { manifestText } from '../testing/manifest-fixture';
import { applyFix, expectMarkers, findingsIn } from '../testing/sql-fixture';

it('reports a range over a required stop, and narrows it if the same upgrades remain', async () => {
  const fixture = {
    'upgrade.yaml': manifestText(`stops: [1.1.0]
releases:
  - version: 1.0.0
  - version: 1.1.0
  - version: 1.2.0
    from: ">=1.0.0 <1.2.0"
    #     ^^^^^^^^^^^^^^^^ stop-passed-over
  - version: 1.3.0
    from: "1.0.0 || 1.2.0"
    #     ^^^^^^^^^^^^^^^^ stop-passed-over
  - version: 1.4.0
    from: ">=1.1.0 <1.4.0"
`),
  };
  const findings = await expectMarkers(fixture, check);
  expect(findings[0]?.message).toBe('1.2.0 accepts direct upgrades from 1.0.0, but 1.1.0 is a required stop');
  expect(findings[0]?.related[0]?.message).toBe('The required stop.');
  expect(findings[1]?.fixes).toEqual([]);
  const fixed = applyFix(fixture, findings[0]?.fixes[0]);
  expect(fixed['upgrade.yaml']).toContain('from: ">=1.1.0 <1.2.0"');
  expect(await findingsIn(fixed, [check])).toHaveLength(1);
});

it('accepts ranges that start at the stop, and leaves unreachable releases to their check', async () => {
  await expectMarkers(
    {
      'upgrade.yaml': manifestText(`stops: [1.1.0]
releases:
  - { version: 1.0.0 }
  - { version: 1.0.1 }
  - { version: 1.1.0, from: ^1.0.0 }
  - { version: 1.2.0, from: 1.0.x }
`),
    },
    check,
  );
});
