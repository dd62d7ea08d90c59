import { expect, it } from 'vitest';
import { check } from './release-version-invalid';
import { manifestText } from '../testing/manifest-fixture';
import { expectMarkers } from '../testing/sql-fixture';

it('reports what is not a semantic version and suggests the intended one', async () => {
  const fixture = {
    'upgrade.yaml': manifestText(`releases:
  - version: 1.0.0
  - version: 1.10
    #        ^^^^ release-version-invalid
  - version: "v2.0.0"
    #        ^^^^^^^^ release-version-invalid
  - version: latest
    #        ^^^^^^ release-version-invalid
`),
  };
  const findings = await expectMarkers(fixture, check);
  expect(findings[0]?.message).toBe('No upgrade leads to this release: 1.10 is not a semantic version');
  expect(findings.map((finding) => finding.fixes[0]?.edits[0]?.newText)).toEqual(['1.10.0', '2.0.0', undefined]);
});

it('finds the place of a release after an unreadable one', async () => {
  await expectMarkers(
    {
      'upgrade.yaml': manifestText(`releases:
  - notes: no version
  - version: two
    #        ^^^ release-version-invalid
`),
    },
    check,
  );
});
