import { expect, it } from 'vitest';
import { check } from './release-stranded';
import { manifestCheck } from '../testing/manifest-check';

const { reports, silentOn } = manifestCheck(check);

it('reports a release without an upgrade path to the newest one', async () => {
  const [finding] = await reports(`releases:
  - version: 1.0.0
  - version: 1.1.0
    #        ^^^^^ release-stranded
  - version: 1.2.0
    from: 1.0.0
`);
  expect(finding).toMatchObject({
    message: 'Installations on 1.1.0 cannot reach 1.2.0: there is no upgrade path',
    advice: 'Include 1.1.0 in the `from` of a later release.',
  });
});

it('leaves it to the release that cannot be reached', () =>
  silentOn('releases:\n  - version: 1.0.0\n  - version: 1.1.0\n    from: ^9.0.0\n'));
