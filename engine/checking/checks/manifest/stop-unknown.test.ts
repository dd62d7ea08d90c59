import { expect, it } from 'vitest';
import { check } from './stop-unknown';
import { manifestCheck } from '../testing/manifest-check';

const { findingsIn, reports, afterFix } = manifestCheck(check);

it('reports a stop that is not a release', async () => {
  const manifest = `releases:
  - version: 1.0.0
  - version: 2.0.0
stops:
  - 1.0.0
  - 2.0.1
  # ^^^^^ stop-unknown
`;
  const [finding] = await reports(manifest);
  expect(finding?.message).toBe('Upgrades do not stop here: 2.0.1 is not a release of the manifest');
  await afterFix(manifest);
});

it('does not suggest a release of another major number', async () => {
  const fixture = 'releases:\n  - version: 1.0.0\n  - version: 1.1.0\nstops:\n  - 2.0.0\n';
  const [finding] = await findingsIn(fixture);
  expect(finding).toMatchObject({ advice: 'Use the version of a listed release.', fixes: [] });
});
