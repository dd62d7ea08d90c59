import { expect, it } from 'vitest';
import { check } from './release-version-invalid';
import { manifestCheck } from '../testing/manifest-check';

const { reports } = manifestCheck(check);

it('reports what is not a semantic version and suggests the intended one', async () => {
  const fixture = `releases:
  - version: 1.0.0
  - version: 1.10
    #        ^^^^ release-version-invalid
  - version: "v2.0.0"
    #        ^^^^^^^^ release-version-invalid
  - version: latest
    #        ^^^^^^ release-version-invalid
`;
  const findings = await reports(fixture);
  expect(findings[0]?.message).toBe('No upgrade leads to this release: 1.10 is not a semantic version');
  expect(findings.map((finding) => finding.fixes[0]?.edits[0]?.newText)).toEqual(['1.10.0', '2.0.0', undefined]);
});

it('finds the place of a release after an unreadable one', () =>
  reports(`releases:
  - notes: no version
  - version: two
    #        ^^^ release-version-invalid
`));
