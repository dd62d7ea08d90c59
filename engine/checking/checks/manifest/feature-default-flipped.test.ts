import { expect, it } from 'vitest';
import { check } from './feature-default-flipped';
import { manifestCheck } from '../testing/manifest-check';

const { findingsIn, placesIn, afterFix } = manifestCheck(check);

it.each<[string, string, string[]]>([
  [
    'a feature that a minor version turns off',
    `releases:
  - { version: 1.0.0, features: { search: stable } }
  - { version: 1.1.0, features: { search: { stage: stable, default: false } } }
`,
    ['warning 3: false'],
  ],
  [
    'a deprecated one as well',
    `releases:
  - { version: 1.0.0, features: { search: stable } }
  - { version: 1.0.1, features: { search: { stage: deprecated, default: false } } }
`,
    ['warning 3: false'],
  ],
  [
    'nothing in a new major version',
    `releases:
  - { version: 1.0.0, features: { search: stable } }
  - { version: 2.0.0, features: { search: { stage: stable, default: false } } }
`,
    [],
  ],
  [
    'nothing before 1.0.0 in a new minor version',
    `releases:
  - { version: 0.1.0, features: { search: stable } }
  - { version: 0.2.0, features: { search: { stage: stable, default: false } } }
`,
    [],
  ],
  [
    'no preview, and nothing that is turned on',
    `releases:
  - { version: 1.0.0, features: { search: { stage: preview, default: true }, maps: preview } }
  - { version: 1.1.0, features: { search: preview, maps: stable } }
`,
    [],
  ],
])('reports %s', async (_, manifest, expected) => {
  expect(await placesIn(manifest)).toEqual(expected);
});

it('offers to leave it on', async () => {
  const manifest = `releases:
  - { version: 1.0.0, features: { search: stable } }
  - { version: 1.1.0, features: { search: { stage: stable, default: false } } }
`;
  await afterFix(manifest);
});

it('names the release that turns it off and the release that has it on', async () => {
  const manifest = `releases:
  - { version: 1.0.0, features: { search: stable } }
  - { version: 1.1.0, features: { search: { stage: stable, default: false } } }
`;
  expect(await findingsIn(manifest)).toMatchObject([
    {
      message: '1.1.0 turns search off by default without a major version bump',
      details: expect.stringContaining('1.0.0') as string,
      advice: expect.stringContaining('turn it off in a new major version') as string,
      related: [{ message: '1.0.0 lists it here.' }],
    },
  ]);
});
