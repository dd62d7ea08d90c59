import { expect, it } from 'vitest';
import { check } from './channel-unknown';
import { manifestCheck } from '../testing/manifest-check';

const { reports, afterFix } = manifestCheck(check);

it('reports channels that the manifest does not list, and fixes a misspelt one', async () => {
  const fixture = `channels: [candidate, stable]
releases:
  - version: 1.0.0
    channels: [candidate, stable]
  - version: 1.1.0
    channels: [stabel, candidate]
    #          ^^^^^^ channel-unknown
`;
  const [finding] = await reports(fixture);
  expect(finding).toMatchObject({
    message: '1.1.0 is not offered in stabel: the manifest does not list this channel',
    details: 'The manifest lists candidate and stable.',
    advice: 'Did you mean stable?',
  });
  await afterFix(fixture);
});

it('reports every channel of a manifest that lists none', async () => {
  const [finding] = await reports(`releases:
  - version: 1.0.0
    channels:
      - beta
      # ^^^^ channel-unknown
`);
  expect(finding).toMatchObject({
    details: 'The manifest lists no channels.',
    advice: 'Correct the name, or add beta to `channels` of the manifest.',
  });
});
