import { expect, it } from 'vitest';
import { check } from './feature-removed-early';
import { manifestCheck } from '../testing/manifest-check';

const { findingsIn, placesIn, silentOn } = manifestCheck(check);

it.each<[string, string, string[]]>([
  [
    'a feature with less notice than promised',
    `deprecation: { releases: 2 }
releases:
  - { version: 1.0.0, features: { search: stable } }
  - { version: 1.1.0, features: { search: deprecated } }
  - { version: 2.0.0, features: { search: removed } }
`,
    ['warning 5: removed'],
  ],
  [
    'no feature with as much notice as promised',
    `deprecation: { releases: 2 }
releases:
  - { version: 1.0.0, features: { search: stable } }
  - { version: 1.1.0, features: { search: deprecated } }
  - { version: 1.2.0, features: { search: deprecated } }
  - { version: 2.0.0 }
`,
    [],
  ],
  [
    'a feature before its sunset',
    `releases:
  - { version: 1.0.0, features: { search: stable } }
  - { version: 1.1.0, features: { search: { stage: deprecated, sunset: 2026-07-01 } } }
  - { version: 2.0.0 }
`,
    ['warning 4: 2.0.0'],
  ],
  [
    'no feature after its sunset',
    `releases:
  - { version: 1.0.0, features: { search: stable } }
  - { version: 1.1.0, features: { search: { stage: deprecated, sunset: 2026-06-01 } } }
  - { version: 2.0.0 }
`,
    [],
  ],
  [
    'a feature before the days after its sunset are over',
    `deprecation: { days: 30 }
releases:
  - { version: 1.0.0, features: { search: stable } }
  - { version: 1.1.0, features: { search: { stage: deprecated, sunset: 2026-05-20 } } }
  - { version: 2.0.0 }
`,
    ['warning 5: 2.0.0'],
  ],
  [
    'nothing where the first release has it as deprecated',
    `deprecation: { releases: 3 }
releases:
  - { version: 1.1.0, features: { search: deprecated } }
  - { version: 2.0.0 }
`,
    [],
  ],
])('reports %s', async (_, manifest, expected) => {
  expect(await placesIn(manifest)).toEqual(expected);
});

it('does not judge dates without the current day', async () => {
  const manifest = `releases:
  - { version: 1.1.0, features: { search: { stage: deprecated, sunset: 2099-07-01 } } }
  - { version: 2.0.0 }
`;
  await silentOn(manifest, { today: undefined });
  expect(await findingsIn(manifest)).toHaveLength(1);
});

it('counts the releases of notice', async () => {
  const manifest = `deprecation: { releases: 2 }
releases:
  - { version: 1.0.0, features: { search: stable } }
  - { version: 1.1.0, features: { search: deprecated } }
  - { version: 2.0.0, features: { search: removed } }
`;
  expect(await findingsIn(manifest)).toMatchObject([
    {
      message: '2.0.0 removes search earlier than promised',
      details: expect.stringMatching(/deprecated in one release .*`deprecation\.releases` promises 2/) as string,
      advice: 'Keep search as deprecated in 2.0.0, and remove it in a later release.',
      related: [{ message: '1.1.0 lists it here.' }],
    },
  ]);
});

it('names the day until which the feature is promised', async () => {
  const manifest = `deprecation: { days: 30 }
releases:
  - { version: 1.1.0, features: { search: { stage: deprecated, sunset: 2026-05-20 } } }
  - { version: 2.0.0 }
`;
  expect(await findingsIn(manifest)).toMatchObject([
    {
      message: '2.0.0 removes search earlier than promised',
      details: expect.stringMatching(/2026-05-20 and `deprecation\.days` adds 30 days, and today is 2026-06-01/) as string,
      advice: expect.stringContaining('2026-06-19') as string,
    },
  ]);
});
