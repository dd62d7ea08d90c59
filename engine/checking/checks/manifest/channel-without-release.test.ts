import { expect, it } from 'vitest';
import { check } from './channel-without-release';
import { manifestCheck, manifestText } from '../testing/manifest-check';

const { reports, silentOn } = manifestCheck(check);

it('reports a channel that no release names', async () => {
  const [finding] = await reports(`channels:
  - candidate
  - stable
  # ^^^^^^ channel-without-release
releases:
  - version: 1.0.0
    channels: [candidate]
`);
  expect(finding).toMatchObject({
    message: 'The channel stable offers no release',
    details: 'No release names stable or a more stable channel.',
    advice: 'Offer a release in stable, or remove the channel.',
  });
});

it('reports a channel whose newest release cannot be reached within the channel', async () => {
  const text = (from: string) =>
    manifestText(`channels:
  - candidate
  - stable
  ${from === '' ? '# ^^^^^^ channel-without-release' : ''}
releases:
  - version: 1.0.0
  - version: 1.1.0
    channels: [candidate]
  - version: 1.2.0
${from}    channels: [stable]
`);
  const [finding] = await reports({ 'upgrade.yaml': text('') });
  expect(finding).toMatchObject({
    message: 'Installations on 1.0.0 in the channel stable cannot reach 1.2.0',
    details: 'Every upgrade path to 1.2.0 includes a release that stable does not offer.',
    advice: 'Include 1.0.0 in the `from` of a release in stable.',
    related: [{ message: '1.0.0 is offered in stable.' }, { message: 'stable does not offer this release.' }],
  });
  await silentOn({ 'upgrade.yaml': text('    from: ^1.0.0\n') });
});

it('reports a channel of only yanked releases, unless it is the most stable one', async () => {
  const [finding] = await reports(`channels:
  - candidate
  # ^^^^^^^^^ channel-without-release
  - stable
  # ^^^^^^ channel-without-release
releases:
  - { version: 1.1.0, channels: [candidate], yanked: bad }
`);
  expect(finding?.message).toBe('The channel candidate offers only yanked releases');
  await silentOn('channels: [stable]\nreleases: [{ version: 1.0.0, yanked: bad }]\n');
});
