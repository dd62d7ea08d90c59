import { expect, it } from 'vitest';
import { check } from './yanked-release-offered';
import { manifestCheck, manifestText } from '../testing/manifest-check';

const { findingsIn, reports, silentOn } = manifestCheck(check);

it.each([
  [
    'is the newest release',
    `releases:
  - version: 1.0.0
  - version: 1.1.0
    yanked: It loses rows
    #       ^^^^^^^^^^^^^ yanked-release-offered
`,
    'Installations on 1.1.0 have no upgrade path: the newest release is yanked',
  ],
  [
    'is a required stop',
    `stops: [1.1.0]
releases:
  - version: 1.0.0
  - version: 1.1.0
    yanked: It loses rows
    #       ^^^^^^^^^^^^^ yanked-release-offered
  - version: 1.2.0
    from: "*"
`,
    'No upgrade passes 1.1.0: it is a required stop, but yanked',
  ],
  [
    'is on the only upgrade path',
    `releases:
  - version: 1.0.0
  - version: 1.1.0
    yanked: It loses rows
    #       ^^^^^^^^^^^^^ yanked-release-offered
  - version: 1.2.0
`,
    'Installations on 1.0.0 cannot upgrade: the only path leads through yanked 1.1.0',
  ],
  [
    'is the only release of the most stable channel',
    `channels: [candidate, stable]
releases:
  - version: 1.0.0
    channels: [stable]
    yanked: It loses rows
    #       ^^^^^^^^^^^^^ yanked-release-offered
  - version: 1.1.0
    channels: [candidate]
`,
    'Channel stable offers no release: its only release 1.0.0 is yanked',
  ],
])('reports a yanked release that %s', async (_, text, message) => {
  const [finding] = await reports(text);
  expect(finding?.message).toBe(message);
});

it('accepts a yanked release that other upgrades skip and that has a successor', () =>
  silentOn(`releases:
  - version: 1.0.0
  - { version: 1.1.0, yanked: It loses rows }
  - { version: 1.1.1, from: ^1.0.0 }
`));

it('leaves releases that are stranded for another reason to release-stranded', async () => {
  const text = manifestText(`releases:
  - version: 1.0.0
  - { version: 1.1.0, yanked: It loses rows }
  - { version: 1.1.1, from: "1.1.0 || 1.1.1" }
  - { version: 1.2.0, from: "1.1.0" }
`);
  const ids = (await findingsIn({ 'upgrade.yaml': text })).map(({ message }) => message);
  expect(ids).toEqual([expect.stringContaining('Installations on 1.0.0 cannot upgrade')]);
});
