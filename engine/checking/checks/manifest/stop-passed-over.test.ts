import { expect, it } from 'vitest';
import { check } from './stop-passed-over';
import { applyFix } from '../testing/sql-fixture';
import { manifestCheck, manifestText } from '../testing/manifest-check';

const { findingsIn, reports, silentOn } = manifestCheck(check);

it('reports a range over a required stop, and narrows it if the same upgrades remain', async () => {
  const manifest = `stops: [1.1.0]
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
`;
  const files = { 'upgrade.yaml': manifestText(manifest) };
  const findings = await reports(files);
  expect(findings[0]?.message).toBe('1.2.0 accepts direct upgrades from 1.0.0, but 1.1.0 is a required stop');
  expect(findings[0]?.related[0]?.message).toBe('The required stop.');
  expect(findings[1]?.fixes).toEqual([]);
  const fixed = applyFix(files, findings[0]?.fixes[0]);
  expect(fixed['upgrade.yaml']).toContain('from: ">=1.1.0 <1.2.0"');
  expect(await findingsIn(fixed)).toHaveLength(1);
});

it('accepts ranges that start at the stop, and leaves unreachable releases to their check', () =>
  silentOn(`stops: [1.1.0]
releases:
  - { version: 1.0.0 }
  - { version: 1.0.1 }
  - { version: 1.1.0, from: ^1.0.0 }
  - { version: 1.2.0, from: 1.0.x }
`));
