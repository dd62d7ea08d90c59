import { expect, it } from 'vitest';
import { check } from './stop-unknown';
import { applyFix, manifestText } from '../testing/manifest-fixture';
import { expectMarkers, findingsIn } from '../testing/sql-fixture';

it('reports a stop that is not a release', async () => {
  const fixture = {
    'upgrade.yaml': manifestText(`releases:
  - version: 1.0.0
  - version: 2.0.0
stops:
  - 1.0.0
  - 2.0.1
  # ^^^^^ stop-unknown
`),
  };
  const [finding] = await expectMarkers(fixture, check);
  expect(finding?.message).toBe('Upgrades do not stop here: 2.0.1 is not a release of the manifest');
  expect(await findingsIn(applyFix(fixture, finding!.fixes[0]!.edits), [check])).toEqual([]);
});

it('does not suggest a release of another major number', async () => {
  const fixture = { 'upgrade.yaml': manifestText('releases:\n  - version: 1.0.0\n  - version: 1.1.0\nstops:\n  - 2.0.0\n') };
  const [finding] = await findingsIn(fixture, [check]);
  expect(finding).toMatchObject({ advice: 'Use the version of a listed release.', fixes: [] });
});
