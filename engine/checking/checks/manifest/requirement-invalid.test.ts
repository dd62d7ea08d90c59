import { expect, it } from 'vitest';
import { check } from './requirement-invalid';
import { manifestCheck } from '../testing/manifest-check';

const { findingsIn, reports } = manifestCheck(check);

it('reports what is not a range', async () => {
  const [finding] = await reports(`releases:
  - version: 1.0.0
    requires:
      postgresql: ">=15"
      node: twenty
      #     ^^^^^^ requirement-invalid
    features:
      maps:
        stage: stable
        requires:
          redis: seven
          #      ^^^^^ requirement-invalid
    migrations:
      - id: a
        requires:
          redis: newest
          #      ^^^^^^ requirement-invalid
`);
  expect(finding?.message).toBe('No node version meets the requirement of 1.0.0: "twenty" is not a version range');
});

it('leaves long names out of the headline', async () => {
  const findings = await findingsIn(
    'releases:\n  - version: 1.0.0\n    features: { full-text-search-of-memories: { stage: preview, requires: { postgresql: fifteen and newer } } }\n',
  );
  expect(findings.map(({ message }) => message)).toEqual([
    'No postgresql version meets this requirement: "fifteen and newer" is not a version range',
  ]);
});
