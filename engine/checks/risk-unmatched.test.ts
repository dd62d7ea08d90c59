import { expect, it } from 'vitest';
import { check } from './risk-unmatched';
import { manifestText } from './testing/manifest-fixture';
import { expectMarkers } from './testing/sql-fixture';

it('reports texts that are not ranges, ranges without a release, and a fixedIn that is not a version', async () => {
  const findings = await expectMarkers(
    {
      'upgrade.yaml': manifestText(`releases:
  - version: 1.0.0
  - version: 1.1.0
risks:
  - name: Sound
    from: 1.0.x
    to: 1.1.x
    message: m
    fixedIn: 1.1.1
  - name: Broken
    from: one
    #     ^^^ risk-unmatched
    to: 4.x
    #   ^^^ risk-unmatched
    message: m
    fixedIn: soon
    #        ^^^^ risk-unmatched
`),
    },
    check,
  );
  expect(findings.map(({ message }) => message)).toEqual([
    'Risk Broken blocks upgrades from every release: "one" is not a version range',
    'Risk Broken has no effect: no release matches "4.x"',
    'Risk Broken is never fixed: "soon" is not a semantic version',
  ]);
});
