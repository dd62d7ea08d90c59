import { expect, it } from 'vitest';
import { check } from './channel-unknown';
import { manifestText } from '../testing/manifest-fixture';
import { applyFix, expectMarkers, findingsIn } from '../testing/sql-fixture';

it('reports channels that the manifest does not list, and fixes a misspelt one', async () => {
  const fixture = {
    'upgrade.yaml': manifestText(`channels: [candidate, stable]
releases:
  - version: 1.0.0
    channels: [candidate, stable]
  - version: 1.1.0
    channels: [stabel, candidate]
    #          ^^^^^^ channel-unknown
`),
  };
  const [finding] = await expectMarkers(fixture, check);
  expect(finding).toMatchObject({
    message: '1.1.0 is not offered in stabel: the manifest does not list this channel',
    details: 'The manifest lists candidate and stable.',
    advice: 'Did you mean stable?',
  });
  expect(await findingsIn(applyFix(fixture, finding?.fixes[0]), [check])).toEqual([]);
});

it('reports every channel of a manifest that lists none', async () => {
  const [finding] = await expectMarkers(
    {
      'upgrade.yaml': manifestText(`releases:
  - version: 1.0.0
    channels:
      - beta
      # ^^^^ channel-unknown
`),
    },
    check,
  );
  expect(finding).toMatchObject({
    details: 'The manifest lists no channels.',
    advice: 'Correct the name, or add beta to `channels` of the manifest.',
  });
});
